import { addTo } from "../base/group-by.ts";

/** Ids with parents before children, stable in the order given; or the ids of one cycle, each a parent of the next, first repeated last. */
export type Order = { readonly order: readonly string[] } | { readonly cycle: readonly string[] };

/** Depth first without recursion, so that a chain of ten thousand models does not end on the stack. */
export function topologicalOrder(parents: ReadonlyMap<string, readonly string[]>): Order {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  for (const root of parents.keys()) {
    if (state.has(root)) continue;
    const trail: { id: string; next: number }[] = [{ id: root, next: 0 }];
    state.set(root, "open");
    while (trail.length > 0) {
      const top = trail.at(-1)!;
      const parent = parents.get(top.id)?.[top.next++];
      if (parent === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        trail.pop();
      } else if (!state.has(parent)) {
        state.set(parent, "open");
        trail.push({ id: parent, next: 0 });
      } else if (state.get(parent) === "open") {
        // The trail runs from child to parent; a person reads a cycle from parent to child.
        const from = trail.findIndex(({ id }) => id === parent);
        const loop = trail
          .slice(from)
          .map(({ id }) => id)
          .toReversed();
        return { cycle: [parent, ...loop] };
      }
    }
  }
  return { order };
}

/** Turns a map of parents round: every id that is anywhere in it is a key. */
export function childrenOf(parents: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const id of parents.keys()) children.set(id, []);
  for (const [id, above] of parents) {
    for (const parent of above) {
      addTo(children, parent, id);
    }
  }
  return children;
}
