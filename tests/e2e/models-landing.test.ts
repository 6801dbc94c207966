import assert from "node:assert/strict";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { toy } from "../unit/ingest/cli/recorded.ts";
import { makeProject, models, rowsOf, statuses } from "../support/models.ts";
import { spawnIngest, spawnModels } from "../support/spawn-models.ts";
import { tempFolder } from "../support/temp.ts";

const root = join(import.meta.dirname, "../..");

const files = {
  "models/s.yml": `sources:
  - name: eurostat
    landing: true
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 365, period: day}}
    tables:
      - {name: toy_1}
      - {name: never, columns: [{name: geo}]}
`,
  "models/latest.sql": "select geo, time_period, value from {{ source('eurostat', 'toy_1') }}",
  "models/previous.sql":
    "select geo, time_period, value from {{ source('eurostat', 'toy_1', vintage='previous') }}",
  "models/every.sql": "select distinct _vintage from {{ source('eurostat', 'toy_1', vintage='all') }}",
  "models/labels.sql":
    "select code, label from {{ source('eurostat', 'toy_1', part='dimensions') }} where column_name = 'geo'",
  "models/revised.sql":
    "select geo, time_period, p.value as before, l.value as after from {{ ref('latest') }} l join {{ ref('previous') }} p using (geo, time_period) where p.value is distinct from l.value",
  "models/nothing.sql":
    "{{ config(materialized='table') }} select geo, value from {{ source('eurostat', 'never') }}",
};

describe("models of landed datasets", () => {
  const cwd = makeProject(files);
  const land = async (document: string): Promise<void> => {
    const { code, out, err } = await spawnIngest(cwd, ["file", "-"], { stdin: document });
    assert.equal(code, 0, out + err);
  };
  before(() => land(toy()));

  test("see the newest edition; what has not landed is empty, with a warning", async () => {
    const { code, out, err } = await spawnModels(cwd, ["build"]);
    assert.equal(code, 0, out + err);
    assert.match(err, /^warning SOURCE_NOT_LANDED nothing has landed for eurostat\.never: .*ingest file/);
    assert.equal(err.trimEnd().split("\n").length, 1);
    assert.equal((await rowsOf(cwd, "from {{ ref('latest') }}")).length, 4);
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('previous') }}"), [], "there is none yet");
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('nothing') }}"), []);
    const types = await rowsOf(
      cwd,
      "select column_name as c, column_type as t from (describe {{ ref('nothing') }})",
    );
    assert.deepEqual(types, [
      { c: "geo", t: "VARCHAR" },
      { c: "value", t: "DOUBLE" },
    ]);
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('labels') }} order by code"), [
      { code: "DE", label: "Germany" },
      { code: "FR", label: "France" },
    ]);
  });
  test("see a revision as soon as it has landed", async () => {
    await land(toy({ updated: "2025-05-04T23:00:00+0200", values: [1, 2, 3.5, 4] }));
    assert.equal((await models(cwd, ["build"])).code, 0);
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('revised') }}"), [
      { geo: "FR", time_period: "2023", before: 3, after: 3.5 },
    ]);
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('every') }} order by 1"), [
      { _vintage: "2025-04-04T210000Z" },
      { _vintage: "2025-05-04T210000Z" },
    ]);
    const one = await rowsOf(
      cwd,
      "select count(*)::int as n from {{ source('eurostat', 'toy_1', vintage='2025-04-04T210000Z') }}",
    );
    assert.deepEqual(one, [{ n: 4 }]);
    const wrong = await models(cwd, [
      "show",
      "--inline",
      "from {{ source('eurostat', 'toy_1', vintage='2025-04-04T210001Z') }}",
    ]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /inline:1:9 VINTAGE_UNKNOWN .*\n {4}did you mean "2025-04-04T210000Z"/);
  });
  test("freshness is when an edition landed", async () => {
    const now = async (after: number): Promise<Awaited<ReturnType<typeof models>>> =>
      models(cwd, ["source", "freshness"], { now: new Date(Date.now() + after * 86_400_000).toISOString() });
    const fresh = await now(0);
    assert.equal(fresh.code, 0);
    assert.match(fresh.out, /pass +eurostat\.toy_1 +loaded \d+ seconds? ago/);
    assert.match(fresh.out, /WARN +eurostat\.never +nothing has landed yet/);
    const old = await now(2);
    assert.equal(old.code, 0);
    assert.match(old.out, /WARN +eurostat\.toy_1 +loaded 2 days ago/);
    const stale = await now(400);
    assert.equal(stale.code, 1);
    assert.match(stale.out, /ERROR +eurostat\.toy_1 +loaded 400 days ago/);
    assert.match(stale.out, /stale in .*: 2 sources, 1 too old or unreadable/);
  });
  test("a list of editions that was damaged stops the build and is not touched", async () => {
    const damaged = tempFolder();
    cpSync(cwd, damaged, { recursive: true });
    const list = join(damaged, "data/landing/eurostat/toy_1/vintages.json");
    assert.ok(existsSync(list));
    writeFileSync(list, "<html>");
    const { code, err } = await models(damaged, ["build"]);
    assert.equal(code, 1);
    assert.match(err, /^error VINTAGES_INVALID .*vintages\.json cannot be trusted.*\n {4}restore it/);
  });
});

const real = join(root, "../shared/data/jsonstat/eurostat/hlth_silc_13.json");

describe("the reference project", () => {
  const marts = ["mart_unmet_need_trend", "mart_revisions", "mart_first_figures", "fct_unmet_need"];
  const summary = marts
    .map(
      (mart) =>
        `select '${mart}' as mart, count(*)::int as n, sum(hash(r::varchar))::varchar as h from {{ ref('${mart}') }} r`,
    )
    .join(" union all ");
  for (const [name, path] of [
    ["synthetic sample", join(root, "ingest/sample")],
    ["real document", real],
  ] as const) {
    const skip = existsSync(path) ? false : `the ${name} is not here`;
    test(`builds the ${name}, twice the same`, { skip }, async () => {
      const cwd = tempFolder();
      for (const path of ["sql_project.yaml", "models", "macros", "seeds", "snapshots", "tests/data"])
        cpSync(join(root, path), join(cwd, path), { recursive: true });
      const landed = await spawnIngest(cwd, ["file", path]);
      assert.equal(landed.code, 0, landed.err);
      const build = async (): Promise<{ mart: string; n: number }[]> => {
        const { code, out, err } = await spawnModels(cwd, ["build"]);
        assert.equal(code, 0, out + err);
        return (await rowsOf(cwd, `from (${summary}) order by mart`)) as { mart: string; n: number }[];
      };
      const first = await build();
      assert.equal(first.length, marts.length);
      assert.ok(first.find(({ mart }) => mart === marts[0])!.n > 100, "marts hold something");
      assert.deepEqual(await build(), first);
      assert.equal(
        Object.values(statuses(cwd)).every((status) => status === "success" || status === "pass"),
        true,
      );
    });
  }
});
