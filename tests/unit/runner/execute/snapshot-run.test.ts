import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { mistakesOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";

const snapshots = `snapshots:
  - name: orders_history
    description: Every state of an order.
    relation: ref('stg_orders')
    config:
      unique_key: id
      strategy: check
      check_cols: [state]
      hard_deletes: new_record
      tags: [kept]
    columns:
      - {name: dbt_scd_id, data_tests: [unique, not_null]}
`;
const files = {
  "seeds/orders.csv": "id,state\n1,new\n2,new\n",
  "models/stg_orders.sql": "select * from {{ ref('orders') }}",
  "snapshots/sub/history.yml": snapshots,
  "models/orders_now.sql": "select * from {{ ref('orders_history') }} where dbt_valid_to is null",
};
const at = (now: string) => ({ now: `${now}T00:00:00Z` });

test("a snapshot is built between what it keeps and what reads it", async () => {
  const root = makeProject(files);
  const first = await models(root, ["build"], at("2024-01-01"));
  assert.equal(first.code, 0, first.out);
  writeFileSync(join(root, "seeds/orders.csv"), "id,state\n1,sent\n");
  assert.equal((await models(root, ["build", "--full-refresh"], at("2024-01-02"))).code, 0);
  const rows = await rowsOf(
    root,
    "select id, state, dbt_valid_from::date as since, dbt_is_deleted as gone from {{ ref('orders_history') }} order by id, dbt_valid_from",
  );
  assert.deepEqual(rows, [
    { id: "1", state: "new", since: "2024-01-01", gone: "False" },
    { id: "1", state: "sent", since: "2024-01-02", gone: "False" },
    { id: "2", state: "new", since: "2024-01-01", gone: "False" },
    { id: "2", state: "new", since: "2024-01-02", gone: "True" },
  ]);
  assert.deepEqual(statuses(root)["orders_now"], "success");
  assert.equal(statuses(root)["orders_history"], "success");
  assert.equal(statuses(root)["unique_orders_history_dbt_scd_id"], "pass");
});

test("models snapshot takes snapshots alone; selectors and listings know them", async () => {
  const root = makeProject(files);
  await models(root, ["build", "--exclude", "resource_type:snapshot+"], at("2024-01-01"));
  assert.equal((await models(root, ["snapshot"], at("2024-01-01"))).code, 0);
  assert.deepEqual(statuses(root), { orders_history: "success" });
  const list = async (...words: string[]) => (await models(root, ["ls", "--output", "name", ...words])).out;
  assert.equal(await list("--resource-type", "snapshot"), "orders_history\n");
  assert.equal(await list("--select", "tag:kept", "--resource-type", "snapshot"), "orders_history\n");
  assert.equal(
    await list("--select", "config.strategy:check", "--resource-type", "snapshot"),
    "orders_history\n",
  );
  assert.equal(
    await list("--select", "path:snapshots/sub", "--resource-type", "snapshot"),
    "orders_history\n",
  );
  assert.match(await list("--select", "orders_history+", "--resource-type", "model"), /^orders_now\n$/);
  assert.match(
    (await models(root, ["build", "--dry-run", "-s", "orders_history"])).out,
    /snapshot \(check\)\nbegin;/,
  );
});

test("the manifest of a snapshot is what dbt's schema says", { skip: withoutSchemas }, async () => {
  const root = makeProject(files);
  await models(root, ["build"], at("2024-01-01"));
  const manifest = readArtifact(root, "manifest.json") as { nodes: Record<string, Record<string, unknown>> };
  assertValid("manifest-v12", manifest);
  assertValid("run-results-v6", readArtifact(root, "run_results.json"));
  const node = manifest.nodes["snapshot.shop.orders_history"];
  assert.equal(node?.["resource_type"], "snapshot");
  assert.equal(node?.["raw_code"], "select * from {{ ref('stg_orders') }}");
  assert.deepEqual(node?.["fqn"], ["shop", "sub", "orders_history"]);
  assert.equal(node?.["compiled_code"], 'select * from "main"."stg_orders"');
});

test("what a snapshot lacks is told at its place, all at once", async () => {
  const found = await mistakesOf({
    "models/a.sql": "select 1 as id",
    "snapshots/s.yml": `snapshots:
  - {name: none, relation: ref('a')}
  - {name: times, relation: ref('a'), config: {unique_key: id, strategy: timestamp, check_cols: all}}
  - {name: checks, relation: ref('a'), config: {unique_key: id, strategy: check}}
  - {name: a, relation: ref('b'), config: {unique_key: id, strategy: check, check_cols: all}}
  - {name: typo, relation: ref('a'), config: {unique_keys: id}}
  - {name: checks, relation: ref('a')}
`,
  });
  assert.match(found.join("\n"), /s\.yml:6:\d+ KEY_UNKNOWN "unique_keys".*"unique_key"/);
  const rest = await mistakesOf({
    "models/a.sql": "select 1 as id",
    "snapshots/s.yml": `snapshots:
  - {name: none, relation: ref('a')}
  - {name: times, relation: ref('a'), config: {unique_key: id, strategy: timestamp, check_cols: all}}
  - {name: checks, relation: ref('a'), config: {unique_key: id, strategy: check}}
  - {name: a, relation: ref('b'), config: {unique_key: id, strategy: check, check_cols: all}}
  - {name: checks, relation: ref('a')}
  - {name: plain, relation: b, config: {unique_key: id, strategy: check, check_cols: all}}
`,
  });
  for (const expected of [
    /s\.yml:2:\d+ CONFIG_MISSING snapshot "none" needs unique_key/,
    /s\.yml:2:\d+ CONFIG_MISSING snapshot "none" needs strategy/,
    /s\.yml:3:\d+ CONFIG_MISSING snapshot "times" needs updated_at/,
    /s\.yml:3:\d+ CONFIG_UNUSED check_cols/,
    /s\.yml:4:\d+ CONFIG_MISSING snapshot "checks" needs check_cols/,
    /s\.yml:5:\d+ NAME_DUPLICATE snapshot "a" has the name of a model/,
    /s\.yml:5:\d+ REF_UNKNOWN no .* is named "b"/,
    /s\.yml:6:\d+ NAME_DUPLICATE snapshot "checks" is also in snapshots\/s\.yml:4/,
    /s\.yml:7:\d+ RELATION_INVALID snapshot "plain" is of "b", which is no call \| write relation: ref\('b'\)/,
  ]) {
    assert.match(rest.join("\n"), expected);
  }
});
