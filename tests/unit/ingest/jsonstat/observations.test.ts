import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { DocumentError } from "../../../../ingest/jsonstat/document-error.ts";
import { createBatch } from "../../../../ingest/landing/batch-source.ts";
import { documentFiles, smallDataset } from "./support/document-file.ts";
import { readRows } from "./support/read-rows.ts";
import type { Read } from "./support/read-rows.ts";

const files = documentFiles();
const read = async (changes: Readonly<Record<string, unknown>>): Promise<Read> =>
  readRows((await files.open(smallDataset(changes))).cubes[0]!);
const readText = async (value: string, status = "null"): Promise<Read> => {
  const text = JSON.stringify(smallDataset({ value: "@value", status: "@status" }));
  return readRows((await files.open(text.replace('"@value"', value).replace('"@status"', status))).cubes[0]!);
};

test("a row has the codes, the dates of its period, the value and its status", async () => {
  const { rows } = await readText('{"4":2.5,"0":1}', '{"5":"|N","4":"p|C"}');
  const common = { value_text: null, frequency: "A" };
  assert.deepEqual(rows, [
    {
      ...common,
      sex: "M",
      time_period: "2021",
      period_start: "2021-01-01",
      period_end: "2021-12-31",
      value: 2.5,
      status: "p",
      confidentiality: "C",
    },
    {
      ...common,
      sex: "F",
      time_period: "2020",
      period_start: "2020-01-01",
      period_end: "2020-12-31",
      value: 1,
      status: null,
      confidentiality: null,
    },
    {
      ...common,
      sex: "M",
      time_period: "2022",
      period_start: "2022-01-01",
      period_end: "2022-12-31",
      value: null,
      status: null,
      confidentiality: "N",
    },
  ]);
});

test("columns come in their order, and the codes are closed lists", async () => {
  const { cubes } = await files.open(smallDataset({ status: { 0: "p", 1: "b", 2: "b|C" } }));
  const source = cubes[0]!.observations(() => {});
  source.close();
  assert.deepEqual(
    source.columns.map(({ name, kind }) => [name, kind]),
    [
      ["sex", "code"],
      ["time_period", "code"],
      ["period_start", "derived"],
      ["period_end", "derived"],
      ["frequency", "derived"],
      ["value", "double"],
      ["value_text", "text"],
      ["status", "code"],
      ["confidentiality", "code"],
    ],
  );
  const codes = source.columns.flatMap((column) => (column.kind === "code" ? [column.codes] : []));
  assert.deepEqual(codes, [["F", "M"], ["2020", "2021", "2022"], ["b", "p"], ["C"]]);
});

test("a null is a row only where it has a status", async () => {
  const { rows } = await read({ value: [null, null, 3, null, null, null], status: { 0: "m" } });
  assert.deepEqual(
    rows.map((row) => [row["time_period"], row["value"], row["status"]]),
    [
      ["2020", null, "m"],
      ["2022", 3, null],
    ],
  );
});

test("texts are kept as texts, also when they look like numbers", async () => {
  const { rows } = await read({ value: ["12", ":C", "", true, 1, null] });
  assert.deepEqual(
    rows.map((row) => [row["value"], row["value_text"]]),
    [
      [null, "12"],
      [null, ":C"],
      [null, ""],
      [null, "true"],
      [1, null],
    ],
  );
});

test("metadata have no rows, whatever their status", async () => {
  assert.deepEqual((await read({ value: [], status: "e" })).rows, []);
});

test("a status for all cells makes each of them a row", async () => {
  const { rows } = await read({ value: { 1: 5 }, status: "e" });
  assert.deepEqual(
    rows.map((row) => [row["sex"], row["time_period"], row["value"], row["status"]]),
    [
      ["F", "2021", 5, "e"],
      ["F", "2020", null, "e"],
      ["F", "2022", null, "e"],
      ["M", "2020", null, "e"],
      ["M", "2021", null, "e"],
      ["M", "2022", null, "e"],
    ],
  );
});

