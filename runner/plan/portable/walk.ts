import { isTree } from "../../graph/columns/tree.ts";
import type { Tree } from "../../graph/columns/tree.ts";

/** Every object of a tree, outermost first. */
export function* objectsIn(value: unknown): Generator<Tree> {
  if (Array.isArray(value)) for (const each of value) yield* objectsIn(each);
  else if (isTree(value)) {
    yield value;
    for (const each of Object.values(value)) yield* objectsIn(each);
  }
}

/** `{ kind: body }`: what an expression is, or a part of a query that looks like one. */
export function expressionOf(tree: Tree): { readonly kind: string; readonly body: Tree } | undefined {
  const keys = Object.keys(tree);
  const body = tree[keys[0] ?? ""];
  if (keys.length !== 1 || (body !== null && !isTree(body))) return undefined;
  // `random()` has nothing in it.
  return { kind: keys[0]!, body: body ?? {} };
}

/** A tree with `change` made of every object, innermost first. */
export function mapTree(value: unknown, change: (tree: Tree) => Tree): unknown {
  if (Array.isArray(value)) return value.map((each) => mapTree(each, change));
  if (!isTree(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTree(each, change)])));
}
