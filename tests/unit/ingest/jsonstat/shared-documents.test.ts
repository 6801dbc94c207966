import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { describe, test } from "node:test";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { DocumentError } from "../../../../ingest/jsonstat/document-error.ts";
import { walkFiles } from "../../../../runner/base/files.ts";
import { assertSameRows } from "./support/compare.ts";
import { findDatasets, flatten } from "./support/flatten.ts";
import { readRows } from "./support/read-rows.ts";

const folder = resolve("../shared/data/jsonstat");
const skip = existsSync(folder) ? false : "the shared documents are not beside the project";

/** Documents that hold no data, and what they are refused with. */
const REFUSED: Readonly<Record<string, string>> = {
  "jsonstat.org/collection.json": "LINKS_ONLY",
  "malformed/html-instead-of-json.json": "HTML",
  "malformed/response-scb-all-region.json": "NOT_JSON",
  "malformed/table-metadata-example-jsonstat.json": "NOT_JSON",
  "pxweb/config.json": "NOT_JSON_STAT",
  "pxweb/tables.json": "NOT_JSON_STAT",
};

describe("documents of publishers", { skip }, async () => {
  for (const path of walkFiles(folder, (name) => name.endsWith(".json"))) {
    const name = relative(folder, path);
    const code = REFUSED[name];
    if (code !== undefined) {
      test(`${name} is refused as ${code}`, async () => {
        await assert.rejects(openDocument(path), (error) => {
          assert.ok(error instanceof DocumentError);
          assert.deepEqual(
            error.problems.map((problem) => problem.code),
            [code],
          );
          assert.ok(error.problems.every(({ line, column }) => line !== null && column !== null));
          return true;
        });
      });
      continue;
    }
    for (const blockSize of [1 << 18, 61]) {
      test(`${name} gives the rows of a plain flattening, in blocks of ${blockSize} bytes`, async () => {
        const { cubes } = await openDocument(path, { blockSize });
        const datasets = findDatasets(JSON.parse(readFileSync(path, "utf8")));
        assert.equal(cubes.length, datasets.length);
        for (const [i, cube] of cubes.entries()) {
          const read = assertSameRows(cube, flatten(datasets[i]!), 1000);
          assert.deepEqual(read.rejected, []);
        }
      });
    }
  }

  test("hlth_silc_13 has 62,070 rows, 52,460 numbers and 14,928 statuses", async () => {
    const { cubes } = await openDocument(resolve(folder, "eurostat/hlth_silc_13.json"));
    const { rows } = readRows(cubes[0]!, 2048);
    const count = (column: string): number => rows.filter((row) => row[column] !== null).length;
    assert.deepEqual(
      [rows.length, count("value"), count("status"), count("period_start")],
      [62_070, 52_460, 14_928, 62_070],
    );
  });
});
