import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import type { Dialect } from "../../../../runner/dialects/dialect.ts";
import { postgres } from "../../../../runner/dialects/postgres.ts";
import type { ModelConfig } from "../../../../runner/graph/types.ts";
import { auditSteps, beforePublishing } from "../../../../runner/plan/before-publishing.ts";
import { checkIncremental } from "../../../../runner/plan/check-incremental.ts";
import { explainPlan } from "../../../../runner/plan/explain-plan.ts";
import { isIncremental } from "../../../../runner/plan/is-incremental.ts";
import { planModel } from "../../../../runner/plan/plan-model.ts";
import { planSeed } from "../../../../runner/plan/plan-seed.ts";
import type { CurrentRelation } from "../../../../runner/plan/step.ts";
import { modelNode, seedNode } from "./nodes.ts";

const columns = (...names: string[]) => names.map((name) => ({ name, type: "INTEGER" }));
const context = { dialect: duckdb, fullRefresh: false, queryColumns: columns("id", "value") };
const table: CurrentRelation = { kind: "table", columns: columns("id", "value") };
const view: CurrentRelation = { kind: "view", columns: [] };

const explain = (config: Partial<ModelConfig>, current: CurrentRelation, more = {}): string =>
  explainPlan(planModel(modelNode("orders", config), "select 1;\n", current, { ...context, ...more }));

test("a table replaces itself in one statement", () => {
  const expected = `-- model.shop.orders: table
-- create the table
create or replace table "shop"."orders" as (
select 1
);`;
  assert.equal(explain({}, null), expected);
  assert.equal(explain({}, table), expected);
});

test("a table in place of a view is built beside and swapped in one transaction", () => {
  assert.equal(
    explain({}, view),
    `-- model.shop.orders: table
begin;
-- drop what an earlier run may have left
drop table if exists "shop"."orders__statloom_tmp";
-- build the table beside
create table "shop"."orders__statloom_tmp" as (
select 1
);
-- drop the view in its place
drop view if exists "shop"."orders";
-- put the new table there
alter table "shop"."orders__statloom_tmp" rename to "orders";
commit;`,
  );
});

test("where views hold on to their tables, what is there is replaced together with its readers", () => {
  const first = planModel(modelNode("orders"), "select 1", null, { ...context, dialect: postgres });
  assert.deepEqual(
    first.steps.map(({ label }) => label),
    ["create the table", "see what it holds"],
  );
  for (const materialized of ["table", "view"] as const) {
    const node = modelNode("orders", { materialized });
    const again = planModel(node, "select 1", table, { ...context, dialect: postgres });
    assert.ok(again.transaction);
    assert.deepEqual(again.steps.at(-1), {
      kind: "replace-relation",
      label: `put the new ${materialized} there`,
      target: node.relation,
      beside: { ...node.relation, identifier: "orders__statloom_tmp" },
      is: materialized,
    });
  }
});

test("where views hold on to their tables, a view is given its new query, and replaced where that does not go", () => {
  const node = modelNode("orders", { materialized: "view" });
  const { steps, transaction } = planModel(node, "select 1\nas a", view, { ...context, dialect: postgres });
  assert.ok(transaction);
  const [only, ...more] = steps;
  assert.deepEqual(more, []);
  assert.equal(only?.kind, "replace-view");
  assert.deepEqual(
    (only.kind === "replace-view" ? only.otherwise : []).map(({ kind, label }) => [kind, label]),
    [
      ["statement", "drop what an earlier run may have left"],
      ["statement", "create the view beside"],
      ["replace-relation", "put the new view there"],
    ],
  );
  const told = explain({ materialized: "view" }, view, { dialect: postgres });
  assert.match(told, /^-- replace the view\ncreate or replace view "shop"."orders" as \(\nselect 1\n\);$/m);
  assert.match(
    told,
    /^-- where its columns do not allow that:\n[^]*--   create or replace view "shop"."orders__statloom_tmp" as \(\n--   select 1\n--   \);\n/m,
  );
  // What is to be looked at before anybody sees it stands beside.
  const plan = planModel(node, "select 1", view, { ...context, dialect: postgres });
  assert.deepEqual(
    beforePublishing(plan, node.relation, auditSteps).steps.map(({ kind }) => kind),
    ["statement", "statement", "audit", "replace-relation"],
  );
  assert.equal(
    beforePublishing(plan, node.relation, () => []),
    plan,
  );
});

