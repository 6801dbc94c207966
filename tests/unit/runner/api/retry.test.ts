import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";

const write = (cwd: string, file: string, text: string): void => writeFileSync(join(cwd, file), text);
const run = async (cwd: string, words: string[], code: number): Promise<string> => {
  const ran = await models(cwd, words);
  assert.equal(ran.code, code, ran.out + ran.err);
  return ran.out + ran.err;
};

describe("retry", () => {
  test("takes up what failed and what was skipped, with what the run was told", async () => {
    const cwd = makeProject({
      "models/a.sql": "{{ config(materialized='table') }} select {{ var('n', 0) }} as id",
      "models/b.sql": "{{ config(materialized='table') }} select id, 'x'::int as x from {{ ref('a') }}",
      "models/c.sql":
        "{{ config(materialized='table') }} select id + {{ var('n', 0) }} as id from {{ ref('b') }}",
      "models/s.yml":
        "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}, {name: c, columns: [{name: id, data_tests: [unique]}]}]",
    });
    await run(cwd, ["build", "--vars", "{n: 7}"], 1);
    assert.deepEqual(statuses(cwd), {
      a: "success",
      unique_a_id: "pass",
      b: "error",
      c: "skipped",
      unique_c_id: "skipped",
    });
    await run(cwd, ["retry"], 1);
    assert.deepEqual(statuses(cwd), { b: "error", c: "skipped", unique_c_id: "skipped" });
    write(cwd, "models/b.sql", "{{ config(materialized='table') }} select id from {{ ref('a') }}");
    assert.match(await run(cwd, ["retry"], 0), /taking up 3 nodes/);
    assert.deepEqual(statuses(cwd), { b: "success", c: "success", unique_c_id: "pass" });
    assert.deepEqual(await rowsOf(cwd, "select id::varchar as id from main.c"), [{ id: "14" }]);
    assert.match(await run(cwd, ["retry"], 0), /left nothing to do/);
  });

  test("reads as little as the run that it takes up", async () => {
    const cwd = makeProject({
      "models/a.sql": "{{ config(materialized='table') }} select 1 as n",
      "models/b.sql": "{{ config(materialized='table') }} select n, nope from {{ ref('a') }}",
    });
    await run(cwd, ["run", "--empty"], 1);
    write(cwd, "models/b.sql", "{{ config(materialized='table') }} select n from {{ ref('a') }}");
    await run(cwd, ["retry"], 0);
    assert.deepEqual(await rowsOf(cwd, "from main.b"), []);
  });

  test("reads from where the run was told to read, and is as strict", async () => {
    const cwd = makeProject({
      "sql_project.yaml": `name: shop
target: dev
targets: {dev: {type: duckdb, path: data/w.duckdb, schema: dev}, prod: {type: duckdb, path: data/w.duckdb, schema: prod}}
`,
      "models/a.sql": "{{ config(materialized='table') }} select 1 as n",
      "models/b.sql": "{{ config(materialized='table') }} select n, nope from {{ ref('a') }}",
      "models/p.yml":
        "models: [{name: b, columns: [{name: n, data_tests: [{accepted_values: {arguments: {values: [2]}, config: {severity: warn}}}]}]}]\n",
    });
    await run(cwd, ["build", "-s", "a", "--target", "prod"], 0);
    renameSync(join(cwd, "target"), join(cwd, "state"));
    await run(cwd, ["build", "-s", "b", "--defer", "--state", "state", "--warn-error"], 1);
    write(cwd, "models/b.sql", "{{ config(materialized='table') }} select n from {{ ref('a') }}");
    await run(cwd, ["retry"], 1);
    assert.deepEqual(statuses(cwd), { b: "success", accepted_values_b_n__2: "fail" });
  });

  test("builds the batches that a window left, and no others", async () => {
    const model = (
      bad: string,
    ): string => `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='day', begin='2024-01-01', batch_size='day', lookback=0) }}
select day, cast(case when day = ${bad} then 'x' else '1' end as int) as n, now() as built from {{ ref('days') }}`;
    const cwd = makeProject({
      "models/days.sql":
        "{{ config(event_time='day', materialized='table') }} select unnest([timestamp '2024-01-01', timestamp '2024-01-02', timestamp '2024-01-03']) as day",
      "models/m.sql": model("timestamp '2024-01-02'"),
    });
    const window = ["--event-time-start", "2024-01-01", "--event-time-end", "2024-01-04"];
    await run(cwd, ["run", ...window], 1);
    assert.deepEqual(statuses(cwd), { days: "success", m: "partial success" });
    const before = await rowsOf(cwd, "select built from main.m order by day");
    await run(cwd, ["retry"], 1);
    write(cwd, "models/m.sql", model("null"));
    await run(cwd, ["retry"], 0);
    const { results } = readArtifact(cwd, "run_results.json") as {
      results: { unique_id: string; batch_results: { successful: string[][]; failed: string[][] } }[];
    };
    assert.deepEqual(
      results.map(({ unique_id: id }) => id),
      ["model.shop.m"],
    );
    assert.deepEqual(
      results[0]!.batch_results.successful.map(([start]) => start?.slice(0, 10)),
      ["2024-01-01", "2024-01-03", "2024-01-02"],
      "with those that were built before, as in dbt",
    );
    const [first, , last] = await rowsOf(cwd, "select built from main.m order by day");
    assert.deepEqual([first, last], before, "what was built is as it was");
  });

  test("of nothing is told", async () => {
    const cwd = makeProject({ "models/a.sql": "select 1 as id" });
    assert.match(await run(cwd, ["retry"], 2), /RETRY_NOTHING there is no run_results.json/);
    await run(cwd, ["build", "-q"], 0);
    assert.match(await run(cwd, ["retry", "--state", "elsewhere"], 2), /RETRY_NOTHING/);
  });
});
