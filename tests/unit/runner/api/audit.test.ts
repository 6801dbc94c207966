import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { auditsOf } from "../../../../runner/graph/audits.ts";
import { linkProject, mistakesOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";
import type { ArtifactResult } from "../../../support/models.ts";

const orders = (rows: string, config = ""): string =>
  `{{ config(materialized='table', audit='before_publish'${config}) }} select * from (values ${rows}) as t (id, kind)`;
const GOOD = "(1, 'a'), (2, 'b')";
const FILES = {
  "models/orders.sql": orders(GOOD),
  "models/kinds.sql": "{{ config(materialized='table') }} select unnest(['a', 'b']) as kind",
  "models/below.sql": "select kind, count(*)::integer as n from {{ ref('orders') }} group by kind",
  "models/p.yml": `
models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique, {values_between: {min_value: 1, severity: warn}}]
      - name: kind
        data_tests:
          - relationships: {to: ref('kinds'), field: kind, config: {store_failures: true}}
          - relationships: {name: late, to: ref('below'), field: kind}
`,
  "tests/data/kinds_are_short.sql": "select * from {{ ref('orders') }} where length(kind) > 1",
};

describe("audit: before_publish", () => {
  test("tests come along, hold up what is below, and say what they found of what nobody sees", async () => {
    const cwd = makeProject(FILES);
    // As `run`, which runs no other tests.
    assert.equal((await models(cwd, ["run"])).code, 0);
    assert.deepEqual(Object.keys(statuses(cwd)).toSorted(), [
      "below",
      "kinds",
      "kinds_are_short",
      "orders",
      "relationships_orders_kind__kind__ref_kinds_",
      "unique_orders_id",
      "values_between_orders_id__1",
    ]);
    writeFileSync(join(cwd, "models/orders.sql"), orders("(-1, 'a'), (3, 'bb'), (3, 'c')"));
    const { code, out } = await models(cwd, ["build"]);
    assert.equal(code, 1);
    assert.match(out, /AUDIT_FAILED 3 tests did not pass .*"unique_orders_id" \(1 result\)/);
    assert.match(out, /of rows that were not published/);
    assert.deepEqual(statuses(cwd), {
      below: "skipped",
      kinds: "success",
      kinds_are_short: "fail",
      late: "skipped",
      orders: "error",
      relationships_orders_kind__kind__ref_kinds_: "fail",
      unique_orders_id: "fail",
      values_between_orders_id__1: "warn",
    });
    assert.deepEqual(await rowsOf(cwd, "select id from {{ ref('orders') }} order by 1"), [
      { id: 1 },
      { id: 2 },
    ]);
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select id, kind from main_dbt_test__audit.relationships_orders_kind__kind__ref_kinds_ order by kind",
      ),
      [
        { id: 3, kind: "bb" },
        { id: 3, kind: "c" },
      ],
      "what is kept in a table is kept, although it was nowhere else",
    );
    assert.deepEqual(
      await rowsOf(
        cwd,
        "select status from meta.test_results where test_id like '%unique_orders%' order by checked_at",
      ),
      [{ status: "pass" }, { status: "fail" }],
    );
    writeFileSync(join(cwd, "models/orders.sql"), orders("(-1, 'a')"));
    assert.equal((await models(cwd, ["build", "--warn-error-options", "{error: [TEST_WARNED]}"])).code, 1);
    assert.equal(statuses(cwd)["orders"], "error", "what warns fails, where it is told to");
    assert.equal((await models(cwd, ["build"])).code, 0);
    assert.deepEqual(await rowsOf(cwd, "select id from {{ ref('orders') }}"), [{ id: -1 }]);
  });
  test("on_error: continue builds what is below on what was published before", async () => {
    const cwd = makeProject({ ...FILES, "models/orders.sql": orders(GOOD, ", on_error='continue'") });
    assert.equal((await models(cwd, ["build"])).code, 0);
    writeFileSync(join(cwd, "models/orders.sql"), orders("(3, 'c')", ", on_error='continue'"));
    assert.equal((await models(cwd, ["build"])).code, 1);
    assert.equal(statuses(cwd)["below"], "success");
    assert.deepEqual(await rowsOf(cwd, "select sum(n)::integer as n from {{ ref('below') }}"), [{ n: 2 }]);
  });
  test("seeds and snapshots are audited too", async () => {
    const cwd = makeProject({
      "seeds/codes.csv": "code\na\nb\n",
      "seeds/p.yml":
        "seeds: [{name: codes, config: {audit: before_publish}, columns: [{name: code, data_tests: [unique]}]}]",
      "snapshots/p.yml": `
snapshots:
  - {name: history, relation: ref('codes'), config: {audit: before_publish, strategy: check, check_cols: all, unique_key: code},
     columns: [{name: code, data_tests: [{accepted_values: {values: [a, b, c]}}]}]}`,
    });
    assert.equal((await models(cwd, ["build"])).code, 0);
    writeFileSync(join(cwd, "seeds/codes.csv"), "code\na\na\n");
    assert.equal((await models(cwd, ["seed"])).code, 1);
    assert.deepEqual(await rowsOf(cwd, "select count(distinct code)::integer as n from {{ ref('codes') }}"), [
      { n: 2 },
    ]);
    writeFileSync(join(cwd, "seeds/codes.csv"), "code\na\nd\n");
    assert.equal((await models(cwd, ["build"])).code, 1);
    assert.deepEqual(await rowsOf(cwd, "select code from {{ ref('history') }} order by 1"), [
      { code: "a" },
      { code: "b" },
    ]);
  });
  test("rows go to quarantine with the names of the tests, in a table that the tests then pass", async () => {
    const cwd = makeProject({
      ...FILES,
      "models/orders.sql": orders("(1, 'a'), (2, 'b'), (2, 'zz')", ", quarantine={'max_share': 0.7}"),
    });
    const { code, out, err } = await models(cwd, ["build", "--exclude", "kinds_are_short"]);
    assert.equal(code, 0, out);
    assert.match(`${out}${err}`, /ROWS_QUARANTINED 2 rows of "orders" went to quarantine/);
    assert.deepEqual(
      await rowsOf(cwd, "select id, kind, _failed_tests from main.orders__quarantine order by kind"),
      [
        { id: 2, kind: "b", _failed_tests: "unique_orders_id" },
        { id: 2, kind: "zz", _failed_tests: "unique_orders_id, relationships_orders_kind__kind__ref_kinds_" },
      ],
    );
    const { results } = readArtifact(cwd, "run_results.json") as {
      results: (ArtifactResult & {
        adapter_response: { rows_quarantined?: number; rows_affected?: number };
      })[];
    };
    const { adapter_response: response } = results.find(({ unique_id: id }) => id === "model.shop.orders")!;
    assert.deepEqual([response.rows_affected, response.rows_quarantined], [1, 2]);
    assert.equal((await models(cwd, ["build", "--changed"])).code, 0);
    assert.equal(statuses(cwd)["orders"], "no-op");
    writeFileSync(join(cwd, "models/p.yml"), FILES["models/p.yml"].replace("[unique, ", "["));
    assert.equal((await models(cwd, ["build", "--changed"])).code, 0);
    assert.equal(statuses(cwd)["orders"], "success", "with other tests, other rows stay");
    assert.deepEqual(await rowsOf(cwd, "select kind from {{ ref('orders') }} order by 1"), [
      { kind: "a" },
      { kind: "b" },
    ]);
  });
  test("what cannot be audited or quarantined says so before anything runs", async () => {
    const cwd = makeProject({
      "models/e.sql": "{{ config(materialized='ephemeral', audit='before_publish') }} select 1 as a",
      "models/x.sql":
        "{{ config(materialized='external', audit='before_publish') }} select 1 as a from {{ ref('e') }}",
      "models/v.sql": "{{ config(materialized='view', quarantine=true) }} select 1 as a",
    });
    const { code, err } = await models(cwd, ["run"]);
    assert.equal(code, 2);
    assert.match(
      err,
      /x\.sql:1:1 AUDIT_UNSUPPORTED audit "before_publish" does not hold here: its file is seen/,
    );
    assert.match(err, /v\.sql:1:1 QUARANTINE_UNSUPPORTED quarantine moves rows of a table/);
  });
  test("two tables that are tested against each other do not wait for each other", async () => {
    const node = (name: string, other: string): string =>
      `  - {name: ${name}, config: {materialized: table, audit: before_publish}, columns: [{name: id, data_tests: [{relationships: {to: ref('${other}'), field: id}}]}]}`;
    const files = {
      "models/a.sql": "select 1 as id",
      "models/b.sql": "select 1 as id",
      "models/p.yml": `models:\n${node("a", "b")}\n${node("b", "a")}\n`,
    };
    assert.deepEqual(await mistakesOf(files), []);
    const { graph } = await linkProject(files);
    assert.deepEqual(
      [...auditsOf(graph)].map(([id, { waitsFor }]) => [id, waitsFor]),
      [["model.shop.a", ["model.shop.b"]]],
    );
    assert.equal((await models(makeProject(files), ["build"])).code, 0);
  });
});
