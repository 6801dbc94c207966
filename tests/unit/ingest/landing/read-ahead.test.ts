import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { readAhead } from "../../../../ingest/landing/read-ahead.ts";
import { edition, manyCells } from "./edition.ts";
import type { EditionHooks } from "./edition.ts";

const CAPACITY = 10;

function reading(cells: number, hooks: EditionHooks = {}) {
  const seen: number[] = [];
  const source = edition(manyCells(cells), hooks).open(() => undefined);
  const reader = readAhead(source, CAPACITY, (_batch, rows) => seen.push(rows));
  return { reader, seen };
}

describe("reading ahead", () => {
  test("gives every row once and in order, however often the taker pauses", async () => {
    const { reader, seen } = reading(1234);
    const values: number[] = [];
    for (let i = 0; ; i++) {
      if (i % 3 === 0) for (let turns = 0; turns < i % 50; turns++) await turn();
      const { batch, rows } = reader.take();
      if (rows === 0) break;
      const numbers = batch.arrays[5]!;
      assert.ok(numbers.kind === "double");
      values.push(...numbers.values.subarray(0, rows));
      reader.giveBack(batch);
    }
    assert.deepEqual(
      values,
      Array.from({ length: 1234 }, (_, i) => i / 10),
    );
    assert.equal(
      seen.reduce((sum, rows) => sum + rows, 0),
      1234,
    );
  });

  test("throws what the source threw in its place, after the batches before it", async () => {
    const broken = new Error("cut");
    const { reader } = reading(100, {
      onBatch: (given) => {
        if (given >= 30) throw broken;
      },
    });
    assert.equal(reader.take().rows, 10);
    for (let i = 0; i < 20; i++) await turn();
    assert.equal(reader.take().rows, 10);
    assert.equal(reader.take().rows, 10);
    assert.throws(() => reader.take(), broken);
  });

  test("reads no more than a few dozen batches ahead, and nothing once stopped", async () => {
    const { reader, seen } = reading(100_000);
    reader.take();
    for (let i = 0; i < 200; i++) await turn();
    assert.ok(seen.length > 10 && seen.length < 100, String(seen.length));
    reader.giveBack(reader.take().batch);
    const before = seen.length;
    reader.stop();
    for (let i = 0; i < 50; i++) await turn();
    assert.equal(seen.length, before);
  });
});
