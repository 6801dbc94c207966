/** The whole text at once, then a row writer: `json-parse <document> <rows.parquet>`. */
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { openRowWriter } from "./final-rows.ts";
import type { JsonCube } from "./final-rows.ts";

const [source = "", target = ""] = process.argv.slice(2);
type Cube = JsonCube & {
  readonly value: Readonly<Record<string, number>>;
  readonly status: Readonly<Record<string, string>>;
};
const cube = JSON.parse(readFileSync(source, "utf8")) as Cube;
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const writer = await openRowWriter(connection, cube);
for (const key in cube.value) writer.row(Number(key), cube.value[key]!, cube.status[key]);
await writer.finish(target);
connection.closeSync();
instance.closeSync();
