/**
 * Reading the syntax tree of `@polyglot-sql/sdk`: plain JSON in which an expression is an object with one key, its kind. It is read by
 * key with nothing assumed, so that a kind we do not know is walked through, not misread.
 */
export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object under a key, or undefined. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  const value = tree?.[key];
  return isTree(value) ? value : undefined;
}

/** The objects of the list under a key. */
export function list(tree: Tree | undefined, key: string): readonly Tree[] {
  const value = tree?.[key];
  return Array.isArray(value) ? value.filter(isTree) : [];
}

/** `{ kind: body }` taken apart. */
export function kindOf(tree: Tree): { kind: string; body: Tree } {
  const kind = Object.keys(tree)[0] ?? "";
  return { kind, body: child(tree, kind) ?? {} };
}

/** The text of an identifier, or null. */
export function nameIn(tree: Tree | undefined, key: string): string | null {
  const value = tree?.[key];
  if (typeof value === "string") return value;
  const name = child(tree, key)?.["name"];
  return typeof name === "string" ? name : null;
}

/** The names of a list of identifiers. */
export function namesIn(tree: Tree | undefined, key: string): readonly string[] {
  return list(tree, key).flatMap((identifier) =>
    typeof identifier["name"] === "string" ? [identifier["name"]] : [],
  );
}

/** Where a node begins, in code points; -1 when the parser does not tell. */
export function startOf(tree: Tree): number {
  const start = child(tree, "span")?.["start"];
  return typeof start === "number" ? start : -1;
}
