import assert from "node:assert/strict";
import { test } from "node:test";
import {
  escaped,
  escapedAmong,
  jsonOf,
  quoted,
  remembering,
  textsJson,
} from "../../../../runner/artifacts/json-text.ts";
import type { Json } from "../../../../runner/base/json.ts";

const texts = [
  "",
  "plain",
  'it\'s "quoted" \\ back',
  "line\nbreak\ttab\u0000\u001f\u007f",
  "Žluťoučký kůň 数 🦄",
  "\ud800 alone",
  "x".repeat(101),
  'long "quoted"\n'.repeat(20),
];
const values: Json[] = [
  ...texts,
  null,
  true,
  false,
  0,
  -0,
  -1.5,
  1e21,
  [],
  {},
  texts,
  [1, [null, {}], { a: [], "ž\n": "b" }],
];

test("values are spelled as JSON.stringify spells them", () => {
  for (const value of values) assert.equal(jsonOf(value), JSON.stringify(value));
  assert.equal(textsJson(texts), JSON.stringify(texts));
  assert.equal(textsJson([]), "[]");
});

test("every sign is escaped as JSON.stringify escapes it, wherever it stands", () => {
  for (let code = 0; code < 300; code++)
    for (const place of [0, 1, 30]) {
      const text = "s".repeat(place) + String.fromCharCode(code) + "e".repeat(30 - place);
      assert.equal(quoted(text), JSON.stringify(text));
      assert.equal(`"${escaped(text)}"`, JSON.stringify(text));
    }
});

test("one odd text among many is enough for all to be looked at", () => {
  assert.equal(escapedAmong(["a.b", "c_d"])("a.b"), "a.b");
  assert.equal(escapedAmong(["a.b"], [], ['c"d'])('c"d'), 'c\\"d');
});

test("what is made of the same values as the time before is spelled once", () => {
  let times = 0;
  const spell = remembering((one: string | null, two?: number) => `${one} ${two} ${++times}`);
  assert.deepEqual(
    [spell(null), spell(null), spell(null, 1), spell("a", 1), spell("a", 1), spell(null)],
    ["null undefined 1", "null undefined 1", "null 1 2", "a 1 3", "a 1 3", "null undefined 4"],
  );
});
