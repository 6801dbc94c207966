import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { buildNodes } from "../../../../runner/api/build-nodes.ts";
import { judgeRun } from "../../../../runner/api/judge-run.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";
import type { Setting } from "../../../support/models.ts";

const table = "{{ config(materialized='table') }} ";
const files = {
  "seeds/codes.csv": "id,name\n1,a\n",
  "models/a.sql": `${table}select 1 as id`,
  "models/e.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('a') }}",
  "models/b.sql": `${table}select id from {{ ref('e') }}`,
  "models/c.sql": `select c.id, c.name from {{ ref('codes') }} c`,
  "models/d.sql": `${table}select id from {{ ref('b') }} union all select id from {{ ref('c') }}`,
  "models/s.yml":
    "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}, {name: d, columns: [{name: id, data_tests: [not_null]}]}]",
};
const write = (cwd: string, file: string, text: string): void => writeFileSync(join(cwd, file), text);

async function build(cwd: string, words: string[] = [], code = 0, setting: Setting = {}): Promise<string> {
  const ran = await models(cwd, ["build", "--changed", ...words], setting);
  assert.equal(ran.code, code, ran.out + ran.err);
  const built = Object.entries(statuses(cwd)).filter(([, status]) => status !== "no-op");
  return built
    .map(([name]) => name)
    .toSorted()
    .join(" ");
}
/** What somebody does to the warehouse without a run. */
async function change(cwd: string, sql: string): Promise<void> {
  const { project } = await openProject({ projectDir: cwd }, realEffects());
  await withSession(project.target, undefined, (session) => session.run(sql));
}
const results = (cwd: string): Record<string, string> => {
  const run = readArtifact(cwd, "run_results.json") as { results: { unique_id: string; status: string }[] };
  return Object.fromEntries(run.results.map(({ unique_id: id, status }) => [id, status]));
};
const everything = "a b c codes d not_null_d_id unique_a_id";

