/**
 * Nodes by their numbers, from 0: those that `i` waits for are `parents[starts[i]]` up to before `starts[i + 1]`. Two flat arrays, as a
 * list and an entry of a map for each of ten thousand nodes are most of what putting them in order would take.
 */
export type Links = { readonly starts: Int32Array; readonly parents: Int32Array };

/** In the place of a parent: none. */
const CUT = -1;

/** By number, parents before children, stable in the order given; or one cycle, each a parent of the next, the first repeated last. */
export type Order = { readonly order: Int32Array } | { readonly cycle: readonly number[] };

/** What is between nodes that are known by id, whose `numbers` are filled in; parents that are none of them do not count. */
export function linksOf<Node extends { readonly uniqueId: string }>(
  nodes: readonly Node[],
  parentsOf: (node: Node) => readonly string[],
  numbers = new Map<string, number>(),
): Links {
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    numbers.set(nodes[i]!.uniqueId, i);
    count += parentsOf(nodes[i]!).length;
  }
  const starts = new Int32Array(nodes.length + 1);
  const parents = new Int32Array(count);
  let end = 0;
  for (let i = 0; i < nodes.length; i++) {
    const ids = parentsOf(nodes[i]!);
    for (let k = 0; k < ids.length; k++) {
      const parent = numbers.get(ids[k]!);
      if (parent !== undefined) parents[end++] = parent;
    }
    starts[i + 1] = end;
  }
  return { starts, parents: parents.subarray(0, end) };
}

/** Takes a parent away from a node. */
export function cut({ starts, parents }: Links, node: number, parent: number): void {
  for (let at = starts[node]!; at < starts[node + 1]!; at++) if (parents[at] === parent) parents[at] = CUT;
}

/** Depth first without recursion, so that a chain of ten thousand models does not end on the stack. */
export function topologicalOrder({ starts, parents }: Links): Order {
  const count = starts.length - 1;
  const order = new Int32Array(count);
  let done = 0;
  /** Of a node that was met, where its next parent is; 0: it was not met, as all are one more. */
  const next = new Int32Array(count);
  const isDone = new Uint8Array(count);
  const trail = new Int32Array(count);
  for (let root = 0; root < count; root++) {
    if (next[root] !== 0) continue;
    let depth = 0;
    trail[0] = root;
    next[root] = starts[root]! + 1;
    while (depth >= 0) {
      const top = trail[depth]!;
      const at = next[top]! - 1;
      if (at === starts[top + 1]) {
        isDone[top] = 1;
        order[done++] = top;
        depth--;
        continue;
      }
      next[top] = at + 2;
      const parent = parents[at]!;
      if (parent === CUT) continue;
      if (next[parent] === 0) {
        trail[++depth] = parent;
        next[parent] = starts[parent]! + 1;
      } else if (isDone[parent] === 0) {
        // The trail runs from child to parent; a person reads a cycle from parent to child.
        const loop = trail.subarray(trail.indexOf(parent), depth + 1);
        return { cycle: [parent, ...loop.toReversed()] };
      }
    }
  }
  return { order };
}

/** Of the many that have none. */
const nobody: readonly string[] = [];

/** Turns a map of parents round: every id that is anywhere in it is a key. */
export function childrenOf(
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, readonly string[]>();
  for (const id of parents.keys()) children.set(id, nobody);
  // Of an entry that a loop is given, an array is made.
  parents.forEach((above, id) => {
    for (let i = 0; i < above.length; i++) {
      const known = children.get(above[i]!) ?? nobody;
      if (known === nobody) children.set(above[i]!, [id]);
      else (known as string[]).push(id);
    }
  });
  return children;
}
