import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PROJECT_FILE, linkProject, mistakesOf, modelOf, parentsOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";

const config = (text: string): string => `{{ config(${text}) }}\nselect 1 as a`;

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
    assert.match(out, /HOOK_FAILED the post-hook failed \(drop table nowhere\): .*nowhere/);
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
});
