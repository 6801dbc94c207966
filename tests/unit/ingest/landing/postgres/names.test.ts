import assert from "node:assert/strict";
import { test } from "node:test";
import { columnNames, stagingNames } from "../../../../../ingest/landing/postgres/names.ts";
import { fitName, stagingTableName } from "../../../../../runner/project/staging-names.ts";

test("a table is called by its publisher and dataset", () => {
  assert.equal(stagingTableName("eurostat", "hlth_silc_13"), "eurostat__hlth_silc_13");
  const names = stagingNames('a"b', "eurostat", "x");
  assert.deepEqual(names.sql, {
    table: '"a""b"."eurostat__x"',
    revisions: '"a""b"."eurostat__x__revisions"',
    latest: '"a""b"."eurostat__x__latest"',
    editions: '"a""b"."eurostat__x__editions"',
    dimensions: '"a""b"."eurostat__x__dimensions"',
  });
});

test("no two datasets share any name", () => {
  const datasets = [
    ["a", "b"],
    ["a", "b__c"],
    ["a__b", "c"],
    ["a_", "b"],
    ["a", "b__revisions"],
    ["a", "b__y2024"],
    ["a", "x".repeat(100)],
    ["a", `${"x".repeat(99)}y`],
    ["x".repeat(100), "a"],
  ] as const;
  const all = datasets.flatMap(([publisher, dataset]) => {
    const names = stagingNames("s", publisher, dataset);
    return [names.table, names.revisions, names.keyIndex, names.batchIndex, names.partition("y2024")];
  });
  assert.equal(new Set(all).size, all.length);
  for (const name of all) assert.ok(Buffer.byteLength(name) <= 63, name);
});

test("long names are cut between characters, and keep their end", () => {
  assert.equal(fitName("é".repeat(31), ""), "é".repeat(31));
  const cut = fitName("é".repeat(40), "__revisions");
  assert.match(cut, /^é+_[0-9a-f]{10}__revisions$/);
  assert.ok(Buffer.byteLength(cut) <= 63 && Buffer.byteLength(cut) > 60);
});

test("columns give way to those that every table has, and to one another", () => {
  const names = columnNames(["geo", "xmin", "x".repeat(63), "x".repeat(64)]);
  assert.equal(names[0], "geo");
  assert.match(names[1]!, /^xmin_[0-9a-f]{10}$/);
  assert.equal(new Set(names).size, 4);
});
