import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import chain from "stream-chain";
import pick from "stream-json/filters/pick.js";
import parser from "stream-json/parser.js";
import streamObject from "stream-json/streamers/stream-object.js";
import { generateCube } from "../../../../bench/generate-cube.ts";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { tempFolder } from "../../../support/temp.ts";
import { readRows } from "./support/read-rows.ts";

type Entry = { readonly key: string; readonly value: unknown };

/** The entries of one member, by a reader that shares nothing with ours. */
async function entries(path: string, member: string): Promise<Map<number, unknown>> {
  const found = new Map<number, unknown>();
  const stream = chain([createReadStream(path), parser(), pick({ filter: member }), streamObject()]);
  for await (const { key, value } of stream as AsyncIterable<Entry>) found.set(Number(key), value);
  return found;
}

test("a cube of 20,000 observations reads as stream-json reads it", async () => {
  const path = join(tempFolder("statloom-stream-json-"), "cube.json");
  generateCube(path, 20_000);
  const values = await entries(path, "value");
  const statuses = await entries(path, "status");
  const { cubes } = await openDocument(path);
  const cube = cubes[0]!;
  const positions = cube.dimensions.map(
    ({ categories }) => new Map(categories.map(({ code, position }) => [code, position])),
  );
  const { rows } = readRows(cube);
  assert.equal(values.size, 20_000);
  assert.ok(statuses.size > 1_500 && statuses.size < 2_500, String(statuses.size));
  assert.equal(rows.length, values.size);
  for (const row of rows) {
    const cell = cube.dimensions.reduce(
      (number, { column, categories }, i) =>
        number * categories.length + positions[i]!.get(row[column] as string)!,
      0,
    );
    assert.equal(row["value"], values.get(cell));
    assert.equal(row["status"], statuses.get(cell) ?? null);
  }
});
