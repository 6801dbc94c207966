import { basename, extname, sep } from "node:path";
import type { Relation } from "../../graph/types.ts";
import type { Target } from "../../project/types.ts";

/** What OpenLineage calls a table or a file: the data source, and the place in it. */
export type DatasetName = { readonly namespace: string; readonly name: string };

const slashed = (path: string): string => path.split(sep).join("/");

/**
 * A relation by OpenLineage's naming conventions: `postgres://host:port` and `database.schema.table`; for DuckDB, which has none, as its
 * integration of dbt does, `duckdb://` with the file's path, and the name that DuckDB gives the file as the database.
 */
export function relationDataset(target: Target, { database, schema, identifier }: Relation): DatasetName {
  if (target.type === "postgres") {
    const { host, port, database: own } = target.connection;
    // A socket is a folder of this machine.
    const server = host.startsWith("/") ? "localhost" : host;
    return {
      namespace: `postgres://${server}:${port}`,
      name: [database ?? own, schema, identifier].join("."),
    };
  }
  const own = target.path === ":memory:" ? "memory" : basename(target.path, extname(target.path));
  return {
    namespace: `duckdb://${slashed(target.path)}`,
    name: [database ?? own, schema, identifier].join("."),
  };
}

/** A file or a folder of this machine; `path` is absolute. */
export const fileDataset = (path: string): DatasetName => ({ namespace: "file", name: slashed(path) });
