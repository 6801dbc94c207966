import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../../../runner/base/json.ts";
import { each, entryWriter } from "../../../../runner/artifacts/entry-writer.ts";
import { JsonWriter } from "../../../../runner/artifacts/json-writer.ts";

const texts = [
  "",
  "plain",
  'it\'s "quoted" \\ back',
  "line\nbreak\ttab\u0000\u001f\u007f",
  "Žluťoučký kůň 数 🦄",
  "\ud800 alone",
  "x".repeat(101),
  'long "quoted"\n'.repeat(20),
  "č".repeat(3_000_000),
];
const values: Json[] = [
  ...texts,
  null,
  true,
  false,
  0,
  -1.5,
  1e21,
  [],
  {},
  texts.slice(0, 5),
  [1, [null, {}], { a: [], "ž\n": "b" }],
];

test("values are written as JSON.stringify writes them", () => {
  const out = new JsonWriter();
  for (const value of values) {
    const from = out.position;
    out.value(value);
    const expected = JSON.stringify(value);
    assert.equal(out.position - from, Buffer.byteLength(expected));
    assert.equal(Buffer.from(out.take()).toString(), expected);
  }
});

test("what was taken stays as it is while the next is written", () => {
  const out = new JsonWriter();
  const taken: Uint8Array[] = [];
  for (let i = 0; !out.isFull; i++) out.value(`text ${i}`);
  taken.push(out.take());
  const before = Buffer.from(taken[0]!);
  for (let i = 0; !out.isFull; i++) out.value("y".repeat(500));
  assert.deepEqual(Buffer.from(taken[0]!), before);
});

test("entries hold what is the same and what is found, in the order of their fields", () => {
  type Row = { readonly id: string; readonly tags: readonly string[]; readonly more: readonly number[] };
  const write = entryWriter<Row, { readonly prefix: string }>({
    id: ({ id }, { prefix }) => prefix + id,
    none: {},
    same: { a: [1, "two"], b: null },
    within: { tags: ({ tags }) => tags, raw: () => Buffer.from("[0]") },
    each: each(({ more }) => more, { n: (n) => n, twice: (n) => 2 * n }),
    end: "end",
  });
  const out = new JsonWriter();
  write(out, { id: "1", tags: ["a"], more: [1, 2] }, { prefix: "row " });
  assert.equal(
    Buffer.from(out.take()).toString(),
    JSON.stringify({
      id: "row 1",
      none: {},
      same: { a: [1, "two"], b: null },
      within: { tags: ["a"], raw: [0] },
      each: [
        { n: 1, twice: 2 },
        { n: 2, twice: 4 },
      ],
      end: "end",
    }),
  );
});
