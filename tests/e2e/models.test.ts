import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { assertValid, withoutSchemas } from "../support/dbt-schemas.ts";
import { makeProject, readArtifact } from "../support/models.ts";
import type { Ran } from "../support/models.ts";
import { answerModels, spawnModels, start, withoutTerminal } from "../support/spawn-models.ts";
import { tempFolder } from "../support/temp.ts";

const files = {
  "seeds/kinds.csv": "kind,label\na,first\nb,second\n",
  "models/staging/stg_orders.sql":
    "{{ config(tags='nightly') }}\nselect * from (values (1, 'a'), (2, 'b')) t(id, kind)",
  "models/marts/orders.sql":
    "{{ config(materialized='table') }}\nselect id, label from {{ ref('stg_orders') }} join {{ ref('kinds') }} using (kind)",
  "models/marts/_marts.yml": `models:
  - name: orders
    description: One row an order.
    columns: [{name: id, description: The key., data_tests: [unique, not_null]}]
sources:
  - name: raw
    schema: main
    tables:
      - name: orders
        loaded_at_field: "timestamp '2020-01-01'"
        freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}
exposures:
  - {name: board, type: dashboard, owner: {name: Ada}, depends_on: [ref('orders')]}
`,
  "tests/data/some_orders.sql": "select 1 where (select count(*) from {{ ref('orders') }}) = 0",
};
const cwd = makeProject(files);
const run = (...words: string[]): Promise<Ran> => spawnModels(cwd, words);
async function ok(...words: string[]): Promise<string> {
  const { code, out, err } = await run(...words);
  assert.equal(code, 0, `${words.join(" ")}: ${out}${err}`);
  return out;
}

before(() => ok("build"));

describe("every command", () => {
  test("--version and --help", async () => {
    assert.match(await ok("--version"), /^\d+\.\d+\.\d+\n$/);
    const help = await ok("--help");
    for (const command of [
      "init",
      "debug",
      "parse",
      "compile",
      "run",
      "test",
      "build",
      "seed",
      "ls",
      "show",
      "clean",
    ])
      assert.match(help, new RegExp(`^ {2}models ${command}\\b`, "m"));
    assert.match(await ok("build", "--help"), /--full-refresh/);
    assert.match(await ok("docs", "--help"), /models docs generate/);
  });
  test("debug", async () => {
    const out = await ok("debug");
    assert.match(out, /target +dev: duckdb, schema main, 2 threads/);
    assert.match(out, /engine +DuckDB v/);
    assert.match(out, /connection +ok/);
  });
  test("parse, compile", async () => {
    assert.match(await ok("parse"), /the project is sound: 6 nodes, 1 source/);
    assert.match(await ok("compile"), /compiled 5 nodes into target\/compiled/);
    assert.match(
      readFileSync(join(cwd, "target/compiled/shop/models/marts/orders.sql"), "utf8"),
      /from "main"\."stg_orders" join "main"\."kinds"/,
    );
    assert.match(
      await ok("compile", "--select", "orders", "--exclude", "resource_type:test"),
      /^select id, label from/,
    );
    assert.equal(await ok("compile", "--inline", "from {{ ref('orders') }};"), 'from "main"."orders"\n');
  });
  test("run, test, seed", async () => {
    assert.match(await ok("run"), /2\/2 .*\n\ndone in .*: 2 ok/);
    assert.match(await ok("test"), /done in .*: 3 ok/);
    assert.match(await ok("seed"), /1\/1 +ok +seed +main\.kinds +unchanged/);
  });
  test("ls", async () => {
    assert.equal(
      await ok("ls"),
      `exposure:shop.board
source:shop.raw.orders
shop.kinds
shop.staging.stg_orders
shop.marts.orders
shop.some_orders
shop.marts.unique_orders_id
shop.marts.not_null_orders_id
`
        .split("\n")
        .toSorted(order(await ok("ls")))
        .join("\n"),
    );
    assert.equal(await ok("ls", "--output", "name", "--resource-type", "model"), "stg_orders\norders\n");
    assert.equal(
      await ok("ls", "--output", "path", "--select", "stg_orders"),
      "models/staging/stg_orders.sql\n",
    );
    const lines = (await ok("ls", "--output", "json")).trimEnd().split("\n");
    const nodes = lines.map((line) => JSON.parse(line) as { name: string; resource_type: string });
    assert.deepEqual(nodes.find(({ name }) => name === "kinds")?.resource_type, "seed");
    assert.equal(
      await ok("ls", "--select", "tag:nightly+1", "--resource-type", "model"),
      "shop.staging.stg_orders\nshop.marts.orders\n",
    );
  });
  test("show", async () => {
    assert.match(
      await ok("show", "--select", "orders"),
      /^id {2}label\n─+ {2}─+\n 1 {2}first\n 2 {2}second\n$/m,
    );
    const json = await ok(
      "show",
      "--inline",
      "select count(*) as n from {{ ref('stg_orders') }};",
      "--output",
      "json",
    );
    assert.deepEqual(JSON.parse(json), { node: "inline", show: [{ n: "2" }] });
  });
  test("source freshness", async () => {
    const { code, out } = await run("source", "freshness");
    assert.equal(code, 1);
    assert.match(out, /1\/1 +ERROR +raw\.orders +loaded [\d,]+ days ago/);
    const json = await run("source", "freshness", "--output", "json");
    const { results } = JSON.parse(json.out) as { results: { status: string }[] };
    assert.deepEqual(
      results.map(({ status }) => status),
      ["error"],
    );
  });
  test("docs generate, docs serve", async () => {
    assert.match(await ok("docs", "generate"), /target\/docs\/index\.html/);
    assert.ok(existsSync(join(cwd, "target/docs/index.html")));
    const { child, ended } = start(cwd, ["docs", "serve", "--port", "0"]);
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout!.on("data", (chunk: string) => {
        text += chunk;
        const found = /http:\/\/\S+/.exec(text);
        if (found) resolve(found[0]);
      });
      ended.then(({ err }) => reject(new Error(err)), reject);
    });
    const page = await fetch(url);
    assert.equal(page.status, 200);
    await page.text();
    child.kill("SIGINT");
    assert.equal((await ended).code, 0);
  });
  test("clean removes artifacts, and nothing that is not ours", async () => {
    const copy = tempFolder();
    cpSync(cwd, copy, { recursive: true });
    const { code } = await spawnModels(copy, ["clean"]);
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(copy).includes("target"), false);
    assert.ok(existsSync(join(copy, "data/w.duckdb")));
    const foreign = await spawnModels(copy, ["clean", "--target-path", "models"]);
    assert.equal(foreign.code, 2);
    assert.match(foreign.err, /FOLDER_FOREIGN models holds what Statloom did not make/);
    assert.ok(existsSync(join(copy, "models/marts/orders.sql")));
  });
});

