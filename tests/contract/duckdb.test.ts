import { openAdapter } from "../../runner/adapters/open.ts";
import { adapterContract } from "./adapter-contract.ts";

const target = {
  type: "duckdb",
  name: "dev",
  path: ":memory:",
  schema: "main",
  threads: 4,
  settings: {},
} as const;

adapterContract("DuckDB", () => openAdapter(target));
