type Neighbours = ReadonlyMap<string, readonly string[]>;

/**
 * Everything that can be reached from `starts` along `next` in at most `depth` steps (null: however many).
 * The starts themselves are not part of it unless one reaches another.
 */
export function reach(next: Neighbours, starts: Iterable<string>, depth: number | null = null): Set<string> {
  const found = new Set<string>();
  let edge = [...starts];
  for (let step = 0; edge.length > 0 && (depth === null || step < depth); step++) {
    const beyond: string[] = [];
    for (const id of edge) {
      for (const neighbour of next.get(id) ?? []) {
        if (found.has(neighbour)) continue;
        found.add(neighbour);
        beyond.push(neighbour);
      }
    }
    edge = beyond;
  }
  return found;
}
