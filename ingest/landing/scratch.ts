// Imported whole, not on demand: a bundler cannot split a CommonJS package from a dynamic import. Whoever lands imports this file on demand.
import * as DuckDbApi from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { temporaryFolder } from "../../runner/base/temporary-folder.ts";

/** A DuckDB in memory that lives as long as one landing, with a bounded appetite. */
export type Scratch = {
  readonly duckdb: typeof DuckDbApi;
  readonly connection: DuckDBConnection;
  close(): void;
};

/**
 * One thread, which pulls rows from ours: the order is kept, and more threads only wait for each other (measured: nearly twice the
 * processor time, no row sooner). `spill` is the folder for what does not fit into memory.
 */
export async function openScratch(spill: string): Promise<Scratch> {
  const instance = await DuckDbApi.DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "100MB",
    // Rows that wait for the files of their partitions, of which there may be hundreds.
    partitioned_write_flush_threshold: "65536",
    partitioned_write_max_open_files: "1000",
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

/** A scratch with a folder of its own to spill to, for questions about what has landed. */
export async function withScratch<T>(body: (scratch: Scratch) => Promise<T>): Promise<T> {
  const spill = temporaryFolder();
  try {
    const scratch = await openScratch(spill.path);
    try {
      return await body(scratch);
    } finally {
      scratch.close();
    }
  } finally {
    spill.remove();
  }
}
