import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CellDecoder } from "../../../../../ingest/jsonstat/cells/cell-decoder.ts";

function decode(sizes: readonly number[], cells: readonly number[]): number[][] {
  const positions = sizes.map(() => new Uint32Array(cells.length).fill(99));
  new CellDecoder(sizes).decode(Float64Array.from(cells), cells.length, positions);
  return cells.map((_, row) => positions.map((list) => list[row]!));
}

test("JSON-stat 2.0, value: the last dimension varies fastest", () => {
  assert.deepEqual(decode([2, 3], [0, 1, 2, 3, 4, 5]), [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test("any sizes and any order of cells, up to 2^53", () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 200, 40_000)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
      (list, shares) => {
        const total = list.reduce((product, size) => product * size, 1);
        if (total > Number.MAX_SAFE_INTEGER) return;
        const cells = shares.map((share) => Math.min(Math.floor(share * total), total - 1));
        const plain = cells.map((cell) => {
          let rest = BigInt(cell);
          return list
            .toReversed()
            .map((size) => {
              const position = Number(rest % BigInt(size));
              rest /= BigInt(size);
              return position;
            })
            .toReversed();
        });
        assert.deepEqual(decode(list, cells), plain);
      },
    ),
  );
});
