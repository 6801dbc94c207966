import assert from "node:assert/strict";
import { test } from "node:test";
import { memberOrder } from "../../../../../ingest/jsonstat/header/member-order.ts";

test("names come in the order they were written", () => {
  const text =
    '{"x":{"10":1},"a":[{"b":0},{"c":{"10":"ten","9":{"deep":1,"er":[1,2]},"z\\"":[{"n":1}],"01":null}}]}';
  assert.deepEqual(memberOrder(text, ["a", "1", "c"]), ["10", "9", 'z"', "01"]);
  assert.deepEqual(memberOrder(text, []), ["x", "a"]);
  assert.deepEqual(memberOrder('{"a":{}}', ["a"]), []);
});

test("a path that leads to no object has no order", () => {
  assert.equal(memberOrder('{"a":[1]}', ["a"]), undefined);
  assert.equal(memberOrder('{"a":{"b":1}}', ["a", "c"]), undefined);
});
