import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { explainChanges } from "../../../../runner/api/explain-changes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import type { BuildArgs } from "../../../../runner/cli/commands/build.ts";
import { runIdle } from "../../../../runner/cli/commands/run-idle.ts";
import { createRandom } from "../../../../scripts/sample/random.ts";
import { makeProject, models, readArtifact, statuses } from "../../../support/models.ts";
import type { ArtifactResult, Ran, Setting } from "../../../support/models.ts";

const given = globalThis as { STATLOOM_BUILD?: string | undefined };
const table = "{{ config(materialized='table') }} ";
const files: Readonly<Record<string, string>> = {
  "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb, threads: 2}
  prod: {type: duckdb, path: data/p.duckdb, threads: 2}
vars: {first: 1}
`,
  "selectors.yml": "selectors: [{name: all, definition: 'path:models'}]",
  "seeds/codes.csv": "id,name\n1,a\n",
  "macros/m.sql": "{{! macro one() }}\n1\n",
  "models/a.sql": `${table}select {{ one() }} as id, '{{ env_var('ASKED', 'no') }}' as asked`,
  "models/b.sql": `${table}select id from {{ ref('a') }}`,
  "models/c.sql": "select id from {{ ref('codes') }}",
  "models/x.sql": "{{ config(materialized='external', location='out/x.csv') }} select id from {{ ref('a') }}",
  "models/l.sql": "select geo from {{ source('pub', 'set') }}",
  "models/s.yml": `models: [{name: b, columns: [{name: id, data_tests: [not_null]}]}]
sources: [{name: pub, landing: true, tables: [{name: set, columns: [{name: geo}]}]}]`,
  "models/docs.md": "{% docs d %}\nText.\n{% enddocs %}\n",
  "models/u.yml":
    "unit_tests: [{name: u, model: b, given: [{input: ref('a'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}]",
};
const vintage = (name: string): Record<string, unknown> => ({
  vintage: name,
  updated: null,
  extracted_at: "2025-04-04T21:00:00Z",
  source: "x",
  sha256: "0".repeat(64),
  content: "0".repeat(64),
  rows: 0,
  numbers: 0,
  texts: 0,
  statuses: 0,
  rejected: 0,
  batch_id: "x",
  partition_by: [],
  files: [{ path: "observations.parquet", bytes: 1, sha256: "0".repeat(64) }],
});
const list = (...names: string[]): string =>
  JSON.stringify({ version: 1, publisher: "pub", dataset: "set", vintages: names.map(vintage) });
const LIST = "data/landing/pub/set/vintages.json";
const LANDED = "2025-04-04T210000Z";

/** A project of which everything is built, and which has a landed edition. */
async function built(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = makeProject({ ...files, [LIST]: list(LANDED), ...more });
  const folder = join(cwd, "data/landing/pub/set", LANDED);
  mkdirSync(folder, { recursive: true });
  const { project } = await openProject({ projectDir: cwd }, { ...quiet, cwd });
  const parquet = join(folder, "observations.parquet");
  await withSession({ ...project.target, path: ":memory:" } as typeof project.target, (session) =>
    session.run(`copy (select 'AT' as geo) to '${parquet}' (format parquet)`),
  );
  return cwd;
}
const sink = { write: () => undefined, isTerminal: false, width: 80 };
const quiet = { now: () => new Date(), env: {}, stdout: sink, stderr: sink };

/** Files that were written just now are settled by then. */
const soon = (): string => new Date(Date.now() + 60_000).toISOString();
const note = (cwd: string): string => {
  try {
    return readFileSync(join(cwd, "target/parsed/idle-results.json"), "utf8");
  } catch {
    return "";
  }
};
const markIn = (text: string): unknown => /"of":"(\w+)"/.exec(text)?.[1];

type Way = "repeated" | "found nothing to do" | "built";

async function run(
  cwd: string,
  setting: Setting = {},
  ...words: string[]
): Promise<Ran & { readonly way: Way }> {
  const old = note(cwd);
  const ran = await models(cwd, ["build", "--changed", ...words], { now: soon(), ...setting });
  assert.equal(ran.code, 0, ran.out + ran.err);
  const now = note(cwd);
  const repeated = now !== old && markIn(now) === markIn(old);
  const idle = Object.values(statuses(cwd)).every((status) => status === "no-op");
  return { ...ran, way: repeated ? "repeated" : idle ? "found nothing to do" : "built" };
}
const wayOf = async (cwd: string, setting: Setting = {}, ...words: string[]): Promise<Way> =>
  (await run(cwd, setting, ...words)).way;

/** Arguments of the last call that was repeated. */
let settled: Record<string, unknown> = {};

/** Until it can be repeated. */
async function settle(cwd: string, setting: Setting = {}, ...words: string[]): Promise<void> {
  for (let i = 0; i < 4; i++) {
    if ((await wayOf(cwd, setting, ...words)) !== "repeated") continue;
    ({ args: settled } = readArtifact(cwd, "run_results.json") as { args: typeof settled });
    return;
  }
  assert.fail("it is never repeated");
}

/** Whether the call that the last run was, with these other arguments, is one that is repeated; if so, it is. */
async function isRepeated(cwd: string, setting: Setting = {}, other: object = {}): Promise<boolean> {
  const { env = {}, now = soon() } = setting;
  const { which: _, ...rest } = settled;
  const given = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key.replaceAll("_", "-"), value]),
  );
  const effects = { now: () => new Date(now), env, cwd, stdout: sink, stderr: sink };
  const context = { effects, signal: new AbortController().signal };
  return runIdle("build", { ...given, ...other } as unknown as BuildArgs, context);
}

async function change(cwd: string, sql: string): Promise<void> {
  const { project } = await openProject({ projectDir: cwd }, { ...quiet, cwd });
  await withSession(project.target, (session) => session.run(sql));
}

const masked = (cwd: string, name: string): string => {
  const text = readFileSync(join(cwd, "target", name), "utf8");
  return text.replaceAll(
    /"(invocation_id|generated_at|invocation_started_at|run_started_at)":"[^"]*"|"elapsed_time":[\d.e-]+/g,
    "",
  );
};

describe("a run that found nothing to do", () => {
  const known = given.STATLOOM_BUILD;
  before(() => void (given.STATLOOM_BUILD = "test"));
  after(() => void (known === undefined ? delete given.STATLOOM_BUILD : (given.STATLOOM_BUILD = known)));

  test("is repeated with the same artifacts and words, but for the time and the id", async () => {
    const cwd = await built();
    assert.equal(await wayOf(cwd), "built");
    const slow = await run(cwd, { env: { DBT_ENV_CUSTOM_ENV_STAGE: "x" } });
    assert.equal(slow.way, "found nothing to do");
    const artifacts = ["manifest.json", "run_results.json"].map((name) => masked(cwd, name));
    const ids = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const quick = await run(cwd, { env: { DBT_ENV_CUSTOM_ENV_STAGE: "x" } });
      assert.equal(quick.way, "repeated");
      assert.equal(quick.err, slow.err);
      assert.equal(quick.out.replace(/[\d.]+s/, ""), slow.out.replace(/[\d.]+s/, ""));
      assert.deepEqual(
        ["manifest.json", "run_results.json"].map((name) => masked(cwd, name)),
        artifacts,
      );
      for (const name of ["manifest.json", "run_results.json"]) {
        const { metadata } = readArtifact(cwd, name) as { metadata: { invocation_id: string; env: unknown } };
        assert.deepEqual(metadata.env, { STAGE: "x" });
        ids.add(metadata.invocation_id);
      }
    }
    assert.equal(ids.size, 3, "one for each run, in both");
    const silent = await run(cwd, {}, "-q");
    assert.equal(silent.way, "found nothing to do", "another call");
    const { metadata } = readArtifact(cwd, "manifest.json") as { metadata: { env: unknown } };
    assert.deepEqual(metadata.env, {});
  });

  test("is looked into again whatever of what it looked at is another, and is the same when that is undone", async () => {
    const cwd = await built({ ".env": "OTHER=1\n" });
    await settle(cwd);
    const put =
      (name: string, text: string | null): (() => () => void) =>
      () => {
        const path = join(cwd, name);
        let old: string | null = null;
        try {
          old = readFileSync(path, "utf8");
        } catch {
          // it is new
        }
        mkdirSync(dirname(path), { recursive: true });
        if (text === null) rmSync(path);
        else writeFileSync(path, text);
        return () => (old === null ? rmSync(path) : writeFileSync(path, old));
      };
    type Case = readonly [what: string, change: (() => () => void) | null, setting?: Setting, args?: object];
    const cases: Case[] = [
      ["a model", put("models/b.sql", `${files["models/b.sql"]} where true`)],
      ["a new model", put("models/n.sql", "select 1 as id")],
      ["a model that is gone", put("models/c.sql", null)],
      ["a macro", put("macros/m.sql", "{{! macro one() }}\n2\n")],
      ["a property file", put("models/s.yml", files["models/s.yml"]!.replace("not_null", "unique"))],
      ["the file of an external model", put("out/x.csv", null)],
      ["a doc block", put("models/docs.md", "{% docs d %}\nOther.\n{% enddocs %}\n")],
      ["a seed", put("seeds/codes.csv", "id,name\n2,b\n")],
      ["a test", put("tests/data/t.sql", "select 1 as n where false")],
      [
        "the project file",
        put("sql_project.yaml", files["sql_project.yaml"]!.replace("first: 1", "first: 2")),
      ],
      ["a second project file", put("sql_project.yml", "name: x")],
      ["the selectors", put("selectors.yml", "selectors: [{name: all, default: true, definition: a}]")],
      ["a variable of the environment", null, { env: { ASKED: "yes" } }],
      ["the same in .env", put(".env", "ASKED=yes\n")],
      ["where OpenLineage is", null, { env: { OPENLINEAGE_URL: "http://127.0.0.1:9" } }],
      ["a clock that was put back", null, { now: "2025-01-01T00:00:00Z" }],
      ["a killed run", put("target/run_journal.ndjson", "{}\n")],
      ["what ingestion did", put("data/landing/.ingest/_batches-2025-05.ndjson", "{}\n")],
      ["a log of GitHub", null, { env: { GITHUB_ACTIONS: "true" } }],
      ["a report for GitLab", null, { env: { GITLAB_CI: "true" } }],
      ...[
        { select: ["a"] },
        { target: "prod" },
        { vars: "{first: 3}" },
        { threads: 1 },
        { "target-path": "elsewhere" },
        { "partial-parse": false },
        { "dry-run": true },
        { "full-refresh": true },
        { "log-format": "json" },
        { output: "json" },
        { junit: "x.xml" },
        { state: "target" },
        { empty: true },
        { sample: "3 days" },
        { changed: false },
      ].map((args): Case => [JSON.stringify(args), null, {}, args]),
    ];
    for (const [what, change, setting, args] of cases) {
      const undo = change?.();
      assert.equal(await isRepeated(cwd, setting, args), false, what);
      undo?.();
      assert.equal(await isRepeated(cwd), true, `${what}, undone`);
    }
    const same: Case[] = [
      ["a variable that nobody asks for", null, { env: { NOBODY: "1" } }],
      ["the same in .env", put(".env", "OTHER=2\n")],
      ["a file that is none of the project's", put("notes.md", "x")],
    ];
    for (const [what, change, setting] of same) {
      change?.();
      assert.equal(await isRepeated(cwd, setting), true, what);
    }
  });

  test("is looked into again where what it left is gone, or is another run's", async () => {
    const cwd = await built();
    await settle(cwd);
    const sql = join(cwd, "target/compiled/shop/models/b.sql");
    const target = (name: string) => join(cwd, "target", name);
    const text = readFileSync(sql, "utf8");
    const cases: (() => unknown)[] = [
      () => rmSync(sql),
      () => appendFileSync(sql, "-- edited"),
      () => rmSync(target("manifest.json")),
      () => rmSync(target("run_results.json")),
      () => models(cwd, ["compile", "-s", "a"]),
      () => models(cwd, ["test", "-s", "a"]),
      () => truncateSync(target("parsed/idle-run.json"), 100),
      () => truncateSync(target("parsed/idle-results.json"), 10),
      () => rmSync(target("parsed/header.json")),
      () => models(cwd, ["run", "-q", "-s", "a"]),
      () => change(cwd, "drop view main.c"),
      () => writeFileSync(join(cwd, LIST), list("2025-03-04T210000Z", LANDED)),
      () => rmSync(join(cwd, LIST)),
      () => change(cwd, "delete from meta.statloom_builds where node_id like '%.b'"),
    ];
    for (const happens of cases) {
      await happens();
      assert.equal(await isRepeated(cwd), false, String(happens));
      writeFileSync(join(cwd, LIST), list(LANDED));
      await settle(cwd);
      assert.equal(readFileSync(sql, "utf8"), text);
    }
  });

  test("is looked into again when its time is over", async () => {
    const begun = Date.UTC(2030, 0, 1, 6);
    const later = (hours: number): Setting => ({ now: new Date(begun + hours * 3_600_000).toISOString() });
    const daily = "{{ config(changed={'every': {'count': 20, 'period': 'hour'}}) }} select 1 as id";
    const cwd = await built({ "models/daily.sql": daily });
    await settle(cwd, later(0));
    assert.equal(await isRepeated(cwd, later(19.9)), true);
    assert.equal(await isRepeated(cwd, later(20)), false);
    assert.equal(await wayOf(cwd, later(20)), "built");
    const batches =
      "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='day', batch_size='day', begin='2029-12-31') }} select date '2029-12-31' as day";
    writeFileSync(join(cwd, "models/daily.sql"), batches);
    await settle(cwd, later(0));
    assert.equal(await isRepeated(cwd, later(17.9)), true);
    assert.equal(await isRepeated(cwd, later(18)), false);
    assert.equal(await wayOf(cwd, later(18)), "built");
  });

  test("is not repeated where it told somebody, or may be another each time", async () => {
    const cwd = await built();
    const project = files["sql_project.yaml"]!;
    const of = (name: string, text: string) => (): void => {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    };
    const added =
      "{{ config(materialized='incremental') }} select 1 as id {{#is_incremental}}where '{{ invocation_id }}' = 'x'{{/is_incremental}}";
    const cases: [() => void, () => void][] = [
      [of("models/i.sql", added), () => rmSync(join(cwd, "models/i.sql"))],
      [
        of("macros/s.mjs", "export function scripted() { return '1'; }"),
        () => rmSync(join(cwd, "macros/s.mjs")),
      ],
      [
        of("models/d.yml", "models: [{name: c, deprecation_date: 2099-01-01}]"),
        () => rmSync(join(cwd, "models/d.yml")),
      ],
      [() => rmSync(join(cwd, LIST)), of(LIST, list(LANDED))],
      [
        of("sql_project.yaml", `${project}openlineage: {file: target/lineage.ndjson}\n`),
        of("sql_project.yaml", project),
      ],
      [of("sql_project.yaml", `${project}on-run-end: select 1\n`), of("sql_project.yaml", project)],
    ];
    for (const [change, undo] of cases) {
      change();
      while ((await wayOf(cwd)) === "built");
      assert.equal(await wayOf(cwd), "found nothing to do", String(change));
      undo();
    }
    await settle(cwd);
  });

  test("is repeated only where looking at everything finds nothing to do, whatever happens", async () => {
    const cwd = await built();
    await settle(cwd);
    const random = createRandom(7);
    const some = (count: number): number => Math.floor(random() * count);
    const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
    const path = join(cwd, "data/w.duckdb");
    copyFileSync(path, `${path}.old`);
    const happenings: (() => unknown)[] = [
      () => undefined,
      () => put("models/b.sql", `${table}select id + ${some(2)} as id from {{ ref('a') }}`),
      () => put("macros/m.sql", `{{! macro one() }}\n${some(2)}\n`),
      () => put("seeds/codes.csv", `id,name\n${some(2)},a\n`),
      () => put("models/s.yml", files["models/s.yml"]!.replace("not_null", ["not_null", "unique"][some(2)]!)),
      () => put(LIST, some(2) === 0 ? list(LANDED) : list(LANDED).replace('"rows":0', '"rows":1')),
      () => change(cwd, "drop table if exists main.b"),
      () => change(cwd, "delete from meta.statloom_builds where node_id like '%a'"),
      () => models(cwd, ["run", "-q", "-s", "a"]),
      () => models(cwd, ["build", "-q", "--target", "prod"]),
      () => copyFileSync(`${path}.old`, path),
      () => utimesSync(path, 1e9, 1e9),
    ];
    const ways = new Set<Way>();
    for (let step = 0; step < 10; step++) {
      // What lasts has been looked at before.
      const quick = some(2) === 0;
      if (!quick) await happenings[some(happenings.length)]!();
      const env = { ASKED: ["yes", "no"][some(8) === 0 ? 0 : 1]! };
      const cold = await openProject({ projectDir: cwd, cache: false }, { ...quiet, cwd, env });
      const all = await explainChanges(cold, { select: [], exclude: [] }, () => undefined);
      const due = all.filter(({ reasons }) => reasons.length > 0).map(({ node }) => node.uniqueId);
      const way = await wayOf(cwd, { env });
      ways.add(way);
      const { results } = readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] };
      const done = results.flatMap(({ unique_id: id, status }) =>
        status === "no-op" || id.startsWith("unit_test.") ? [] : [id],
      );
      assert.deepEqual(done.toSorted(), due.toSorted(), `step ${step}`);
    }
    assert.equal(ways.size, 3, "all of them came about");
  });
});
