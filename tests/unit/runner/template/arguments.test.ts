import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments } from "../../../../runner/template/arguments.ts";
import { valueToJson } from "../../../../runner/template/value-to-json.ts";
import { Data, Sql } from "../../../../runner/template/values.ts";

test("what a call was given is found by the parameters' names, and beyond them by its own", () => {
  const given = new Arguments([{ name: "model" }, { name: "digits" }, { name: "unsaid" }]);
  given.give(null, 0, "orders");
  given.give("digits", 1, 2);
  given.give("keyword", 2, "k");
  given.give(null, 3, new Data("more"));
  given.give(null, 4, "most");
  assert.ok(given.get("model") instanceof Sql, "text of a template is SQL");
  assert.equal(given.get("model"), given.get("model"));
  assert.deepEqual(
    Array.from(given, ([name, value]) => [name, valueToJson(value)]),
    [
      ["model", "orders"],
      ["digits", 2],
      ["keyword", "k"],
    ],
  );
  assert.deepEqual(given.rest.map(valueToJson), ["more", "most"]);
  assert.deepEqual(
    ["model", "digits", "unsaid", "keyword", "other"].map((name) => [given.has(name), given.text(name)]),
    [
      [true, "orders"],
      [true, undefined],
      [false, undefined],
      [true, "k"],
      [false, undefined],
    ],
  );
});

test("nothing is something to be given", () => {
  const given = new Arguments([{ name: "value" }]);
  given.give(null, 0, null);
  assert.equal(given.has("value"), true);
  assert.equal(given.get("value"), null);
  assert.equal(given.text("value"), undefined);
});
