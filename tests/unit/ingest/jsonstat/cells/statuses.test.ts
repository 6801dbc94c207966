import assert from "node:assert/strict";
import { test } from "node:test";
import { splitStatuses } from "../../../../../ingest/jsonstat/cells/status-columns.ts";
import { NULL_CODE } from "../../../../../ingest/landing/batch-source.ts";
import { documentFiles } from "../support/document-file.ts";
import { readRows } from "../support/read-rows.ts";

const files = documentFiles();

test("a bar parts the status from the confidentiality", () => {
  const { status, confidentiality } = splitStatuses(["p", "p|C", "|C", "b|N|x"]);
  assert.deepEqual(status.codes, ["b", "p"]);
  assert.deepEqual([...status.codeOf], [NULL_CODE, 1, 1, NULL_CODE, 0]);
  assert.deepEqual(confidentiality.codes, ["C", "N|x"]);
  assert.deepEqual([...confidentiality.codeOf], [NULL_CODE, NULL_CODE, 0, 0, 1]);
});

test("more statuses than a byte can tell apart", async () => {
  const cells = Array.from({ length: 500 }, (_, i) => i);
  const { cubes } = await files.open({
    id: ["a"],
    size: [500],
    dimension: { a: { category: { index: cells.map((cell) => `c${cell}`) } } },
    value: cells.map((cell) => (cell % 2 === 0 ? cell : null)),
    status: Object.fromEntries(cells.map((cell) => [cell, `note ${cell % 400}`])),
  });
  const { rows, rejected } = readRows(cubes[0]!);
  assert.deepEqual(rejected, []);
  assert.deepEqual(
    rows.map((row) => [row["a"], row["value"], row["status"]]),
    cells.map((cell) => [`c${cell}`, cell % 2 === 0 ? cell : null, `note ${cell % 400}`]),
  );
});

test("a cube far larger than memory, with few cells in it", async () => {
  const sizes = [100_000, 100_000, 100_000];
  const codes = Array.from({ length: 100_000 }, (_, i) => String(i));
  const { cubes } = await files.open({
    id: ["a", "b", "c"],
    size: sizes,
    dimension: Object.fromEntries(["a", "b", "c"].map((id) => [id, { category: { index: codes } }])),
    value: { 999999999999999: 1, 5: 2, 100000: 3 },
    status: { 999999999999999: "p", 10000000000: "b" },
  });
  assert.equal(cubes[0]!.cells, 1e15);
  const { rows } = readRows(cubes[0]!);
  const lines = rows.map((row) => ["a", "b", "c", "value", "status"].map((name) => row[name]));
  assert.deepEqual(lines, [
    ["0", "0", "5", 2, null],
    ["0", "1", "0", 3, null],
    ["99999", "99999", "99999", 1, "p"],
    ["1", "0", "0", null, "b"],
  ]);
});
