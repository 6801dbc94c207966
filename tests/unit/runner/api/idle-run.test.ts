import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { explainChanges } from "../../../../runner/api/explain-changes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { createRandom } from "../../../../scripts/sample/random.ts";
import {
  table,
  incremental,
  files,
  list,
  LIST,
  LANDED,
  built,
  quiet,
  soon,
  notesOf,
  forget,
  run,
  wayOf,
  settle,
  isRepeated,
  change,
  masked,
  pretendBundled,
  noLongerBundled,
} from "../../../support/idle-runs.ts";
import type { Way } from "../../../support/idle-runs.ts";
import { models, readArtifact, rowsOf } from "../../../support/models.ts";
import type { ArtifactResult, Setting } from "../../../support/models.ts";

describe("a run that found nothing to do", () => {
  before(pretendBundled);
  after(noLongerBundled);

  test("is repeated with the same artifacts and words, but for the time and the id", async () => {
    const cwd = await built();
    assert.equal(await wayOf(cwd), "built");
    forget(cwd);
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
    assert.deepEqual([silent.way, silent.out], ["repeated", ""]);
    const { metadata } = readArtifact(cwd, "manifest.json") as { metadata: { env: unknown } };
    assert.deepEqual(metadata.env, {});
  });

  test("is looked into again whatever of what it looked at is another, and is the same when that is undone", async () => {
    const cwd = await built({ ".env": "OTHER=1\n" });
    await models(cwd, ["build"], { now: soon() });
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
      () => appendFileSync(target("manifest.json"), " "),
      () => truncateSync(notesOf(cwd)[0]!, 100),
      () => truncateSync(notesOf(cwd)[0]!.replace("json", "entries"), 10),
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
      [
        of("sql_project.yaml", `${project}openlineage: {file: target/lineage.ndjson}\n`),
        of("sql_project.yaml", project),
      ],
      // What nobody reads may come and go unseen.
      [of("seeds/book.xlsx", ""), () => rmSync(join(cwd, "seeds/book.xlsx"))],
    ];
    for (const [change, undo] of cases) {
      change();
      while ((await wayOf(cwd)) === "built");
      assert.equal(await wayOf(cwd), "found nothing to do", String(change));
      undo();
    }
    await settle(cwd);
  });

  test("runs no hooks, and tells again what is told of the project each time", async () => {
    const cwd = await built();
    writeFileSync(
      join(cwd, "models/h.yml"),
      `models: [{name: a, config: {post_hook: "insert into main.log select '{{ invocation_id }} {{ run_started_at }}'"}}]\n`,
    );
    const hooks = `on-run-start: create table if not exists main.ended (n integer); create table if not exists main.log (run text)\non-run-end: insert into main.ended values (1)\n`;
    const ended = async (): Promise<number> => (await rowsOf(cwd, "from main.ended")).length;
    writeFileSync(
      join(cwd, "sql_project.yaml"),
      `${files["sql_project.yaml"]!}${hooks}models: {+grants: {select: [reader]}, nowhere: {+tags: [x]}}\n`,
    );
    rmSync(join(cwd, LIST));
    const told = async (way: Way, ...words: string[]): Promise<string> => {
      const { err, ...ran } = await run(cwd, {}, ...words);
      assert.equal(ran.way, way);
      return err;
    };
    const before = await told("built");
    for (const code of ["FOLDER_UNUSED", "GRANTS_UNSUPPORTED", "SOURCE_NOT_LANDED"])
      assert.match(before, new RegExp(`^warning ${code} `, "m"));
    assert.equal(await told("repeated"), before);
    forget(cwd);
    assert.equal(await told("found nothing to do"), before);
    assert.equal(await told("repeated"), before);
    assert.equal(await told("repeated", "-q"), "");
    assert.equal(await ended(), 1);
    // It landed: nobody is told any more that it has not.
    writeFileSync(join(cwd, LIST), list(LANDED));
    assert.doesNotMatch(await told("built"), /SOURCE_NOT_LANDED/);
    assert.doesNotMatch(await told("repeated"), /SOURCE_NOT_LANDED/);
    assert.equal(await ended(), 2);
  });

  test("is repeated only where looking at everything finds nothing to do, whatever happens", async () => {
    const cwd = await built({ "models/i.sql": incremental });
    await settle(cwd);
    const random = createRandom(8);
    const some = (count: number): number => Math.floor(random() * count);
    const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
    const path = join(cwd, "data/w.duckdb");
    copyFileSync(path, `${path}.old`);
    const happenings: (() => unknown)[] = [
      () => undefined,
      () => put("models/b.sql", `${table}select id from {{ ref('a') }} where ${some(2)} >= 0`),
      () => put("macros/m.sql", `{{! macro one() }}\n${some(2)}\n`),
      () => put("seeds/codes.csv", `id,name\n${some(2)},a\n`),
      () => put("models/s.yml", files["models/s.yml"]!.replace("not_null", ["not_null", "unique"][some(2)]!)),
      () => put(LIST, some(2) === 0 ? list(LANDED) : list(LANDED).replace('"rows":0', '"rows":1')),
      () => change(cwd, "drop table if exists main.b"),
      () => change(cwd, "delete from meta.statloom_builds where node_id like '%a'"),
      () => models(cwd, ["run", "-q", "-s", "a"]),
      () => models(cwd, ["build", "-q", "--target", "prod"]),
      () => models(cwd, ["build", "-q"], { env: { ASKED: "no" } }),
      () => models(cwd, ["build", "-f"], { env: { ASKED: "no" } }),
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
