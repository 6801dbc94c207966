import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";
import type { AsyncDuckDBConnection } from "@duckdb/duckdb-wasm";
import type { ExploreTable } from "../../../data/explore-types.ts";
import { resultOf } from "./result.ts";
import type { Result } from "./result.ts";
import { arrowStreamOf } from "./read-table.ts";

export type Engine = {
  /** Rows of one statement that only reads; what is wrong with it is thrown in DuckDB's words. */
  query(sql: string, onStage: (stage: string) => void): Promise<Result>;
  /** Stops a query that runs. */
  stop(): Promise<void>;
};

/** Rows that are kept of a result. */
export const MOST_ROWS = 100_000;

/**
 * DuckDB in a worker. It loads nothing by itself: no extension, no file, no address; tables are handed to it when a query names them. Its package has
 * Parquet as an extension that comes from another host, so the files are read here and given to it as Arrow.
 */
export async function startEngine(tables: readonly ExploreTable[]): Promise<Engine> {
  const worker = new Worker("vendor/duckdb.worker.js");
  const db = new AsyncDuckDB(new VoidLogger(), worker);
  const address = URL.createObjectURL(await unpacked("vendor/duckdb.wasm.gz"));
  await db.instantiate(address);
  URL.revokeObjectURL(address);
  await db.open({ path: ":memory:" });
  const connection = await db.connect();
  for (const setting of [
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "enable_external_access = false",
    "lock_configuration = true",
  ])
    await connection.query(`set ${setting}`);
  const loaded = new Set<string>();

  async function load(sql: string, onStage: (stage: string) => void): Promise<void> {
    const named = new Set((await connection.getTableNames(sql)).map((name) => name.toLowerCase()));
    for (const table of tables) {
      if (!named.has(table.name.toLowerCase()) || loaded.has(table.name)) continue;
      onStage(`Loading ${table.name}`);
      const bytes = await fetchBytes(table.file);
      const stream = await arrowStreamOf(bytes, table.columns);
      await connection.insertArrowFromIPCStream(stream, { name: table.name, schema: "main", create: true });
      loaded.add(table.name);
    }
  }

  return {
    async query(sql, onStage) {
      // Takes one statement and no more.
      await load(sql, onStage);
      const prepared = await connection.prepare(sql);
      await prepared.close();
      onStage("Running");
      return readOnly(connection, sql);
    },
    async stop() {
      await connection.cancelSent();
    },
  };
}

/** In a transaction that DuckDB itself keeps from changing anything. */
async function readOnly(connection: AsyncDuckDBConnection, sql: string): Promise<Result> {
  const begin = performance.now();
  await connection.query("begin transaction read only");
  try {
    return await resultOf(await connection.send(sql, true), MOST_ROWS, begin);
  } finally {
    await connection.query("rollback");
  }
}

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} cannot be loaded (${response.status})`);
  return response.arrayBuffer();
}

/** Some servers unpack what ends in .gz on the way. */
async function unpacked(path: string): Promise<Blob> {
  const bytes = await fetchBytes(path);
  const isPacked = new Uint8Array(bytes, 0, 2)[0] === 0x1f;
  const type = "application/wasm";
  if (!isPacked) return new Blob([bytes], { type });
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type });
}
