import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTokens } from "../../../../../runner/graph/select/criterion.ts";

test("spaces part words, but for those between double quotes", () => {
  const values = parseTokens(['+"my people" codes', 'tag:"two words",path:"a b/c"', '"']).map(
    ({ criteria }) => criteria.map(({ method, value }) => `${method} ${value}`),
  );
  assert.deepEqual(values, [["fqn my people"], ["fqn codes"], ["tag two words", "path a b/c"], ['fqn "']]);
});