test("a view takes a table's place in one transaction", () => {
  assert.match(
    explain({ materialized: "view" }, null),
    /^-- model\.shop\.orders: view\n-- create the view\ncreate or replace/,
  );
  assert.match(
    explain({ materialized: "view" }, table),
    /begin;\n.*\ndrop table if exists[\s\S]*create or replace view[\s\S]*commit;$/,
  );
});

test("an ephemeral model has nothing to do", () => {
  assert.deepEqual(planModel(modelNode("o", { materialized: "ephemeral" }), "q", null, context).steps, []);
});

const incremental = (config: Partial<ModelConfig> = {}): Partial<ModelConfig> => ({
  materialized: "incremental",
  unique_key: ["id"],
  incremental_strategy: "merge",
  ...config,
});

test("an incremental model says why it is built whole", () => {
  assert.match(explain(incremental(), null), /incremental \(first build\)/);
  assert.match(explain(incremental(), view), /incremental \(replaces a view\)/);
  assert.match(explain(incremental(), table, { fullRefresh: true }), /incremental \(full refresh\)/);
  assert.match(explain(incremental({ full_refresh: true }), table), /incremental \(full refresh\)/);
  assert.match(
    explain(incremental({ full_refresh: false }), table, { fullRefresh: true }),
    /incremental \(merge\)/,
  );
});

test("delete+insert goes through a temporary table in one transaction", () => {
  assert.equal(
    explain(incremental({ incremental_strategy: "delete+insert" }), table),
    `-- model.shop.orders: incremental (delete+insert)
begin;
-- drop what an earlier run may have left
drop table if exists "temp"."main"."orders__statloom_tmp";
-- query what is new
create temporary table "temp"."main"."orders__statloom_tmp" as (
select 1
);
-- delete what it replaces
delete from "shop"."orders" as DBT_INTERNAL_DEST
using "temp"."main"."orders__statloom_tmp" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_DEST."id" is not distinct from DBT_INTERNAL_SOURCE."id"
-- insert it
insert into "shop"."orders" ("id", "value") select "id", "value" from "temp"."main"."orders__statloom_tmp";
-- drop the temporary table
drop table if exists "temp"."main"."orders__statloom_tmp";
commit;`.replace('SOURCE."id"\n--', 'SOURCE."id";\n--'),
  );
});

test("merge updates everything but the keys, or what it is told", () => {
  const updated = (config: Partial<ModelConfig>): string | undefined =>
    /update set (.*)/.exec(
      explain(
        incremental(config),
        { kind: "table", columns: columns("ID", "a", "b") },
        { queryColumns: null },
      ),
    )?.[1];
  assert.equal(updated({}), '"a" = DBT_INTERNAL_SOURCE."a", "b" = DBT_INTERNAL_SOURCE."b"');
  assert.equal(updated({ merge_update_columns: ["b"] }), '"b" = DBT_INTERNAL_SOURCE."b"');
  assert.equal(updated({ merge_exclude_columns: ["B"] }), '"a" = DBT_INTERNAL_SOURCE."a"');
});

test("without a key, and with append, rows are only added", () => {
  assert.match(explain(incremental({ unique_key: [] }), table), /append the rows/);
  assert.match(explain(incremental({ incremental_strategy: "append" }), table), /append the rows/);
});

const problem = (config: Partial<ModelConfig>, current: CurrentRelation, more = {}): string => {
  try {
    return explain(incremental(config), current, more);
  } catch (error) {
    return (error as Error).message;
  }
};

