import type { DuckDbTarget } from "../../runner/project/types.ts";

/** A DuckDB that is gone with its adapter. */
export const memoryTarget: DuckDbTarget = {
  type: "duckdb",
  name: "d",
  path: ":memory:",
  schema: "main",
  threads: 1,
  settings: {},
};
