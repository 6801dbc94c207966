import assert from "node:assert/strict";
import { test } from "node:test";
import { NumberedMap } from "../../../../runner/graph/numbered-map.ts";

test("maps of ids that are numbered once hold their own alone", () => {
  const numbers = new Map(["a", "b", "c", "d"].map((id, i) => [id, i]));
  const some = new NumberedMap(numbers, 1, ["b", "c"], [2, 3]);
  assert.deepEqual(
    [...some],
    [
      ["b", 2],
      ["c", 3],
    ],
  );
  assert.deepEqual([...some.keys(), ...some.values(), some.size], ["b", "c", 2, 3, 2]);
  assert.deepEqual(
    ["a", "b", "c", "d", "e"].map((id) => [some.get(id), some.has(id)]),
    [
      [undefined, false],
      [2, true],
      [3, true],
      [undefined, false],
      [undefined, false],
    ],
  );
  const seen: unknown[] = [];
  some.forEach((value, key) => seen.push([key, value]));
  assert.deepEqual(seen, [...some.entries()]);
});
