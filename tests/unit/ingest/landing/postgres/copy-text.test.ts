import assert from "node:assert/strict";
import { test } from "node:test";
import { NULL_CODE, createBatch } from "../../../../../ingest/landing/batch-source.ts";
import type { BatchColumn } from "../../../../../ingest/landing/batch-source.ts";
import { createCopyText } from "../../../../../ingest/landing/postgres/copy-text.ts";

const columns: BatchColumn[] = [
  { kind: "code", name: "time_period", codes: ["2023", "a\\b\tc"] },
  { kind: "double", name: "value" },
  { kind: "derived", name: "period_start", from: "time_period", type: "date", values: ["2023-01-01", null] },
  { kind: "text", name: "value_text" },
  { kind: "code", name: "confidentiality", codes: [] },
];

function filled(rows: readonly (readonly [number, number | null, string | null])[]) {
  const batch = createBatch(columns, Math.max(1, rows.length));
  const [codes, numbers, , texts] = batch.arrays;
  if (codes?.kind !== "code" || numbers?.kind !== "double" || texts?.kind !== "text") throw new TypeError();
  for (const [i, [code, number, text]] of rows.entries()) {
    codes.indices[i] = code;
    numbers.values[i] = number ?? 0;
    numbers.valid[i] = number === null ? 0 : 1;
    texts.values[i] = text;
  }
  return batch;
}

test("a line a row: what follows from a code beside it, columns without values left out, everything escaped", () => {
  const text = createCopyText(columns, []);
  const batch = filled([
    [0, 1.5, null],
    [1, null, "\\.\r\n"],
    [NULL_CODE, -0.05, "ü"],
  ]);
  assert.deepEqual(text.order, [0, 2, 1, 3]);
  assert.equal(text.add(batch, 3), text.take().length);
  text.add(batch, 3);
  assert.equal(
    text.take().toString(),
    "2023\t2023-01-01\t1.5\t\\N\na\\\\b\\tc\t\\N\t\\N\t\\\\.\\r\\n\n\\N\t\\N\t-0.05\tü\n",
  );
  assert.equal(text.take().length, 0);
});

test("only the rows that are wanted", () => {
  const text = createCopyText(columns, []);
  const batch = filled([
    [0, 1, null],
    [0, 2, null],
    [0, 3, null],
  ]);
  text.add(batch, 3, Uint8Array.of(0, 1, 0));
  assert.equal(text.take().toString(), "2023\t2023-01-01\t2\t\\N\n");
});

test("texts longer than the space that is there", () => {
  const text = createCopyText(columns, []);
  const long = "x\t".repeat(1_000_000);
  text.add(
    filled([
      [0, 1, long],
      [0, 2, long],
    ]),
    2,
  );
  assert.equal(
    text.take().toString(),
    [1, 2].map((n) => `2023\t2023-01-01\t${n}\t${"x\\t".repeat(1_000_000)}\n`).join(""),
  );
});

test("every number reads back as itself", () => {
  const text = createCopyText(columns, []);
  let state = 7;
  const bits = new DataView(new ArrayBuffer(8));
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  const numbers = Array.from({ length: 20_000 }, (_, i) => {
    if (i % 2 === 0) return ((random() % 2 ? 1 : -1) * (random() % 10 ** (1 + (i % 9)))) / 10 ** (i % 6);
    bits.setUint32(0, random());
    bits.setUint32(4, random());
    return bits.getFloat64(0);
  }).filter(Number.isFinite);
  text.add(filled(numbers.map((number) => [0, number, null])), numbers.length);
  const lines = text.take().toString().split("\n").slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const field = line.split("\t")[2]!;
    assert.equal(Number(field), numbers[i]! + 0, field);
    assert.match(field, /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/);
  }
});

test("a row without a code in one of its keys, and a NUL, are refused", () => {
  const text = createCopyText(columns, ["time_period"]);
  assert.throws(() => text.add(filled([[NULL_CODE, 1, null]]), 1), { code: "CELL_INCOMPLETE" });
  assert.throws(() => text.add(filled([[0, 1, "a\0b"]]), 1), { code: "TEXT_INVALID" });
  const nul: BatchColumn[] = [{ kind: "code", name: "geo", codes: ["a\0"] }];
  assert.throws(() => createCopyText(nul, []), { code: "TEXT_INVALID" });
});
