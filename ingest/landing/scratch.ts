// Imported whole, not on demand: a bundler cannot split a CommonJS package from a dynamic import. Whoever lands imports this file on demand.
import * as DuckDbApi from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";

/** A DuckDB in memory that lives as long as one landing, with a bounded appetite. */
export type Scratch = {
  readonly duckdb: typeof DuckDbApi;
  readonly connection: DuckDBConnection;
  close(): void;
};

/**
 * Rows are pulled by one thread, in order, while another compresses: more threads gain nothing as long as the order is kept.
 * `spill` is the folder for what does not fit into memory.
 */
export async function openScratch(spill: string): Promise<Scratch> {
  const instance = await DuckDbApi.DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "160MB",
    temp_directory: spill,
    preserve_insertion_order: "true",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  return {
    duckdb: DuckDbApi,
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