describe("cells that cannot be placed are rejected, each with its reason", () => {
  const cases: readonly (readonly [
    title: string,
    value: string,
    rejected: readonly [string, string, RegExp],
  ])[] = [
    ["beyond the last cell", '{"0":1,"6":2}', ["6", "2", /beyond the last cell, 5/]],
    ["beyond all cells there can be", '{"0":1,"9007199254740993":2}', ["9007199254740993", "2", /beyond/]],
    ["a key that is a word", '{"0":1,"x":"y"}', ["x", '"y"', /not a cell number/]],
    ["a key with a leading zero", '{"0":1,"01":2}', ["01", "2", /not a cell number/]],
    ["a negative key", '{"0":1,"-1":2}', ["-1", "2", /not a cell number/]],
    ["an empty key", '{"0":1,"":2}', ["", "2", /not a cell number/]],
    ["a cell twice", '{"0":1,"0":2.5}', ["0", "2.5", /a value already/]],
    ["a number too large", '{"0":1,"1":1e999}', ["1", "1e999", /too large/]],
    ["NaN", '{"0":1,"1":NaN}', ["1", "NaN", /NaN/]],
    ["a list", '{"0":1,"1":[1,{"a":"]"}]}', ["1", '[1,{"a":"]"}]', /list or an object/]],
    ["a list in a list", "[1,[2],null,null,null,null]", ["1", "[2]", /list or an object/]],
  ];
  for (const [title, value, [key, raw, reason]] of cases) {
    test(title, async () => {
      const { rows, rejected } = await readText(value);
      assert.equal(rows.length, 1);
      assert.equal(rejected.length, 1);
      assert.deepEqual([rejected[0]!.section, rejected[0]!.key, rejected[0]!.raw], ["value", key, raw]);
      assert.match(rejected[0]!.reason, reason);
    });
  }

  test("statuses too", async () => {
    const { rows, rejected } = await readText('{"0":1}', '{"0":"p","0":"b","7":"p","1":["x"]}');
    assert.deepEqual(
      rows.map((row) => row["status"]),
      ["p"],
    );
    assert.deepEqual(
      rejected.map(({ section, key, raw }) => [section, key, raw]),
      [
        ["status", "7", '"p"'],
        ["status", "1", '["x"]'],
        ["status", "0", '"b"'],
      ],
    );
  });

  test("what is shown of them is cut at 200 characters", async () => {
    const { rejected } = await readText(`{"x":"${"é".repeat(5000)}"}`);
    assert.equal(rejected[0]!.raw.length, 200);
  });
});

describe("values that are no JSON abort the reading", () => {
  for (const value of [
    '{"0":1,}',
    '{"0" 1}',
    '{"0":1 "1":2}',
    '{"0":01}',
    '{"0":.5}',
    '{"0":5.}',
    '{"0":-}',
    '{"0":1.5.5}',
    "{0:1}",
    '{"0":"\\q"}',
    '{"0":[}',
  ]) {
    test(value, async () => {
      const text = JSON.stringify(smallDataset({ value: "@value" })).replace('"@value"', value);
      await assert.rejects(async () => readRows((await files.open(text)).cubes[0]!), DocumentError);
    });
  }
});

test("the file is closed at the end, on failure, and by hand", async (t) => {
  const count = (): number => readdirSync("/proc/self/fd").length;
  if (process.platform !== "linux") return t.skip("open files are counted under /proc");
  const { cubes } = await files.open(smallDataset());
  const before = count();
  readRows(cubes[0]!);
  const source = cubes[0]!.observations(() => {});
  assert.equal(count(), before + 1);
  source.close();
  source.close();
  assert.equal(source.next(createBatch(source.columns)), 0);
  assert.equal(count(), before);
});

test("each call reads anew", async () => {
  const { cubes } = await files.open(smallDataset());
  assert.deepEqual(readRows(cubes[0]!, 1), readRows(cubes[0]!, 100));
});
