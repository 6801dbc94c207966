import type { PathProblem } from "./locate.ts";

/**
 * Turns `child: {parent: [codes]}` round: code → parent. A code under two parents keeps the first; children that are not
 * among the categories (a filtered table) are left out. Circles are refused.
 */
export function readParents(
  child: Readonly<Record<string, readonly string[]>>,
  codes: ReadonlySet<string>,
  path: readonly string[],
  problems: PathProblem[],
): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const circle = findCircle(new Map(Object.entries(child)));
  if (circle !== undefined) {
    problems.push({
      code: "CHILD_CYCLE",
      path: [...path, "child", circle[0]!],
      message: `categories of ${path.at(-2)} are their own descendants: ${circle.map((code) => `"${code}"`).join(" → ")}`,
    });
  }
  for (const [parent, children] of Object.entries(child)) {
    for (const code of children)
      if (codes.has(code) && codes.has(parent) && !parents.has(code)) parents.set(code, parent);
  }
  return parents;
}

/** Walks depth first without recursion: hierarchies may be as deep as they like. */
function findCircle(children: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const root of children.keys()) {
    const trail: string[] = [root];
    const onTrail = new Set(trail);
    const next: number[] = [0];
    while (trail.length > 0) {
      const code = trail.at(-1)!;
      const child = done.has(code) ? undefined : children.get(code)?.[next[next.length - 1]!++];
      if (child === undefined) {
        done.add(code);
        onTrail.delete(code);
        trail.pop();
        next.pop();
      } else if (onTrail.has(child)) {
        return [...trail.slice(trail.indexOf(child)), child].slice(0, 10);
      } else {
        trail.push(child);
        onTrail.add(child);
        next.push(0);
      }
    }
  }
  return undefined;
}
