import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { plainPropertyFile } from "../../../../runner/project/plain-properties.ts";
import { propertyFileSchema } from "../../../../runner/project/property-schema.ts";

/** The schema judges; true where it has nothing against the file. */
function agrees(value: unknown): boolean {
  const judged = propertyFileSchema.safeParse(value);
  const read = plainPropertyFile(value);
  assert.deepEqual(said(read), said(judged.data), JSON.stringify(value));
  return judged.success;
}

/** Without keys that have no value. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, said(inner)]));
}

const odd = fc.constantFrom<unknown>(null, undefined, "", 0, Number.NaN, true, [], {}, [null], "x", { x: 1 });
const often = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: usual, weight: 150 }, { arbitrary: odd, weight: 1 });
const text = often(fc.constantFrom("a", "b c", "{{ doc('x') }}", "", "é"));
const name = often(fc.constantFrom("a", "b", "c d"));
const list = (of: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => often(fc.array(of, { maxLength: 3 }));
const maybe = (keys: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  often(fc.record({ name, ...keys }, { requiredKeys: ["name"] }));

const entry = fc.constantFrom<unknown>(
  "unique",
  { accepted_values: { values: [1, "a"], severity: "WARN" } },
  { not_null: null },
  {},
  JSON.parse('{"__proto__": {"a": 1}}'),
);
const tests = list(often(entry));
const meta = often(fc.constantFrom<unknown>({ owner: "x" }, {}, { a: [1, { b: null }] }));
const tags = often(fc.constantFrom<unknown>("a", ["a", "b"], []));
const constraint = fc.constantFrom<unknown>(
  { type: "check", expression: " a > 1 " },
  { type: "foreign_key", to: "ref('a')", to_columns: ["a"] },
);
const column = maybe({
  description: text,
  data_type: text,
  tests,
  data_tests: tests,
  meta,
  tags,
  quote: often(fc.boolean()),
  constraints: list(constraint),
});
const config = often(
  fc.constantFrom<unknown>(
    { materialized: "table" },
    {},
    { tags: "a", meta: { b: 1 }, pre_hook: "select 1" },
  ),
);
const model = maybe({
  description: text,
  columns: list(column),
  tests,
  data_tests: tests,
  config,
  meta,
  group: name,
  access: often(fc.constantFrom("public", "private")),
  docs: often(fc.constantFrom<unknown>({ show: false }, { node_color: "red" })),
  constraints: list(constraint),
  latest_version: often(fc.constantFrom<unknown>(1, "2")),
  deprecation_date: often(fc.constantFrom("2026-01-01", "2026-06-30")),
  versions: list(fc.constantFrom<unknown>({ v: 1, columns: [{ include: "all" }, { name: "a" }] }, { v: 2 })),
});
const file = often(
  fc.record(
    {
      version: often(fc.constant(2)),
      models: list(model),
      seeds: list(maybe({ description: text, columns: list(column), tests })),
      sources: list(maybe({ tables: list(maybe({ columns: list(column), description: text })) })),
      macros: list(maybe({ description: text })),
      groups: fc.constantFrom<unknown>([{ name: "a", owner: { email: "b" } }], []),
    },
    { requiredKeys: ["models"] },
  ),
);

describe("property files of the usual form are read without their schema, and come to what it says", () => {
  test("whatever is said in them", () => {
    let sound = 0;
    const property = fc.property(file, (value) => void (sound += agrees(value) ? 1 : 0));
    fc.assert(property, { numRuns: 300 });
    assert.ok(sound > 50 && sound < 280, `${sound} of 300 were sound: too few or too many to tell`);
  });
  test("every key of a model and of a column alone", () => {
    const values = ["a", 2, 2.5, true, null, [], {}, ["a"], [{ name: "a" }], [{ v: 1 }], { enabled: true }];
    const { models, ...others } = propertyFileSchema.shape;
    const entries = models.unwrap().element.shape;
    for (const value of values) {
      for (const key of Object.keys(others)) agrees({ [key]: value });
      for (const key of [...Object.keys(entries), "other", "constructor"])
        agrees({ models: [{ name: "m", [key]: value }] });
      for (const key of [...Object.keys(entries.columns.unwrap().element.shape), "other", "toString"])
        agrees({ models: [{ name: "m", columns: [{ name: "c", [key]: value }] }] });
    }
  });
  test("keys that JavaScript would take for its own", () => {
    for (const inner of [
      '{"__proto__": 1}',
      '{"name": "a", "__proto__": []}',
      '{"name": "a", "columns": [{"name": "b", "__proto__": {}}]}',
      '{"name": "a", "meta": {"__proto__": 1}}',
    ])
      agrees({ models: [JSON.parse(inner)] });
  });
});