describe("build --changed", () => {
  test("builds everything once, then nothing", async () => {
    const cwd = makeProject(files);
    assert.equal(await build(cwd), everything);
    const { out } = await models(cwd, ["build", "--changed"]);
    assert.match(out, /done in .*: 0 ok, 7 reused/);
    assert.deepEqual(new Set(Object.values(statuses(cwd))), new Set(["no-op"]));
    if (withoutSchemas === false) assertValid("run-results-v6", readArtifact(cwd, "run_results.json"));
  });

  test("a build of everything is remembered too", async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build", "-q"])).code, 0);
    assert.equal(await build(cwd), "");
  });

  test("a dry run prints what would be built, and no more", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    write(cwd, "models/b.sql", `${table}select 7 as id from {{ ref('e') }}`);
    const { out } = await models(cwd, ["build", "--changed", "--dry-run"]);
    const named = Array.from(out.matchAll(/^-- (?:model|seed|test)\.shop\.(\w+)/gm), ([, name]) => name);
    assert.deepEqual(named.slice(0, 2), ["b", "d"]);
    assert.equal(named.length, 3, "and a test");
  });

  test("what is reused is no failure that people are told of", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    const open = await openProject({ projectDir: cwd }, realEffects());
    const options = { command: "build", select: [], exclude: [], onEvent: () => undefined } as const;
    const { results } = await buildNodes(open, { ...options, changed: true });
    assert.ok(results.length > 0 && results.every(({ status }) => status === "reused"));
    assert.deepEqual(
      judgeRun(results, open.parsed.graph, open.project.alerts, () => undefined),
      [],
    );
  });

  const edits: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      "a model, with what is below it and the tests of these",
      { "models/b.sql": `${table}select id + 0 as id from {{ ref('e') }}` },
      "b d not_null_d_id",
    ],
    [
      "spacing and comments are no change",
      { "models/b.sql": `${table}select   id -- the id\nfrom {{ ref('e') }};` },
      "",
    ],
    [
      "an ephemeral model is what it is built into",
      { "models/e.sql": "{{ config(materialized='ephemeral') }} select id + 0 as id from {{ ref('a') }}" },
      "b d not_null_d_id",
    ],
    ["a seed", { "seeds/codes.csv": "id,name\n1,b\n" }, "c codes d not_null_d_id"],
    [
      "configuration",
      {
        "models/d.sql": `{{ config(materialized='view') }} select id from {{ ref('b') }} union all select id from {{ ref('c') }}`,
      },
      "d not_null_d_id",
    ],
    [
      "tags and descriptions are no change",
      {
        "models/b.sql": `{{ config(materialized='table', tags=['x'], meta={'y': 1}) }} select id from {{ ref('e') }}`,
      },
      "",
    ],
    [
      "a test",
      { "models/s.yml": files["models/s.yml"].replace("unique", "{unique: {config: {where: id > 0}}}") },
      "unique_a_id",
    ],
  ];
  for (const [rule, edit, expected] of edits) {
    test(rule, async () => {
      const cwd = makeProject(files);
      await build(cwd);
      for (const [file, text] of Object.entries(edit)) write(cwd, file, text);
      assert.equal(await build(cwd), expected);
      assert.equal(await build(cwd), "", "and then no more");
    });
  }

  test("a relation that is gone is built, and what failed is tried again", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    await change(cwd, "drop table main.d");
    const dropped = await rowsOf(
      cwd,
      "select count(*)::int as n from information_schema.tables where table_name = 'd'",
    );
    assert.deepEqual(dropped, [{ n: 0 }]);
    assert.equal(await build(cwd), "d not_null_d_id");
    write(cwd, "models/b.sql", `${table}select id + 'x'::int as id from {{ ref('e') }}`);
    assert.equal(await build(cwd, [], 1), "b d not_null_d_id");
    write(cwd, "models/b.sql", files["models/b.sql"]);
    assert.equal(
      await build(cwd),
      "b d not_null_d_id",
      "what it was built from before the failure counts no more",
    );
  });

  test("an external model whose file is gone is built", async () => {
    const cwd = makeProject({
      "models/x.sql": "{{ config(materialized='external', location='out/x.parquet') }} select 1 as id",
      "models/y.sql": "select id from {{ ref('x') }}",
    });
    await build(cwd);
    assert.equal(await build(cwd), "");
    rmSync(join(cwd, "out/x.parquet"));
    assert.equal(await build(cwd), "x y");
  });

  test("what was built alone is seen by what is below it", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    await models(cwd, ["run", "-q", "-s", "a"]);
    assert.equal(await build(cwd), "b d not_null_d_id unique_a_id");
  });

  test("unit tests run when they or their model have changed", async () => {
    const unit = (n: number): string =>
      `unit_tests: [{name: u, model: d, given: [{input: ref('b'), rows: [{id: 1}]}, {input: ref('c'), rows: []}], expect: {rows: [{id: ${n}}]}}]`;
    const cwd = makeProject({ ...files, "models/u.yml": unit(1) });
    await build(cwd);
    assert.equal(await build(cwd), "");
    write(cwd, "models/u.yml", unit(2));
    // A unit test is called `d.u`: its model stays as it is.
    assert.equal(await build(cwd, [], 1), "d");
    assert.equal(results(cwd)["model.shop.d"], "no-op");
    write(cwd, "models/u.yml", unit(1));
    assert.equal(await build(cwd), "d");
    assert.deepEqual(results(cwd)["unit_test.shop.d.u"], "pass");
  });

  test("a test that failed is run again, one that passed is not", async () => {
    const cwd = makeProject({ ...files, "models/a.sql": `${table}select unnest([1, 1]) as id` });
    assert.equal((await models(cwd, ["build", "--changed"])).code, 1);
    assert.equal(await build(cwd, ["-s", "unique_a_id"], 1), "unique_a_id");
  });

  test("what is not deterministic is always built, or as it is told", async (t) => {
    const model = (sql: string, changed = ""): string =>
      `{{ config(materialized='table'${changed}) }} ${sql}`;
    const cwd = makeProject({
      "sql_project.yaml":
        "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, threads: 2}\n",
      "data/x.csv": "id\n1\n",
      "models/now.sql": model("select now() as at"),
      "models/day.sql": model("select current_date as d"),
      "models/word.sql": model("select 'now()' as t, 1 as random"),
      "models/file.sql": model("select * from 'data/x.csv'"),
      "models/known.sql": model("select random() as r", ", changed='known'"),
      "models/daily.sql": model("select now() as at", ", changed={'every': {'count': 1, 'period': 'day'}}"),
      "models/always.sql": model("select 1 as x", ", changed='always'"),
      "models/src.sql": model("select * from {{ source('main', 'word') }}"),
      "models/m.yml": "sources: [{name: main, tables: [{name: word}]}]",
    });
    const at = (now: string) => ({ now: `${now}T12:00:00Z` });
    const before = process.cwd();
    process.chdir(cwd); // where the file is looked for
    t.after(() => process.chdir(before));
    await models(cwd, ["build", "-q", "-s", "word"]);
    await build(cwd, [], 0, at("2024-03-01"));
    assert.equal(await build(cwd, [], 0, at("2024-03-01")), "always day file now src");
    assert.equal(await build(cwd, [], 0, at("2024-03-03")), "always daily day file now src");
  });

  test("a microbatch model is built when there is a new batch", async () => {
    const cwd = makeProject({
      "models/m.sql": `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-03-01', batch_size='day') }} select timestamp '2024-03-01' as at`,
    });
    const at = (now: string) => ({ now: `${now}T12:00:00Z` });
    assert.equal(await build(cwd, [], 0, at("2024-03-01")), "m");
    assert.equal(await build(cwd, [], 0, at("2024-03-01")), "");
    assert.equal(await build(cwd, [], 0, at("2024-03-02")), "m");
  });

  test("a window of time leaves unfinished what obeys it, and nothing else", async () => {
    const cwd = makeProject({
      "models/a.sql": `${table}select 1 as id`,
      "models/m.sql": `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-03-01', batch_size='day') }} select timestamp '2024-03-01' as at`,
      "models/n.sql": `${table}select * from {{ ref('m') }}`,
      "models/s.yml": "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]",
    });
    const window = ["--event-time-start", "2024-03-01", "--event-time-end", "2024-03-02"];
    const at = { now: "2024-03-03T12:00:00Z" };
    await build(cwd, [], 0, at);
    assert.equal((await models(cwd, ["build", ...window], at)).code, 0);
    assert.equal(await build(cwd, [], 0, at), "m n");
    assert.equal(await build(cwd, [], 0, at), "");
  });

  test("an incremental model is built when its input is, and not for being there", async () => {
    const cwd = makeProject({
      "models/a.sql": `${table}select 1 as id`,
      "models/i.sql":
        "{{ config(materialized='incremental') }} select id from {{ ref('a') }} {{#is_incremental}} where false {{/is_incremental}}",
    });
    assert.equal(await build(cwd), "a i");
    assert.equal(await build(cwd), "");
    write(cwd, "models/a.sql", `${table}select 2 as id`);
    assert.equal(await build(cwd), "a i");
  });

  test("a hook counts by what it says, not by the run that it notes", async () => {
    const hook = (what: string): string =>
      `models: [{name: i, config: {materialized: incremental, post_hook: "${what}"}}]`;
    const noted = `insert into log select '{{ invocation_id }} {{ run_started_at }} {{ var('who', 'me') }}' {{#is_incremental}}where true{{/is_incremental}}`;
    const cwd = makeProject({
      "models/i.sql": "select 1 as id",
      "models/i.yml": hook(noted),
      "models/log.sql": `${table}select 'before' as what`,
    });
    await models(cwd, ["build", "-q", "-s", "log"]);
    assert.equal(await build(cwd), "i");
    assert.equal(await build(cwd), "");
    assert.equal((await rowsOf(cwd, "from {{ ref('log') }}")).length, 2);
    assert.equal(await build(cwd, ["--vars", "who: you"]), "i");
    write(cwd, "models/i.yml", hook(`${noted.replace("where true", "where false")}`));
    assert.equal(await build(cwd), "i", "the var is another again");
    write(cwd, "models/i.yml", hook(`delete from log; ${noted}`));
    assert.equal(await build(cwd), "i");
    assert.equal(await build(cwd), "");
    assert.deepEqual((await rowsOf(cwd, "from {{ ref('log') }}")).length, 1);
  });

  test("a run that was killed in the middle leaves nothing that is taken for done", async () => {
    const cwd = makeProject(files);
    await build(cwd);
    // As a kill leaves it: begun, and never noted as done.
    const left = "update meta.statloom_builds set sql_hash = null where node_id = 'model.shop.b'";
    await change(cwd, left);
    assert.equal(await build(cwd), "b d not_null_d_id");
  });
});

