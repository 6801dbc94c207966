import { Dialect, generate, getVersion, init, parse, transpile } from "@polyglot-sql/sdk";
import { isTree } from "../../graph/columns/tree.ts";
import type { Tree } from "../../graph/columns/tree.ts";
import type { Misread, SqlLibrary } from "../../plan/portable/sql-library.ts";

const misread = (said: string | null | undefined, start: number | null | undefined): Misread => ({
  error: (said ?? "it cannot be read").replace(/^(?:Parse|Tokenization) error at line \d+, column \d+: /, ""),
  offset: start ?? 0,
});

/** The library for PostgreSQL: 23 MB of WebAssembly. */
export async function loadLibrary(): Promise<SqlLibrary> {
  await init();
  return { version: getVersion(), ...library };
}

const library: Omit<SqlLibrary, "version"> = {
  parse(sql) {
    const { success, ast, error, errorStart } = parse(sql, Dialect.DuckDB);
    const [tree, ...others] = success && Array.isArray(ast) ? (ast as unknown[]) : [];
    if (!success) return misread(error, errorStart);
    return isTree(tree) && others.length === 0 ? { tree } : misread("it is not one query", 0);
  },
  print(tree: Tree) {
    const { sql, error } = generate([tree], Dialect.DuckDB);
    if (!sql?.[0]) throw new Error(`cannot print what was read: ${error}`);
    return sql[0];
  },
  translate(sql) {
    const options = { unsupportedLevel: "raise", pretty: true } as const;
    const made = transpile(sql, Dialect.DuckDB, Dialect.PostgreSQL, options);
    const [text] = made.sql ?? [];
    if (!made.success || text === undefined) return misread(made.error, made.errorStart);
    const again = parse(text, Dialect.PostgreSQL);
    return again.success
      ? { sql: text }
      : misread(`what comes of it is no SQL of PostgreSQL: ${again.error}`, 0);
  },
};