/** The order of `text`'s lines. */
function order(text: string): (a: string, b: string) => number {
  const lines = text.split("\n");
  return (a, b) => lines.indexOf(a) - lines.indexOf(b);
}

describe("artifacts", () => {
  test("are what dbt's schemas say", { skip: withoutSchemas }, async () => {
    await ok("docs", "generate");
    await run("source", "freshness");
    await ok("build");
    assertValid("manifest-v12", readArtifact(cwd, "manifest.json"));
    assertValid("run-results-v6", readArtifact(cwd, "run_results.json"));
    assertValid("catalog-v1", readArtifact(cwd, "catalog.json"));
    assertValid("sources-v3", readArtifact(cwd, "sources.json"));
  });
  test("--output json prints the run results on standard output and nothing else", async () => {
    const { code, out, err } = await run("build", "--output", "json");
    assert.equal(code, 0);
    const { results } = JSON.parse(out) as { results: unknown[] };
    assert.equal(results.length, 6);
    assert.match(err, /6\/6/);
  });
  test("go where --target-path says", async () => {
    await ok("parse", "--target-path", "out/here");
    assert.ok(existsSync(join(cwd, "out/here/manifest.json")));
  });
});

describe("what is said", () => {
  test("--log-format json: an object a line, with stable names", async () => {
    const events = (await ok("build", "--log-format", "json"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; at: string });
    const names = events.map(({ event }) => event);
    assert.equal(names[0], "run-started");
    assert.equal(names.at(-1), "run-finished");
    assert.equal(names.filter((name) => name === "node-started").length, 6);
    assert.equal(names.filter((name) => name === "node-finished").length, 6);
    for (const { at } of events) assert.match(at, /^\d{4}-\d\d-\d\dT/);
    const wrong = await run("build", "--log-format", "json", "--select", "tga:x");
    assert.equal(wrong.code, 2);
    assert.deepEqual(
      wrong.out
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { event: string; exitCode: number }).event),
      ["error"],
    );
  });
  test("--quiet: nothing when all is well", async () => {
    for (const words of [["build"], ["parse"], ["compile"], ["docs", "generate"]]) {
      const { code, out, err } = await run(...words, "--quiet");
      assert.deepEqual([code, out, err], [0, "", ""], words.join(" "));
    }
    assert.match(await ok("ls", "--quiet"), /shop\.kinds/, "what was asked for is said");
  });
  test("colours: never in a pipe, with FORCE_COLOR always", async () => {
    const escape = "\u001b[";
    const say = async (env: Record<string, string>): Promise<boolean> =>
      (await spawnModels(cwd, ["seed"], { env })).out.includes(escape);
    assert.equal(await say({}), false);
    assert.equal(await say({ NO_COLOR: "1" }), false);
    assert.equal(await say({ FORCE_COLOR: "1" }), true);
    assert.equal(await say({ FORCE_COLOR: "0" }), false);
  });
  test("a reader that stops reading is no failure", async () => {
    const { child, ended } = start(cwd, ["show", "--inline", "from range(200000)", "--limit", "-1"]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    const { code, err } = await ended;
    assert.equal(err.replace(/^200,000 rows of inline\n$/, ""), "");
    assert.equal(code, 0);
  });
});

