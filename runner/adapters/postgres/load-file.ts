import { basename, join } from "node:path";
import { temporaryFolder } from "../../base/temporary-folder.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { Relation } from "../../graph/types.ts";
import type { FileSource } from "../../plan/step.ts";
import { isNested, typeFromDuckDb } from "./duckdb-types.ts";
import { loadCsv } from "./load-csv.ts";
import type { CsvSession } from "./load-csv.ts";

/**
 * Creates `target` from JSON or Parquet, which PostgreSQL does not read: DuckDB, which is here anyway, makes a CSV file of it, with the types
 * that it found. Lists and structs become jsonb.
 */
export async function loadFile(session: CsvSession, target: Relation, file: FileSource): Promise<number> {
  const { openDuckDb } = await import("../duckdb/open-duckdb.ts");
  const settings = {};
  const memory = {
    type: "duckdb",
    name: "seed",
    path: ":memory:",
    schema: "main",
    threads: 1,
    settings,
  } as const;
  const reader = await openDuckDb(memory);
  const folder = temporaryFolder();
  try {
    const inner = await reader.session();
    const seed: Relation = { database: null, schema: "main", identifier: "seed" };
    // Types are cast to by PostgreSQL, whose words they are.
    await inner.loadFile(seed, { ...file, columnTypes: {} });
    const columns = await inner.columnsOf(seed);
    const columnTypes = {
      ...Object.fromEntries(columns.map(({ name, type }) => [name, typeFromDuckDb(type) ?? "text"])),
      ...declared(
        file.columnTypes,
        columns.map(({ name }) => name),
      ),
    };
    // Under its own name, which mistakes are told with.
    const path = join(folder.path, basename(file.path));
    const list = columns.map(({ name, type }) => {
      const quoted = duckdb.quoteIdentifier(name);
      return isNested(type) ? `to_json(${quoted}) as ${quoted}` : quoted;
    });
    const spec = { format: "csv", options: {}, partitions: [], columns: null } as const;
    await inner.run(
      duckdb.copyTo(`select ${list.join(", ")} from ${duckdb.quoteRelation(seed)}`, path, spec),
    );
    return await loadCsv(session, target, { path, delimiter: ",", columnTypes }, false);
  } finally {
    await reader.close();
    folder.remove();
  }
}

/** As the file spells the columns, whatever the case they are declared in; others stay, and are refused by the loader. */
function declared(
  types: Readonly<Record<string, string>>,
  columns: readonly string[],
): Readonly<Record<string, string>> {
  const known = new Map(columns.map((name) => [duckdb.identifierKey(name), name]));
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [known.get(duckdb.identifierKey(name)) ?? name, type]),
  );
}
