import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { portionOf } from "../../../../runner/cli/commands/read-spans.ts";
import { PROJECT_FILE } from "../../../support/link-project.ts";
import { makeProject, models, rowsOf } from "../../../support/models.ts";

const files = {
  "seeds/days.csv": "day,n\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-02-01,4\n",
  "seeds/_s.yml": "seeds: [{name: days, config: {event_time: day}}]\n",
  "seeds/codes.csv": "n\n1\n2\n3\n4\n",
  "models/all.sql":
    "{{ config(materialized='table') }} select d.n from {{ ref('days') }} d join {{ ref('codes') }} c using (n)",
  "models/short.sql": "{{ config(materialized='ephemeral') }} select 7 as n",
  "models/below.sql":
    "{{ config(materialized='table', post_hook='insert into {{ this }} select 9 from {{ ref(\"codes\") }} limit 1') }} select n from {{ ref('short') }} union all select n from {{ ref('all') }}",
  "snapshots/s.yml": `snapshots:
  - name: kept
    relation: ref('days')
    config: {unique_key: n, strategy: check, check_cols: all, hard_deletes: invalidate}
`,
  "tests/data/none.sql": "select * from {{ ref('all') }} where n > 100",
};
const n = async (root: string, table: string): Promise<unknown[]> =>
  (await rowsOf(root, `select n from main.${table} order by n`)).map((row) => (row as { n: unknown }).n);

describe("--empty and --sample", () => {
  test("nothing is read, hooks still are whole, and snapshots are left alone", async () => {
    const root = makeProject(files);
    await models(root, ["build"]);
    assert.deepEqual(await n(root, "all"), ["1", "2", "3", "4"]);
    const { code, err } = await models(root, ["build", "--empty"]);
    assert.equal(code, 0);
    assert.match(err, /SNAPSHOT_KEPT --empty takes no snapshot where .*: kept/);
    assert.deepEqual([await n(root, "all"), await n(root, "below")], [[], ["9"]]);
    assert.deepEqual(await n(root, "kept"), ["1", "2", "3", "4"]);
    assert.deepEqual(await rowsOf(root, "select n from main.kept where dbt_valid_to is not null"), []);
  });

  test("of what is built in batches, one shows that the SQL of all holds; what is done stays done", async () => {
    const root = makeProject({
      ...files,
      "models/daily.sql":
        "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='day', begin='2024-01-01', batch_size='day', lookback=0) }} select * from {{ ref('days') }}",
    });
    const build = async (now: string, ...words: string[]): Promise<string> => {
      const ran = await models(root, ["build", "-s", "+daily", ...words], { now });
      assert.equal(ran.code, 0, ran.out + ran.err);
      return ran.out;
    };
    await build("2024-01-02T12:00:00Z");
    const lines = (out: string): string[] => out.split("\n").filter((line) => line.includes(" batch "));
    const [line, ...others] = lines(await build("2024-03-01T12:00:00Z", "--empty"));
    assert.match(line!, /batch 1\/1 +main\.daily 2024-03-01/);
    assert.deepEqual(others, []);
    assert.match((await models(root, ["build", "--empty", "--dry-run", "-s", "daily"])).out, /1 batch due/);
    assert.deepEqual(await n(root, "daily"), ["1", "2"]);
    assert.equal(lines(await build("2024-02-02T12:00:00Z", "--full-refresh", "-q")).length, 0);
    assert.deepEqual(await n(root, "daily"), ["1", "2", "3", "4"]);
  });

  test("what has an event time is read in part", async () => {
    const root = makeProject(files);
    await models(root, ["build", "--sample", "{'start': '2024-01-02', 'end': '2024-01-04'}"]);
    assert.deepEqual(
      [await n(root, "all"), await n(root, "kept")],
      [
        ["2", "3"],
        ["2", "3"],
      ],
    );
    await models(root, ["run", "--select", "all", "--sample", "1 month"], { now: "2024-03-01T00:00:00Z" });
    assert.deepEqual(await n(root, "all"), ["4"]);
    const { err } = await models(root, ["run", "--select", "below", "--sample", "3 days"]);
    assert.match(err, /SAMPLE_UNUSED/);
    const { out } = await models(root, ["run", "--select", "all", "--dry-run", "--empty"]);
    assert.match(out, /from \(select \* from "main"\."days" where false limit 0\) d/);
  });

  test("is not published, nor by a later run of something else", async () => {
    const root = makeProject({
      ...files,
      "sql_project.yaml": PROJECT_FILE.replace("w.duckdb", "w.duckdb, publish: data/p.duckdb"),
    });
    const { err } = await models(root, ["build", "--empty", "--exclude", "kept"]);
    assert.match(err, /NOT_PUBLISHED data\/p\.duckdb stays as it was: 2 nodes .*\(all, below\)/);
    const other = await models(root, ["run", "--select", "all"]);
    assert.match(other.err, /1 node .*\(below\)/);
    assert.ok(!existsSync(join(root, "data/p.duckdb")));
    assert.equal((await models(root, ["run", "--select", "below"])).err, "");
    assert.ok(existsSync(join(root, "data/p.duckdb")));
  });

  test("spans are as dbt writes them", () => {
    const now = new Date("2024-03-31T12:00:00Z");
    const start = (sample: string): string => {
      const portion = portionOf({ sample }, now);
      assert.ok(portion?.kind === "sample");
      return new Date(portion.span.start).toISOString().slice(0, 16);
    };
    assert.equal(
      (portionOf({ sample: "1 day" }, now) as { span: { end: number } }).span.end,
      Date.UTC(2024, 3, 1),
    );
    assert.equal(start("3 hours"), "2024-03-31T09:00");
    assert.equal(start("1 day"), "2024-03-30T12:00");
    assert.equal(start("1 month"), "2024-02-29T12:00");
    assert.equal(start("2 Years"), "2022-03-31T12:00");
    assert.equal(start("{start: 2024-01-01, end: '2024-01-02'}"), "2024-01-01T00:00");
    for (const sample of [
      "soon",
      "0 days",
      "{start: 2024-01-01}",
      "{start: 2024-01-02, end: 2024-01-01}",
      "{a: 1}",
      "{",
    ])
      assert.throws(() => portionOf({ sample }, now), { code: "SAMPLE_INVALID" }, sample);
    assert.throws(() => portionOf({ sample: "3 days", empty: true }, now), { code: "SAMPLE_CONFLICT" });
  });
});
