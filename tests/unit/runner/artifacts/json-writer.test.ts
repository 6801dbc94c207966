import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../../../runner/base/json.ts";
import { each, entryWriter, written } from "../../../../runner/artifacts/entry-writer.ts";
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

test("every sign is escaped as JSON.stringify escapes it, wherever it stands in texts of any length", () => {
  const out = new JsonWriter();
  const signs = Array.from({ length: 300 }, (_, code) => String.fromCharCode(code));
  const wanted: string[] = [];
  for (const length of [8, 30, 31, 32, 33, 200])
    for (const [i, sign] of signs.entries()) {
      const text = "s".repeat(i % length) + sign + "e".repeat(length - (i % length));
      out.value(text);
      wanted.push(JSON.stringify(text));
    }
  assert.equal(Buffer.from(out.take()).toString(), wanted.join(""));
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

test("what an entry says like the one before it is the same as if it were written anew", () => {
  type Item = { readonly n: number; readonly text: string };
  type Row = Readonly<Record<"a" | "b" | "c" | "d", string>> & { readonly list: readonly Item[] };
  const write = entryWriter<Row, undefined>({
    a: ({ a }) => a,
    same: "same",
    within: { b: ({ b }) => b, tags: ({ b }) => (b === "" ? [] : [b, "tag"]) },
    c: written(
      ({ c }) => c,
      (out, c) => out.value({ c }),
    ),
    list: each(({ list }) => list, { n: ({ n }) => n, text: ({ text }) => text }),
    d: ({ d }) => d,
  });
  const spelt = ({ a, b, c, d, list }: Row): string =>
    JSON.stringify({ a, same: "same", within: { b, tags: b === "" ? [] : [b, "tag"] }, c: { c }, list, d });
  const words = ["", "x", "a longer word", 'a "quoted" one', "ž"];
  let seed = 7;
  const any = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const word = (): string => words[any(words.length)]!;
  const out = new JsonWriter();
  const pieces: Buffer[] = [];
  let wanted = "";
  for (let i = 0; i < 4000; i++) {
    // Now and then one that does not fit where the others were.
    const list = Array.from({ length: any(3) }, () => ({ n: any(2), text: word() }));
    const huge = i === 1499 ? "h".repeat(3_000_000) : word();
    const row = { a: word(), b: word(), c: word(), d: huge, list };
    write(out, row, undefined);
    wanted += spelt(row);
    if (out.isFull || any(500) === 0) pieces.push(Buffer.from(out.take()));
  }
  pieces.push(Buffer.from(out.take()));
  assert.ok(Buffer.concat(pieces).equals(Buffer.from(wanted)));
});