describe("init", () => {
  test("makes a project that builds at once", async () => {
    const folder = tempFolder();
    const made = await spawnModels(folder, ["init", "my-demo"]);
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /cd my-demo\n/);
    const built = await spawnModels(join(folder, "my-demo"), ["build"]);
    assert.equal(built.code, 0, built.out + built.err);
    assert.match(built.out, /done in .*: \d+ ok\n/);
    assert.match(readFileSync(join(folder, "my-demo/sql_project.yaml"), "utf8"), /^name: my_demo$/m);
    assert.ok(existsSync(join(folder, "my-demo/.gitignore")));
    const properties = readFileSync(join(folder, "my-demo/seeds/_seeds.yml"), "utf8");
    assert.match(
      properties,
      /^# yaml-language-server: \$schema=\.\.\/node_modules\/statloom\/.*properties\.schema\.json$/m,
    );
    const again = await spawnModels(folder, ["init", "my-demo"]);
    assert.equal(again.code, 2);
    assert.match(again.err, /FOLDER_NOT_EMPTY .*my-demo is not empty/);
    const odd = await spawnModels(folder, ["init", "1 2"]);
    assert.equal(odd.code, 2);
    assert.match(odd.err, /NAME_INVALID "1 2" cannot name a project/);
  });
  test(
    "asks three questions at a terminal, and again where an answer is none",
    { skip: withoutTerminal },
    async () => {
      const folder = tempFolder();
      const { code, out } = await answerModels(
        folder,
        ["init"],
        [
          ["folder and name [my_project]", "1 2\n"],
          ["letters, digits and underscores", ""],
          ["folder and name [my_project]", "shop\n"],
          ["warehouse: ", "post\n"],
          ["first dataset", "eurostat/demo_pjan\n"],
        ],
      );
      assert.equal(code, 0, out);
      assert.match(out, /npx ingest add eurostat demo_pjan/);
      const text = readFileSync(join(folder, "shop/sql_project.yaml"), "utf8");
      assert.match(text, /^name: shop$[^]*dev: \{type: postgres, url: "\$\{DATABASE_URL\}", schema: shop/m);
      assert.match(text, /staging: \{url[^]*datasets:\n {4}- \{publisher: eurostat, code: "demo_pjan"\}\n$/);
      const [stopped, told] = await Promise.all([
        answerModels(folder, ["init"], [["folder and name", "\u0004"]]),
        answerModels(folder, ["init", "told", "--dataset", "none"], [["warehouse: ", "\n"]]),
      ]);
      assert.deepEqual([stopped.code, told.code], [1, 0], stopped.out + told.out);
      assert.match(stopped.out, /CANCELLED stopped: nothing was made/);
      assert.deepEqual(readdirSync(folder).toSorted(), ["shop", "told"]);
    },
  );
  test("without a terminal, what is not said is as usual", async () => {
    const folder = tempFolder();
    const { code, out } = await spawnModels(folder, ["init", "--dataset", "scb/TAB6471"]);
    assert.equal(code, 0);
    assert.match(out, /made a project in my_project\n/);
    const odd = await spawnModels(folder, ["init", "other", "--dataset", "x"]);
    assert.deepEqual([odd.code, existsSync(join(folder, "other"))], [2, false]);
  });
});
