import type { Tree } from "../../graph/columns/tree.ts";

/** What we need of `@polyglot-sql/sdk`, which takes a quarter of a second to load and is loaded only where it is asked. */
export type SqlLibrary = {
  readonly version: string;
  /** A query as DuckDB reads it. Offsets count characters from 0. */
  readonly parse: (sql: string) => { readonly tree: Tree } | Misread;
  /** A tree as DuckDB's SQL. */
  readonly print: (tree: Tree) => string;
  /** DuckDB's SQL as the target's, which the library itself can read again. */
  readonly translate: (sql: string) => { readonly sql: string } | Misread;
};

export type Misread = { readonly error: string; readonly offset: number };
