/** stream-json as its documentation shows it, then a row writer: `stream-json <document> <rows.parquet>`. */
import { createReadStream } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import chain from "stream-chain";
import ignore from "stream-json/filters/ignore.js";
import pick from "stream-json/filters/pick.js";
import parser from "stream-json/parser.js";
import streamObject from "stream-json/streamers/stream-object.js";
import { openRowWriter } from "./final-rows.ts";
import type { JsonCube } from "./final-rows.ts";

type Entry = { readonly key: string; readonly value: unknown };

const [source = "", target = ""] = process.argv.slice(2);

/** The header stands behind the values, and a row needs its flag: three passes, each with what it needs. */
async function each(steps: readonly unknown[], take: (entry: Entry) => void): Promise<void> {
  const stream = chain([createReadStream(source), parser(), ...steps, streamObject()] as Parameters<
    typeof chain
  >[0]);
  for await (const entry of stream as AsyncIterable<Entry>) take(entry);
}

const header: Record<string, unknown> = {};
await each([ignore({ filter: /^(?:value|status)\b/ })], ({ key, value }) => void (header[key] = value));
const statuses = new Map<number, string>();
await each([pick({ filter: "status" })], ({ key, value }) => void statuses.set(Number(key), value as string));

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const writer = await openRowWriter(connection, header as JsonCube);
await each([pick({ filter: "value" })], ({ key, value }) =>
  writer.row(Number(key), value as number, statuses.get(Number(key))),
);
await writer.finish(target);
connection.closeSync();
instance.closeSync();
