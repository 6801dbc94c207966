export type Task = { readonly id: string; readonly parents: readonly string[] };

/** A graph in numbers; tasks are numbered in the order in which they start when all are ready. */
export type TaskGraph = {
  readonly ids: readonly string[];
  readonly children: readonly (readonly number[])[];
  /** How many parents each still waits for at the start. */
  readonly waiting: Int32Array;
};

/**
 * Numbers tasks by how long the chain below them is, longest first, then by name: what holds up most starts first,
 * and two runs start alike. Parents that are no task of this run are taken as done.
 * @throws Error for a cycle or an id that is there twice; graphs that come here have neither
 */
export function prioritize(tasks: readonly Task[]): TaskGraph {
  const known = new Set(tasks.map(({ id }) => id));
  if (known.size !== tasks.length) throw new Error("a task is listed twice");
  const parents = new Map(
    tasks.map(({ id, parents }) => [id, new Set(parents.filter((each) => known.has(each)))]),
  );
  const heights = measureHeights(tasks, parents);
  const ids = tasks
    .map(({ id }) => id)
    .toSorted((a, b) => heights.get(b)! - heights.get(a)! || (a < b ? -1 : 1));
  const number = new Map(ids.map((id, i) => [id, i]));
  const children: number[][] = ids.map(() => []);
  for (const [i, id] of ids.entries()) {
    for (const parent of parents.get(id)!) children[number.get(parent)!]!.push(i);
  }
  return { ids, children, waiting: Int32Array.from(ids, (id) => parents.get(id)!.size) };
}

/** Nodes on the longest way down from each task, itself included; taken off from the leaves upwards. */
function measureHeights(
  tasks: readonly Task[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, number> {
  const open = new Map(tasks.map(({ id }) => [id, 0]));
  for (const above of parents.values()) for (const id of above) open.set(id, open.get(id)! + 1);
  const heights = new Map(tasks.map(({ id }) => [id, 1]));
  const ready = tasks.map(({ id }) => id).filter((id) => open.get(id) === 0);
  for (const id of ready) {
    for (const parent of parents.get(id)!) {
      heights.set(parent, Math.max(heights.get(parent)!, heights.get(id)! + 1));
      const left = open.get(parent)! - 1;
      open.set(parent, left);
      // The list grows while it is walked.
      if (left === 0) ready.push(parent);
    }
  }
  if (ready.length < tasks.length) throw new Error("the tasks form a cycle");
  return heights;
}
