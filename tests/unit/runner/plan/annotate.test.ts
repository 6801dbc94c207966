import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { postgres } from "../../../../runner/dialects/postgres.ts";
import { annotated } from "../../../../runner/plan/annotate.ts";
import { explainPlan } from "../../../../runner/plan/explain-plan.ts";
import { planModel } from "../../../../runner/plan/plan-model.ts";
import { modelNode } from "./nodes.ts";

const { grants } = postgres;
const node = modelNode("orders", { grants: { select: ["reader", 'o"dd'], insert: [] } });
const plan = planModel(node, "select 1 as a", null, {
  dialect: duckdb,
  fullRefresh: false,
  queryColumns: null,
});

test("what is wanted is granted, what others hold besides is taken, all in the node's transaction", () => {
  const held = [
    { privilege: "SELECT", grantee: "reader" },
    { privilege: "SELECT", grantee: "gone" },
    { privilege: "INSERT", grantee: "reader" },
  ];
  const text = explainPlan(annotated(plan, node, { ...duckdb, grants }, held));
  assert.equal(
    text.slice(text.indexOf("-- take")),
    `-- take SELECT from "gone"
revoke SELECT on "shop"."orders" from "gone";
-- take INSERT from "reader"
revoke INSERT on "shop"."orders" from "reader";
-- grant select
grant select on "shop"."orders" to "reader", "o""dd";
commit;`,
  );
});

test("an engine without users, and a node that asks for nothing, get no step", () => {
  assert.equal(annotated(plan, node, duckdb), plan);
  assert.equal(annotated(plan, modelNode("orders"), { ...duckdb, grants }), plan);
});