describe("explain", () => {
  test("says why, and why not", async () => {
    const cwd = makeProject(files);
    const explain = async (...words: string[]): Promise<string> => {
      const { code, out, err } = await models(cwd, ["explain", ...words]);
      assert.equal(code, 0, out + err);
      return out;
    };
    assert.match(await explain("d"), /d \(table\) would be built:\n {2}- nothing is known/);
    await build(cwd);
    assert.match(
      await explain("d"),
      /d \(table\) would be reused: nothing it is made of has changed, last built 20/,
    );
    write(cwd, "models/b.sql", `${table}select 7 as id from {{ ref('e') }}`);
    write(cwd, "seeds/codes.csv", "id,name\n1,b\n");
    assert.match(await explain("b"), /- its SQL is another/);
    assert.match(await explain("d"), /- b is built too\n {2}- c is built too/);
    const [found] = JSON.parse(await explain("d", "--output", "json")) as {
      builds: boolean;
      reasons: { kind: string; what: string }[];
    }[];
    assert.equal(found?.builds, true);
    assert.deepEqual(
      found?.reasons.map(({ kind, what }) => [kind, what]),
      [
        ["parent", "b"],
        ["parent", "c"],
      ],
    );
    assert.equal((await models(cwd, ["explain", "nobody"])).code, 2);
  });
});