test("mistakes are told with their place, code and way out", () => {
  assert.equal(
    problem({ merge_update_columns: ["value"], merge_exclude_columns: ["value"] }, null),
    "models/orders.sql:1:1 CONFIG_CONFLICT merge_update_columns and merge_exclude_columns contradict each other\n    keep one of the two",
  );
  assert.equal(
    problem({ incremental_strategy: "append", merge_update_columns: ["value"] }, null),
    'models/orders.sql:1:1 CONFIG_UNUSED merge_update_columns has no meaning with incremental_strategy "append"\n    set incremental_strategy to "merge", or remove it',
  );
  assert.match(
    problem({ incremental_strategy: "append", incremental_predicates: ["1 = 1"] }, null),
    /CONFIG_UNUSED/,
  );
  const overwrite = { incremental_strategy: "insert_overwrite", unique_key: [] } as const;
  assert.match(
    problem(overwrite, null),
    /CONFIG_MISSING insert_overwrite needs partition_by\n.*partition_by=/,
  );
  assert.match(
    problem({ ...overwrite, unique_key: ["id"], partition_by: ["id"] }, null),
    /CONFIG_UNUSED unique_key/,
  );
  assert.match(
    problem({ partition_by: ["id"] }, null),
    /CONFIG_UNUSED partition_by has no meaning with .*"merge"/,
  );
  assert.match(
    problem({ incremental_strategy: "append", merge_update_condition: "true" }, null),
    /CONFIG_UNUSED merge_update_condition/,
  );
  assert.equal(
    problem({ merge_exclude_columns: ["valeu"] }, table),
    'models/orders.sql:1:1 COLUMN_UNKNOWN merge_exclude_columns names "valeu", which the model does not have\n    did you mean "value"?',
  );
  assert.match(
    problem({ unique_key: ["zzzzzz"] }, null),
    /unique_key names "zzzzzz".*\n {4}its columns are "id", "value"/,
  );
  assert.equal(
    problem({}, { kind: "table", columns: columns("id", "value", "gone", "lost") }),
    'models/orders.sql:1:1 COLUMN_MISSING the query gives no column "gone", "lost", which the table "shop"."orders" has\n    select it again, or rebuild the table with --full-refresh',
  );
});

test("a strategy that the engine lacks is known before anything runs", () => {
  const dialect: Dialect = { ...duckdb, supportsMerge: false };
  assert.equal(checkIncremental(modelNode("o", incremental()), dialect)[0]?.code, "STRATEGY_UNSUPPORTED");
  assert.deepEqual(checkIncremental(modelNode("o", incremental()), duckdb), []);
  assert.deepEqual(checkIncremental(modelNode("o", { merge_update_columns: ["a"] }), duckdb), []);
});

test("is_incremental needs an incremental model, a table and no full refresh", () => {
  const node = modelNode("o", incremental());
  assert.equal(isIncremental(node, table, false), true);
  assert.equal(isIncremental(node, table, true), false);
  assert.equal(isIncremental(node, view, false), false);
  assert.equal(isIncremental(node, null, false), false);
  assert.equal(isIncremental(modelNode("o"), table, false), false);
});

test("a seed is loaded beside what is there", () => {
  const node = seedNode("codes", { delimiter: "\t", column_types: { code: "varchar" } });
  assert.equal(
    explainPlan(planSeed(node, "/p/seeds/codes.csv", null, context)),
    `-- seed.shop.codes: seed
begin;
-- load seeds/codes.csv into shop.codes from /p/seeds/codes.csv, delimiter "\\t", declared: code varchar
commit;`,
  );
  assert.deepEqual(
    planSeed(node, "/p/seeds/codes.csv", view, context).steps.map(({ label }) => label),
    [
      "drop what an earlier run may have left",
      "load seeds/codes.csv",
      "drop the view in its place",
      "put the new table there",
    ],
  );
});

test("a plan is data: it survives JSON", () => {
  const plan = planModel(modelNode("orders", incremental()), "select 1", table, context);
  assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
});
