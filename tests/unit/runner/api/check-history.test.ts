import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeProject, models, rowsOf } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const project = (config: string): string =>
  makeProject({
    "models/t.sql": "select * from (values (1, 'it''s'), (1, null), (2, null), (3, null)) v(id, word)",
    "models/p.yml": `models: [{name: t, columns: [{name: id, data_tests: [unique, not_null]},
      {name: word, data_tests: [{not_null: {${config}}}]}]}]`,
    "tests/data/none.sql": "select 1 as one where false",
  });
const kept = (cwd: string): Promise<unknown[]> =>
  rowsOf(
    cwd,
    "select split_part(test_id, '.', 3) as test, node_id, row_number as n, row_json from meta.failures order by found_at, n",
  );
const relations = (cwd: string): Promise<unknown[]> =>
  rowsOf(
    cwd,
    "select table_name as name, table_type as kind from information_schema.tables where table_schema = 'main_dbt_test__audit'",
  );

describe("meta.test_results", () => {
  test("tells of unit tests too, where anything else is run", async () => {
    const cwd = makeProject({
      "models/t.sql": "select 1 as id",
      "models/p.yml": `unit_tests: [{name: one, model: t, expect: {rows: [{id: 1}]}}, {name: two, model: t, expect: {rows: [{id: 2}]}}]`,
    });
    await models(cwd, ["build"]);
    assert.deepEqual(
      await rowsOf(cwd, "select test_id, node_id, status, failures from meta.test_results order by test_id"),
      [
        { test_id: "unit_test.shop.t.one", node_id: "model.shop.t", status: "pass", failures: 0 },
        { test_id: "unit_test.shop.t.two", node_id: "model.shop.t", status: "fail", failures: 2 },
      ],
    );
  });
  test("tells of every test of every run what became of it", async () => {
    const cwd = project("severity: warn");
    await models(cwd, ["build"], { now: "2025-03-01T10:00:00Z" });
    await models(cwd, ["test", "--select", "unique_t_id"], { now: "2025-03-02T10:00:00Z" });
    const rows = await rowsOf(
      cwd,
      `select split_part(test_id, '.', 3) || ' ' || status || ' ' || failures || ' of ' || coalesce(rows_checked::text, '?')
          || ' ' || coalesce(node_id || ' ' || column_name, '') || ' ' || checked_at as told,
          message, count(*) over (partition by run_id) as tests, seconds >= 0 as timed
        from meta.test_results order by checked_at, test_id`,
    );
    const fail = "Got 1 result, configured to fail if != 0";
    assert.deepEqual(
      rows,
      [
        ["none pass 0.0 of ?  2025-03-01 10:00:00", null, "4"],
        ["not_null_t_id pass 0.0 of 4 model.shop.t id 2025-03-01 10:00:00", null, "4"],
        [
          "not_null_t_word warn 3.0 of 4 model.shop.t word 2025-03-01 10:00:00",
          "Got 3 results, configured to warn if != 0",
          "4",
        ],
        ["unique_t_id fail 1.0 of 4 model.shop.t id 2025-03-01 10:00:00", fail, "4"],
        ["unique_t_id fail 1.0 of 4 model.shop.t id 2025-03-02 10:00:00", fail, "1"],
      ].map(([told, message, tests]) => ({ told, message, tests, timed: true })),
    );
  });
  test("that cannot be written is told, and the run goes on", async () => {
    const spoilt = makeProject({
      "models/t.sql": "select 1 as id",
      "models/p.yml": "models: [{name: t, columns: [{name: id, data_tests: [unique]}]}]",
      "sql_project.yaml":
        'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, threads: 2}\non-run-start: ["drop table if exists meta.test_results"]\n',
    });
    const { code, err } = await models(spoilt, ["build"]);
    assert.equal(code, 0);
    assert.match(
      err,
      /warning META_NOT_WRITTEN the history of runs could not be noted in the schema "meta": .*test_results/,
    );
  });
});

describe("meta.failures", () => {
  test("keeps the rows that a test found, over time, up to a number of them", async () => {
    const cwd = project("store_failures: true, store_failures_limit: 2");
    await models(cwd, ["build"]);
    await models(cwd, ["test"]);
    const found = [
      { id: 1, word: null },
      { id: 2, word: null },
    ].map((row, i) => ({
      test: "not_null_t_word",
      node_id: "model.shop.t",
      n: i + 1,
      row_json: JSON.stringify(row),
    }));
    assert.deepEqual(
      (await kept(cwd)).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      found.flatMap((row) => [row, row]),
    );
    assert.deepEqual(await relations(cwd), [{ name: "not_null_t_word", kind: "BASE TABLE" }]);
  });
  test("stands alone, or beside a table or a view of the last run", async () => {
    const cwd = project("store_failures: true, store_failures_as: ephemeral");
    await models(cwd, ["build"]);
    assert.deepEqual([(await kept(cwd)).length, await relations(cwd)], [3, []]);
    for (const [config, kind] of [
      ["store_failures_as: view", "VIEW"],
      ["store_failures_as: table", "BASE TABLE"],
      ["store_failures_as: view", "VIEW"],
    ] as const) {
      writeFiles(cwd, {
        "models/p.yml": `models: [{name: t, columns: [{name: word, data_tests: [{not_null: {${config}}}]}]}]`,
      });
      const { code, out } = await models(cwd, ["test"]);
      assert.equal(code, 1, out);
      assert.deepEqual(await relations(cwd), [{ name: "not_null_t_word", kind }]);
    }
    assert.equal((await kept(cwd)).length, 12);
  });
  test("as nothing at all unless asked for", async () => {
    const cwd = project("store_failures_as: ephemeral");
    await models(cwd, ["build"]);
    assert.deepEqual([await kept(cwd), await relations(cwd)], [[], []]);
    await models(cwd, ["test", "--store-failures", "--select", "unique_t_id"]);
    assert.deepEqual(await relations(cwd), [{ name: "unique_t_id", kind: "BASE TABLE" }]);
  });
});
