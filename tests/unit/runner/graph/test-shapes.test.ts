import assert from "node:assert/strict";
import { test } from "node:test";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { linkProject, testsOf } from "../../../support/link-project.ts";

const models = {
  "models/a.sql": "select 1 as x",
  "models/b.sql": "select 1 as x",
  "models/c.sql": "select 1 as x",
};

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

test("tests of one shape refer to their own node, and to what their macro always reads", async () => {
  const linked = await linkProject({
    ...models,
    "macros/t.sql":
      "{{! macro test_known(model, column_name) }}select * from {{ model }} where {{ column_name }} not in (select x from {{ ref('c') }})",
    "models/p.yml": `models:
  - {name: a, columns: [{name: x, data_tests: [known, not_null]}]}
  - {name: b, columns: [{name: x, data_tests: [known, not_null]}]}
  - {name: c, columns: [{name: x, data_tests: [known]}]}
`,
  });
  const parents = new Map(testsOf(linked).map((node) => [node.name, node.dependsOn.nodes]));
  assert.deepEqual([...parents].toSorted(byName), [
    ["known_a_x", ["model.shop.a", "model.shop.c"]],
    ["known_b_x", ["model.shop.b", "model.shop.c"]],
    ["known_c_x", ["model.shop.c"]],
    ["not_null_a_x", ["model.shop.a"]],
    ["not_null_b_x", ["model.shop.b"]],
  ]);
});

test("a macro that makes references of its arguments is looked into for each test", async () => {
  const linked = await linkProject({
    ...models,
    "macros/t.sql":
      "{{! macro test_like(model, other) }}select * from {{ model }} where x not in (select x from {{ ref(other) }})",
    "models/p.yml": `models:
  - {name: a, data_tests: [{like: {other: b}}, {like: {other: c}}]}
`,
  });
  const parents = new Map(testsOf(linked).map((node) => [node.name, node.dependsOn.nodes]));
  assert.deepEqual([...parents].toSorted(byName), [
    ["like_a_b", ["model.shop.a", "model.shop.b"]],
    ["like_a_c", ["model.shop.a", "model.shop.c"]],
  ]);
});

test("calls in arguments make references of their own, and each wrong call is told at its test", async () => {
  const told = await linkProject({
    ...models,
    "models/p.yml": `models:
  - name: a
    columns:
      - name: x
        data_tests:
          - relationships: {to: ref('b'), field: x}
          - relationships: {to: ref('c'), field: x}
          - unique: {no: 1}
  - name: b
    columns: [{name: x, data_tests: [unique: {no: 1}]}]
`,
  }).then(
    () => [],
    (error: unknown) => (error instanceof ProjectError ? error.problems : []),
  );
  assert.deepEqual(
    told.map(({ code, file, line }) => [code, file, line]),
    [
      ["ARGUMENT_UNKNOWN", "models/p.yml", 8],
      ["ARGUMENT_UNKNOWN", "models/p.yml", 10],
    ],
  );
});
