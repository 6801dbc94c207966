import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProject, mistakesOf, modelOf } from "../../../support/link-project.ts";

test("constraints of columns and of the model are one list", async () => {
  const linked = await linkProject({
    "models/m.sql": "select 1 as a, 2 as b",
    "models/_m.yml": `models:
  - name: m
    config: {contract: {enforced: true}}
    columns:
      - {name: a, data_type: int, constraints: [{type: not_null}]}
      - {name: b, data_type: int}
    constraints: [{type: unique, columns: [a, b]}, {type: check, expression: a < b, name: order}]
`,
  });
  const { constraints, config } = modelOf(linked, "m");
  assert.ok(config.contract.enforced);
  assert.deepEqual(
    constraints.map(({ type, columns, expression }) => [type, columns.join(" "), expression]),
    [
      ["not_null", "a", null],
      ["unique", "a b", null],
      ["check", "", "a < b"],
    ],
  );
});

test("what cannot be meant is told", async () => {
  const found = await mistakesOf({
    "models/m.sql": "{{ config(contract={'enforced': true}) }} select 1 as amount",
    "models/e.sql": "{{ config(materialized='ephemeral', contract={'enforced': true}) }} select 1 as a",
    "models/_m.yml": `models:
  - name: m
    columns: [{name: amount}]
    constraints: [{type: unique, columns: [amuont]}, {type: check}, {type: not_null}]
`,
  });
  assert.deepEqual(found, [
    'models/_m.yml:2:5 COLUMN_UNKNOWN a constraint names "amuont", which is not among the columns | did you mean "amount"?',
    'models/_m.yml:2:5 CONSTRAINT_INVALID a check has no expression | - {type: check, expression: "value >= 0"}',
    'models/_m.yml:2:5 CONSTRAINT_INVALID "not_null" names no columns | columns: [geo, year]',
    'models/_m.yml:3:16 CONTRACT_INCOMPLETE the contract does not say the type of "amount" | give it a data_type',
    "models/e.sql:1:1 CONTRACT_INCOMPLETE the contract is enforced, and no columns are listed | list every column with its data_type",
    "models/e.sql:1:1 CONTRACT_UNSUPPORTED an ephemeral model has no contract: it is no relation | materialize it, or take the contract away",
  ]);
});
