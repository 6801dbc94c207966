import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertSameRows } from "./support/compare.ts";
import { documentFiles } from "./support/document-file.ts";
import { findDatasets, flatten } from "./support/flatten.ts";
import { spell, spelledCube } from "./support/spellings.ts";

const files = documentFiles();

test("any cube in any spelling, order and block size gives the rows of a plain flattening", async () => {
  const blockSize = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 200, 1000, 1 << 18));
  await fc.assert(
    fc.asyncProperty(
      spelledCube,
      blockSize,
      fc.integer({ min: 1, max: 20 }),
      async (cube, block, capacity) => {
        const text = spell(cube);
        const { cubes } = await files.open(text, block);
        const datasets = findDatasets(JSON.parse(text));
        assert.equal(cubes.length, datasets.length);
        for (const [i, one] of cubes.entries()) {
          const { rejected } = assertSameRows(one, flatten(datasets[i]!), capacity);
          assert.deepEqual(rejected, []);
        }
      },
    ),
    { numRuns: 300 },
  );
});
