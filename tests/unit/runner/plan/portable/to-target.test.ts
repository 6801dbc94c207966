import assert from "node:assert/strict";
import { test } from "node:test";
import { loadLibrary } from "../../../../../runner/api/portable/load-library.ts";
import { toTarget } from "../../../../../runner/plan/portable/to-target.ts";

const library = await loadLibrary();

const told = (sql: string): string[] => {
  const made = toTarget(sql, library);
  return "sql" in made ? [made.sql] : made.problems.map(({ message, offset }) => `${offset}: ${message}`);
};

test("all that is not portable is told at once, at the word that it is", () => {
  assert.deepEqual(
    told("select 'try_cast(🙂',\n  try_cast(n as integer), * exclude (a)\nfrom t group by all"),
    [
      "24: try cast is not known to mean the same on every engine",
      "48: * with exclude, replace or rename is not known to mean the same on every engine",
      "78: group by all is not known to mean the same on every engine",
    ],
  );
});

test("what the library does not read is told where it stops", () => {
  assert.deepEqual(told("select a // b from t"), [
    "10: portable SQL is read as DuckDB's, and this is none: Unexpected token: Slash",
  ]);
});

test("names, texts and quoted relations stay as they are", () => {
  assert.deepEqual(told(`select "Odd ""Name""" as x, 'it''s' as y, n from "sch ema"."T"`), [
    `SELECT\n  "Odd ""Name""" AS x,\n  'it''s' AS y,\n  n\nFROM "sch ema"."T"`,
  ]);
});
