import { Dialect, init, parse } from "@polyglot-sql/sdk";
import { resolveQuery } from "../../graph/columns/resolve-query.ts";
import { isTree } from "../../graph/columns/tree.ts";
import type { Catalog, QueryColumns } from "../../graph/columns/types.ts";

/** The parser's names of our engines. */
const DIALECTS: Readonly<Record<string, Dialect>> = { duckdb: Dialect.DuckDB, postgres: Dialect.PostgreSQL };

const UNREADABLE: QueryColumns = { columns: [], open: true, influences: [], findings: [] };

/**
 * Reads queries of one dialect. A query that the parser does not take has unknown columns; nothing is said of it. Importing this
 * module loads 23 MB of WebAssembly: only what asks for columns does.
 */
export async function queryReader(dialect: string): Promise<(sql: string, catalog: Catalog) => QueryColumns> {
  // As a module it is ready, as a script it is not.
  await init();
  return (sql, catalog) => {
    const parsed = parse(sql, DIALECTS[dialect] ?? Dialect.Generic);
    const [tree, ...others] = parsed.success && Array.isArray(parsed.ast) ? (parsed.ast as unknown[]) : [];
    return isTree(tree) && others.length === 0 ? resolveQuery(tree, catalog) : UNREADABLE;
  };
}
