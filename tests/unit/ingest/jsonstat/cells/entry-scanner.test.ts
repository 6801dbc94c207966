import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openSource, closeSource } from "../../../../../ingest/jsonstat/bytes/source-file.ts";
import { NULL, NUMBER, createEntryBlock, textOf } from "../../../../../ingest/jsonstat/cells/entry-block.ts";
import { EntryScanner } from "../../../../../ingest/jsonstat/cells/entry-scanner.ts";
import { documentFiles } from "../support/document-file.ts";

const files = documentFiles();

/** All entries of a list that makes up a whole file, as `[cell, value]`. */
function scanAll(
  text: string,
  cells = 1000,
  blockSize?: number,
  capacity = 16,
): (readonly [number, unknown])[] {
  const file = openSource(files.write(text));
  try {
    const shape = text.startsWith("[") ? "array" : "object";
    const section = { start: 0, end: file.size, shape, count: null } as const;
    const bad = (key: string): never => assert.fail(`${key} was rejected`);
    const scanner = new EntryScanner(file, section, cells, bad, blockSize);
    const block = createEntryBlock(capacity);
    const entries: (readonly [number, unknown])[] = [];
    for (let count = scanner.scan(block); count > 0; count = scanner.scan(block)) {
      for (let i = 0; i < count; i++) {
        const kind = block.kinds[i];
        const value = kind === NUMBER ? block.numbers[i]! : kind === NULL ? null : textOf(block, i);
        entries.push([block.cells[i]!, value]);
      }
    }
    return entries;
  } finally {
    closeSource(file);
  }
}

test("numbers are those of JSON.parse, bit for bit", () => {
  const spelled = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc
      .tuple(fc.constantFrom("", "-"), fc.bigInt(0n, 10n ** 17n), fc.stringMatching(/^\d{1,17}$/))
      .map(([sign, whole, part]) => `${sign}${whole}.${part}`),
    fc.tuple(fc.constantFrom("", "-"), fc.bigInt(0n, 10n ** 18n)).map(([sign, whole]) => `${sign}${whole}`),
    fc
      .tuple(fc.integer(), fc.constantFrom("e", "E", "e+", "e-"), fc.integer({ min: 0, max: 300 }))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(spelled, { minLength: 1, maxLength: 60 }), (numbers) => {
      const expected = numbers.map((text) => Number(text)).filter(Number.isFinite);
      const json = `[${numbers.filter((text) => Number.isFinite(Number(text))).join(",")}]`;
      const got = scanAll(json).map(([, value]) => value);
      assert.ok(
        got.length === expected.length && got.every((value, i) => Object.is(value, expected[i])),
        json,
      );
    }),
    { numRuns: 300 },
  );
});

test("all decimals of up to 5 digits are those of JSON.parse", () => {
  const numbers: string[] = [];
  for (let whole = 0; whole < 100_000; whole += 7) {
    for (let decimals = 1; decimals <= 5; decimals++)
      numbers.push((whole / 10 ** decimals).toFixed(decimals));
  }
  const got = scanAll(`[${numbers.join(",")}]`, numbers.length, undefined, 2048).map(([, value]) => value);
  assert.deepEqual(got, numbers.map(Number));
});

test("cell numbers beyond 2^31 and 2^32 are exact", () => {
  const cells = [2 ** 31 + 1, 2 ** 32 + 3, 2 ** 53 - 2, 0];
  const got = scanAll(`{${cells.map((cell, i) => `"${cell}":${i}`).join(",")}}`, Number.MAX_SAFE_INTEGER);
  assert.deepEqual(
    got,
    cells.map((cell, i) => [cell, i]),
  );
});

test("entries may be longer than the blocks of the file, and texts short or long", () => {
  const text = `{ "1" : "abcd", "2":"abcde","3" :"a\\"b" , "4":${" ".repeat(300)}1 ,"5":"${"x".repeat(500)}","\\u0036":"é"}`;
  const expected = [
    [1, "abcd"],
    [2, "abcde"],
    [3, 'a"b'],
    [4, 1],
    [5, "x".repeat(500)],
    [6, "é"],
  ];
  for (const blockSize of [1, 2, 3, 7, 64, 1000]) assert.deepEqual(scanAll(text, 10, blockSize), expected);
});

test("an empty list has no entries", () => {
  assert.deepEqual(scanAll("{ }"), []);
  assert.deepEqual(scanAll("[\n]"), []);
});
