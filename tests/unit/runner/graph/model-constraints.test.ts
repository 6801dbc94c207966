import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProject, mistakesOf, modelOf, parentsOf } from "../../../support/link-project.ts";

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

test("what a foreign key points to comes first; a table may point to itself", async () => {
  const linked = await linkProject({
    "models/a.sql": "select 1 as id, 1 as up, 'x' as code",
    "models/b.sql": "select 1 as id",
    "models/_m.yml": `models:
  - name: a
    columns:
      - {name: id, constraints: [{type: foreign_key, to: ref('b'), to_columns: [id]}]}
      - {name: up, constraints: [{type: foreign_key, to: "{{ ref('a') }}", to_columns: [id]}]}
      - {name: code, constraints: [{type: foreign_key, to: "source('s', 't')", to_columns: [code]}]}
sources: [{name: s, tables: [{name: t, identifier: codes}]}]
`,
  });
  assert.deepEqual(parentsOf(linked, "model.shop.a"), ["b", "s.t"]);
  assert.deepEqual(
    modelOf(linked, "a").constraints.map(({ other }) => other?.identifier),
    ["b", "a", "codes"],
  );
});

test("foreign keys that cannot be meant are told", async () => {
  const found = await mistakesOf({
    "models/m.sql": "select 1 as a",
    "models/e.sql": "{{ config(materialized='ephemeral') }} select 1 as a",
    "models/_m.yml": `models:
  - name: m
    columns: [{name: a}]
    constraints:
      - {type: foreign_key, columns: [a]}
      - {type: foreign_key, columns: [a], to: ref('e'), to_columns: [a, b]}
      - {type: foreign_key, columns: [a], to: e, to_columns: [a]}
      - {type: foreign_key, columns: [a], to: ref('nope'), to_columns: [a]}
      - {type: unique, columns: [a], to: ref('e')}
`,
  });
  assert.deepEqual(
    found.map((line) => line.replace(/ \| .*/, "")),
    [
      "models/_m.yml:2:5 CONSTRAINT_INVALID a foreign key must say what it points to",
      "models/_m.yml:2:5 CONSTRAINT_INVALID a foreign key of 1 columns points to 2",
      'models/_m.yml:2:5 CONSTRAINT_INVALID "e" is no relation',
      'models/_m.yml:2:5 CONSTRAINT_INVALID "unique" points to nothing',
      'models/_m.yml:2:5 NAME_UNKNOWN nothing is named "e"',
      "models/m.sql:1:1 CONSTRAINT_UNSUPPORTED the foreign key of \"m\" points to ref('e'), which is no table",
      'models/m.sql:1:1 REF_UNKNOWN no model, seed or snapshot is named "nope"',
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

test("batches and ephemeral models have no constraints, but those that may be left out", async () => {
  const files = (more: string): Record<string, string> => ({
    "models/m.sql": "{{ config(materialized='ephemeral') }} select 1 as a",
    "models/_m.yml": `models: [{name: m, columns: [{name: a, constraints: [{type: not_null${more}}]}]}]\n`,
  });
  assert.deepEqual(await mistakesOf(files("")), [
    "models/_m.yml:1:11 CONSTRAINT_UNSUPPORTED constraints do not hold of an ephemeral model | write data tests instead, or say warn_unsupported: false of each that may be left out",
  ]);
  const { constraints } = modelOf(await linkProject(files(", warn_unsupported: false")), "m");
  assert.deepEqual(
    constraints.map(({ type }) => type),
    ["not_null"],
  );
});
