import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createBatch } from "../../../../ingest/landing/batch-source.ts";
import { contentDigest, createContentHash } from "../../../../ingest/landing/content-hash.ts";
import { edition } from "./edition.ts";
import type { Cell } from "./edition.ts";

/** Reads the cells through batches of `batchRows` and hashes them. */
function hashOf(cells: readonly Cell[], batchRows = 2048): string {
  const source = edition(cells, { batchRows }).open(() => undefined);
  const hash = createContentHash(source, 2048);
  const batch = createBatch(source.columns, 2048);
  for (let rows = source.next(batch); rows > 0; rows = source.next(batch)) hash.add(batch, rows);
  return contentDigest([hash.sums()], "");
}

const cell: fc.Arbitrary<Cell> = fc.record(
  {
    geo: fc.constantFrom("DE", "FR", "quote'\"d"),
    time: fc.constantFrom("2023", "2024-Q1", "someday"),
    value: fc.double({ noNaN: true }),
    text: fc.string(),
    status: fc.constantFrom("p", "bu", "m"),
  },
  { requiredKeys: ["geo", "time"] },
);
const cells = fc.array(cell, { minLength: 1, maxLength: 60 });
/** A cell as the hash should see it: -0 is 0. */
const canonical = (one: Cell): string => JSON.stringify([one.geo, one.time, one.value, one.text, one.status]);

describe("the hash of rows", () => {
  test("does not depend on their order or on the batches they come in", () => {
    fc.assert(
      fc.property(
        cells,
        fc.integer({ min: 1, max: 70 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (list, batchRows, noise) => {
          const order = new Map(list.map((one) => [one, noise.next().value as number]));
          const mixed = list.toSorted((a, b) => order.get(a)! - order.get(b)!);
          assert.equal(hashOf(mixed, batchRows), hashOf(list));
        },
      ),
    );
  });

  test("differs when any one row does", () => {
    fc.assert(
      fc.property(cells, cell, fc.nat(), (list, other, at) => {
        const place = at % list.length;
        fc.pre(canonical(list[place]!) !== canonical(other));
        assert.notEqual(hashOf(list.with(place, other)), hashOf(list));
      }),
    );
  });

  test("differs when two rows exchange their values, and when a row stands twice", () => {
    const one: Cell = { geo: "DE", time: "2023", value: 1 };
    const two: Cell = { geo: "FR", time: "2023", value: 2 };
    const given = hashOf([one, two]);
    assert.notEqual(
      hashOf([
        { ...one, value: 2 },
        { ...two, value: 1 },
      ]),
      given,
    );
    assert.notEqual(hashOf([one, two, two]), given);
    assert.notEqual(hashOf([{ ...one, value: undefined }, two]), hashOf([{ ...one, value: 0 }, two]));
    assert.equal(hashOf([{ ...one, value: -0 }]), hashOf([{ ...one, value: 0 }]));
  });
});
