import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JsonObject } from "../../../../runner/base/json.ts";
import { PROJECT_FILE, linkProject, mistakesOf, modelOf, parentsOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";
import type { ArtifactResult } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const config = (text: string): string => `{{ config(${text}) }}\nselect 1 as a`;

const statusesOfHooks = (cwd: string): string[][] =>
  (readArtifact(cwd, "run_results.json") as { results: ArtifactResult[] }).results
    .filter(({ unique_id: id }) => id.startsWith("operation."))
    .map(({ unique_id: id, status }) => [id, status]);

describe("hooks", () => {
  test("those of folders, properties and the file add up, from the outermost in", async () => {
    const linked = await linkProject({
      "sql_project.yaml": `${PROJECT_FILE}models: {+pre-hook: select 1, mart: {+pre_hook: [select 2]}}\n`,
      "models/mart/_m.yml":
        "models:\n  - {name: m, config: {pre_hook: {sql: select 3, transaction: false}, post-hook: select 5}}\n",
      "models/mart/m.sql": config("pre_hook=['select 4 from {{ ref(\"n\") }}']"),
      "models/n.sql": "select 1 as a",
    });
    const { pre_hook, post_hook } = modelOf(linked, "m").config;
    assert.deepEqual(
      pre_hook.map(({ sql, transaction }) => `${sql} ${transaction}`),
      ["select 1 true", "select 2 true", "select 3 false", 'select 4 from {{ ref("n") }} true'],
    );
    assert.deepEqual(post_hook, [{ sql: "select 5", transaction: true }]);
    assert.deepEqual(parentsOf(linked, "model.shop.m"), ["n"], "what a hook reads comes first");
  });

  test("run around the node, and are in the dry run, the manifest and what was sent", async () => {
    const root = makeProject({
      "models/log.sql":
        "{{ config(materialized='table') }} select 'start' as what, cast(0 as bigint) as n where false",
      "models/m.sql": `{{ config(materialized='table',
        pre_hook=["insert into {{ ref('log') }} values ('before', 0);", "{{#if is_incremental()}}never{{/if}}"],
        post_hook={'sql': "insert into {{ ref('log') }} select 'after', count(*) from {{ this }}", 'transaction': false}
      ) }} select 7 as a`,
      "seeds/s.csv": "a\n1\n",
      "seeds/_s.yml":
        'seeds:\n  - {name: s, config: {post_hook: "alter table {{ this }} add column b integer"}}\n',
    });
    const plan = await models(root, ["run", "--dry-run", "--select", "m"]);
    assert.match(plan.out, /begin;\n-- pre-hook\ninsert into .*'before'[^]*commit;\n-- post-hook\ninsert/);
    assert.equal((await models(root, ["build"])).code, 0);
    assert.deepEqual(await rowsOf(root, "select * from main.log order by what"), [
      { what: "after", n: "1" },
      { what: "before", n: "0" },
    ]);
    assert.deepEqual(await rowsOf(root, "select b from main.s"), [{ b: null }]);
    const { nodes } = readArtifact(root, "manifest.json") as {
      nodes: Record<string, { config: Record<string, { transaction: boolean }[]> }>;
    };
    assert.equal(nodes["model.shop.m"]?.config["post-hook"]?.[0]?.transaction, false);
  });

  test("one that fails fails its node, tells its text, and leaves the old table", async () => {
    const root = makeProject({ "models/m.sql": "{{ config(materialized='table') }} select 1 as a" });
    assert.equal((await models(root, ["run"])).code, 0);
    const broken = makeProject({
      "sql_project.yaml": PROJECT_FILE.replace("data/w.duckdb", `${root}/data/w.duckdb`),
      "models/m.sql": `{{ config(materialized='table', post_hook="drop table nowhere") }} select 2 as a`,
    });
    const { code, out } = await models(broken, ["run"]);
    assert.equal(code, 1);
    assert.match(
      out,
      /models\/m\.sql:1:1 HOOK_FAILED the post-hook failed \(drop table nowhere\): .*nowhere/,
    );
    assert.deepEqual(statuses(broken), { m: "error" });
    assert.deepEqual(await rowsOf(root, "select * from main.m"), [{ a: 1 }]);
  });

  test("their mistakes are found before anything runs", async () => {
    const found = await mistakesOf({
      "models/m.sql": config("pre_hook='select {{ thsi }}', post_hook={'sql': 'x', 'transactoin': true}"),
      "models/n.sql": config("pre_hook='select {{ thsi }}'"),
      "seeds/s.csv": "a\n1\n",
      "seeds/_s.yml": "seeds:\n  - {name: s, config: {pre_hook: \"select * from {{ ref('n') }}\"}}\n",
    });
    assert.equal(found.length, 3, found.join("\n"));
    assert.match(found.join("\n"), /models\/n\.sql:1:1 NAME_UNKNOWN in a hook: .*thsi.*this/);
    assert.match(found.join("\n"), /models\/m\.sql:1:\d+ \w+ .*transactoin.*transaction/);
    assert.match(found.join("\n"), /seeds\/_s\.yml:2:\d+ HOOK_REFERENCE a seed's hook refers/);
  });

  test("know the node that they are of, and how the command was called", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}on-run-start: "create table if not exists notes (said varchar)"
models:
  +post_hook: "{{ note() }}"
  +docs: {show: true}
seeds: {+post_hook: "insert into main.notes values ('{{ model.resource_type }} {{ model.name }} of {{ flags.WHICH }}')"}
`,
      "macros/note.sql": `{{! macro note() }}
insert into main.notes values ('{{ model.name }}: {{ model.unique_id }}, {{ model.schema }}.{{ model.alias }}, {{ model.config.materialized }}, {{ model.description }}, {{#if flags.FULL_REFRESH}}whole{{else}}{{ flags.WHICH }}{{/if}}')
`,
      "models/m.sql":
        "{{ config(materialized='table', alias=\"o'clock\") }} select '{{ model.columns.a.description }}' as a, {{ model.version }} as v",
      "models/m.yml": "models: [{name: m, description: It's one, columns: [{name: a, description: First}]}]",
      "seeds/s.csv": "a\n1\n",
    });
    for (const words of [["run"], ["build", "--full-refresh"]]) {
      const { code, out, err } = await models(root, words);
      assert.equal(code, 0, out + err);
    }
    assert.deepEqual(
      (await rowsOf(root, "select said from main.notes order by said")).map(
        (row) => Object.values(row as object)[0],
      ),
      [
        "m: model.shop.m, main.o'clock, table, It's one, run",
        "m: model.shop.m, main.o'clock, table, It's one, whole",
        "seed s of build",
      ],
    );
    assert.deepEqual(await rowsOf(root, "select a, v from {{ ref('m') }}"), [{ a: "First", v: null }]);
    const other = makeProject({ "models/n.sql": "select '{{ flags.WHICH }}' as w" });
    await models(other, ["build"]);
    assert.match((await models(other, ["explain", "n"])).out, /would be reused/);
    const wrong = await mistakesOf({
      "models/a.sql":
        "{{ config(alias=model.name) }} select {{ model.nmae }}, {{ flags.full_refresh }}, {{ graph.nodes }}",
      "tests/data/t.sql": "select {{ model.name }}",
    });
    assert.deepEqual(
      wrong.map((line) => line.slice(0, 75)),
      [
        "models/a.sql:1:17 CONFIG_DYNAMIC only vars, environment variables and the t",
        'models/a.sql:1:42 FIELD_UNKNOWN "model" has no field "nmae" | did you mean ',
        'models/a.sql:1:60 FIELD_UNKNOWN "flags" has no field "full_refresh" | did y',
        'models/a.sql:1:86 NAME_UNKNOWN nothing is named "graph.nodes" | a hook at t',
        'tests/data/t.sql:1:11 NAME_UNKNOWN nothing is named "model.name" | only wha',
      ],
    );
  });

  test("mistakes of a folder's are told once, where the folder says them", async () => {
    const files = (hooks: string) => ({
      "sql_project.yaml": `${PROJECT_FILE}${hooks}`,
      "models/mart/m.sql": "select 1 as a",
      "models/mart/n.sql": "select 1 as a",
      "seeds/s.csv": "a\n1\n",
      "seeds/t.csv": "a\n1\n",
    });
    const lines = PROJECT_FILE.split("\n").length;
    const found = await mistakesOf(
      files(`models:
  +pre-hook: "select {{ thsi }}"
  mart:
    +post_hook:
      - select 1
      - {sql: "select * from {{ ref('nope') }}"}
    +sql_header: "{{#if x}}"
seeds: {+post_hook: "select * from {{ ref('m') }}"}
`),
    );
    assert.deepEqual(
      found.map((line) => /^sql_project.yaml:(\d+):\d+ (\w+)/.exec(line)?.slice(1).join(" ")),
      [
        `${lines + 1} NAME_UNKNOWN`,
        `${lines + 5} REF_UNKNOWN`,
        `${lines + 6} NAME_UNKNOWN`,
        `${lines + 6} TEMPLATE_UNCLOSED_SECTION`,
        `${lines + 7} HOOK_REFERENCE`,
      ],
      found.join("\n"),
    );
    const root = makeProject(files(`models: {+pre-hook: "select {{ var('a').b }}"}\nvars: {a: {c: 1}}\n`));
    const { err } = await models(root, ["build"]);
    assert.match(err, new RegExp(`^sql_project.yaml:${lines}:\\d+ \\w+ in a hook: [^]*\n1 problem\n$`));
  });

  test("of a microbatch model run once around all of its batches", async () => {
    const root = makeProject({
      "models/log.sql": "{{ config(materialized='table') }} select 'x' as what where false",
      "models/m.sql": `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at',
        begin='2024-01-01', batch_size='day', pre_hook="insert into {{ ref('log') }} values ('before')",
        post_hook="insert into {{ ref('log') }} values ('after')") }} select timestamp '2024-01-02' as at`,
    });
    const ran = await models(root, ["run"], { now: "2024-01-03T12:00:00Z" });
    assert.equal(ran.code, 0, ran.out + ran.err);
    assert.deepEqual(await rowsOf(root, "select * from main.log"), [{ what: "before" }, { what: "after" }]);
  });

  test("of a whole run come before and after all nodes, and know what became of them", async () => {
    const insert = (what: string): string => `insert into log values ${what}`;
    const root = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}on-run-start:\n  - create table if not exists log (name text, status text)\n  - "${insert("('start', null)")}"
on-run-end: "{{#if results}}${insert("{{#each results as r}}({{ r.node.name }}, {{ r.status }}){{^last}}, {{/last}}{{/each}}")}{{/if}}"\n`,
      "models/a.sql": "{{ config(materialized='table') }} select count(*) as n from log",
      "models/b.sql": "select nope",
    });
    const plan = await models(root, ["run", "--dry-run"]);
    assert.match(plan.out, /^-- on-run-start hook\ncreate table[^]*'start', null\);/);
    assert.equal((await models(root, ["run"])).code, 1);
    assert.deepEqual(await rowsOf(root, "select * from log order by 1"), [
      { name: "a", status: "success" },
      { name: "b", status: "error" },
      { name: "start", status: null },
    ]);
    assert.deepEqual(await rowsOf(root, "select n from main.a"), [{ n: "1" }]);
    const { nodes, child_map } = readArtifact(root, "manifest.json") as Record<
      string,
      Record<string, JsonObject>
    >;
    const ids = ["on-run-end-0", "on-run-start-0", "on-run-start-1"].map(
      (name) => `operation.shop.shop-${name}`,
    );
    assert.deepEqual(Object.keys(nodes!).slice(-3), ids);
    assert.deepEqual(child_map![ids[0]!], []);
    const { fqn, tags, index, original_file_path: file } = nodes![ids[2]!]!;
    assert.deepEqual(
      [fqn, tags, index, file],
      [["shop", "hooks", "shop-on-run-start-1"], ["on-run-start"], 2, "sql_project.yaml"],
    );
    const { results } = readArtifact(root, "run_results.json") as { results: JsonObject[] };
    const ran = results.filter(({ unique_id: id }) => ids.includes(id as string));
    assert.deepEqual(
      ran.map(({ unique_id: id, status }) => [id, status]),
      [ids[1], ids[2], ids[0]].map((id) => [id, "success"]),
    );
    assert.equal(ran[1]!["compiled_code"], insert("('start', null)"));
  });

  test("of packages and the project are told by their own ids", async () => {
    const hooks = (of: string): string => `on-run-start: ["select '${of} 0'", "select '${of} 1'"]\n`;
    const root = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}packages: [{local: pkg}]\n${hooks("shop")}`,
      "models/a.sql": "select 1 as n",
      "pkg/sql_project.yaml": `name: pkg\n${hooks("pkg")}`,
    });
    assert.equal((await models(root, ["run"])).code, 0);
    const { results } = readArtifact(root, "run_results.json") as { results: JsonObject[] };
    assert.deepEqual(
      results
        .map(({ unique_id: id, compiled_code: sql }) => `${id as string}: ${sql as string}`)
        .filter((line) => line.startsWith("operation.")),
      ["pkg", "shop"].flatMap((of) =>
        [0, 1].map((i) => `operation.${of}.${of}-on-run-start-${i}: select '${of} ${i}'`),
      ),
    );
  });

  test("at the end know the schemas that something was built in", async () => {
    const root = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}on-run-end: "create view main.said as select {{#each schemas as s}}'{{ s }}' as {{ s }}{{^last}}, {{/last}}{{/each}}"\n`,
      "models/a.sql": "{{ config(schema='Mart \"1\"') }} select 1 as n",
      "models/b.sql": "select 1 as n",
      "models/c.sql": "{{ config(schema='other') }} select nope",
    });
    assert.equal((await models(root, ["run"])).code, 1);
    assert.deepEqual(await rowsOf(root, "select * from main.said"), [
      { main: "main", 'main_Mart "1"': 'main_Mart "1"' },
    ]);
  });

  test("one at the start that fails runs nothing, one at the end fails the run after it is told", async () => {
    const project = (key: string): string =>
      makeProject({
        "sql_project.yaml": `${PROJECT_FILE}${key}: drop table nowhere\n`,
        "models/a.sql": "select 1 as n",
      });
    const start = project("on-run-start");
    const failed = await models(start, ["run"]);
    assert.equal(failed.code, 1);
    assert.match(
      failed.err,
      /HOOK_FAILED.*on-run-start hook of sql_project\.yaml:5:1 failed \(drop table nowhere\)/,
    );
    await assert.rejects(rowsOf(start, "select * from main.a"));
    assert.deepEqual(statuses(start), { a: "skipped" });
    assert.deepEqual(statusesOfHooks(start), [["operation.shop.shop-on-run-start-0", "error"]]);
    assert.match(failed.out, /skip .* main\.a\n +skipped because an on-run-start hook failed/);
    writeFiles(start, { "sql_project.yaml": PROJECT_FILE });
    assert.match((await models(start, ["retry"])).out, /1\/1 {2}ok/, "what was not built is what is left");
    const end = project("on-run-end");
    assert.equal((await models(end, ["run"])).code, 1);
    assert.deepEqual(statuses(end), { a: "success" });
    assert.deepEqual(statusesOfHooks(end), [["operation.shop.shop-on-run-end-0", "error"]]);
    assert.match(
      (await models(end, ["retry"])).err,
      /RETRY_NOTHING .*left no node, but a hook .*shop-on-run-end-0/,
    );
    // What was built is no longer waited for: another run can be published.
    writeFiles(end, {
      "sql_project.yaml": `${PROJECT_FILE.replace("w.duckdb", "w.duckdb, publish: data/copy.duckdb")}on-run-end: drop table nowhere\n`,
    });
    assert.equal((await models(end, ["run"])).code, 1);
    assert.deepEqual(await rowsOf(end, "select count(*) as n from meta.statloom_unsettled"), [{ n: "0" }]);
    const found = await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}on-run-end: select {{ this }}\n`,
      "models/a.sql": "select 1 as n",
    });
    assert.match(found.join("\n"), /sql_project\.yaml:5:\d+ NAME_UNKNOWN in a hook/);
  });
});
