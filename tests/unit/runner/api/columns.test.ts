import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeProject, models } from "../../../support/models.ts";

const SEEDS = {
  "seeds/facts.csv": "id,country,value,day\n1,FR,2.5,2020-01-01\n",
  "seeds/names.csv": "country,label\nFR,France\n",
};
const LAYERS = {
  ...SEEDS,
  "models/stg.sql":
    "{{ config(materialized='ephemeral') }} select id, country, value * 2 as twice from {{ ref('facts') }}",
  "models/mart.sql":
    "select n.label, sum(s.twice) as total from {{ ref('stg') }} as s join {{ ref('names') }} as n using (country) group by all",
  "snapshots/kept.yml":
    "snapshots:\n  - {name: kept, relation: ref('mart'), config: {unique_key: label, strategy: check, check_cols: all}}\n",
  "models/last.sql": "select label as name, total, dbt_valid_from from {{ ref('kept') }}",
};

const compile = async (files: Readonly<Record<string, string>>, ...words: string[]): Promise<string[]> => {
  const { code, err } = await models(makeProject(files), ["compile", ...words]);
  assert.equal(code, err === "" ? 0 : 2, err);
  return err
    .trimEnd()
    .split("\n")
    .filter((line) => !/^\d+ problems?$/.test(line));
};

describe("mistakes that compile finds", () => {
  test("all wrong names of a model at once, in macros at the call, with the nearest known name", async () => {
    const found = await compile({
      ...SEEDS,
      "macros/m.sql": "{{! macro twice(column) }}\n2 * {{ identifier(column) }}\n",
      "models/a.sql": `{{ config(materialized='table') }}
-- é 𝒳
select f.id,
       contry,
       n.lable,
       {{ twice('valeu') }} as v2
from {{ ref('facts') }} as f
join {{ ref('names') }} as n on n.country = f.country
where country = 'FR'`,
    });
    assert.deepEqual(found, [
      'models/a.sql:4:8 COLUMN_UNKNOWN no table that is read here has a column "contry"',
      '    did you mean "country"?',
      'models/a.sql:5:10 COLUMN_UNKNOWN no table that is read here has a column "lable"',
      '    did you mean "label"?',
      'models/a.sql:6:11 COLUMN_UNKNOWN no table that is read here has a column "valeu"',
      '    did you mean "value"?',
      'models/a.sql:9:7 COLUMN_AMBIGUOUS "country" is a column of more than one table',
      '    write "f.country" or "n.country"',
    ]);
  });

  test("types that do not fit, groups, unions and syntax, each in its model", async () => {
    const found = await compile({
      ...SEEDS,
      "models/b.sql": "select day + 'x' as d from {{ ref('facts') }}",
      "models/c.sql": "select id\nfrom {{ ref('facts') }} wher id = 1",
      "models/d.sql": "select upper(value, 3) as u from {{ ref('facts') }}",
      "models/f.sql": "select id, count(*) as n from {{ ref('facts') }}",
      "models/g.sql": "select id from {{ ref('facts') }} union all select id, day from {{ ref('facts') }}",
    });
    const places = found.filter((line) => !line.startsWith(" ")).map((line) => line.split(" ", 2).join(" "));
    assert.deepEqual(places, [
      "models/b.sql:1:12 TYPE_MISMATCH",
      "models/c.sql:2:30 SQL_SYNTAX",
      "models/d.sql:1:8 TYPE_MISMATCH",
      "models/f.sql:1:8 SQL_INVALID",
      "models/g.sql:1:1 SQL_INVALID",
    ]);
  });

  test("through ephemeral models and snapshots, only in what is selected", async () => {
    const files = { ...LAYERS, "models/last.sql": "select tottal from {{ ref('kept') }}" };
    const [first, hint] = await compile(files);
    assert.match(first ?? "", /^models\/last\.sql:1:8 COLUMN_UNKNOWN .*"tottal"/);
    assert.match(hint ?? "", /"total"/);
    assert.deepEqual(await compile(files, "--select", "mart"), [""]);
    assert.deepEqual(await compile(files, "--no-columns"), [""]);
  });

  test("for PostgreSQL by reading alone: through snapshots, with names and no types, without a server", async () => {
    const project = {
      "sql_project.yaml":
        "name: shop\ntarget: dev\ntargets: {dev: {type: postgres, url: 'postgres://nobody@127.0.0.1:9/none'}}\n",
    };
    assert.deepEqual(await compile({ ...LAYERS, ...project }), [""]);
    const files = {
      ...project,
      ...LAYERS,
      "models/last.sql": "select label, dbt_valid_form, tottal from {{ ref('kept') }}",
    };
    assert.deepEqual(await compile(files), [
      'models/last.sql:1:15 COLUMN_UNKNOWN no table that is read here has a column "dbt_valid_form"',
      '    did you mean "dbt_valid_from"?',
      'models/last.sql:1:31 COLUMN_UNKNOWN no table that is read here has a column "tottal"',
      '    did you mean "total"?',
    ]);
  });

  test("nothing is said of what cannot be known without the warehouse", async () => {
    const files = {
      ...SEEDS,
      "models/_s.yml": "sources: [{name: raw, tables: [{name: t, columns: [{name: id}]}]}]\n",
      "models/a.sql": "select whatever from {{ source('raw', 't') }}",
      "models/b.sql": "select nothing from {{ ref('a') }}",
      "models/c.sql": "select made_by_a_hook(id) as x, gen.n from {{ ref('facts') }}, a_table_of_mine as gen",
    };
    assert.deepEqual(await compile(files), [""]);
  });

  test("what was found before is asked again only when something above has changed", async () => {
    const root = makeProject(LAYERS);
    assert.equal((await models(root, ["compile"])).err, "");
    const cache = join(root, "target", "columns.json");
    const before = readFileSync(cache, "utf8");
    assert.equal((await models(root, ["compile"])).err, "");
    assert.equal(readFileSync(cache, "utf8"), before);
    writeFileSync(join(root, "seeds", "names.csv"), "country,title\nFR,France\n");
    const { err } = await models(root, ["compile"]);
    assert.match(err, /^models\/mart\.sql:1:10 COLUMN_UNKNOWN .*"label"/);
    writeFileSync(cache, "{broken");
    assert.match((await models(root, ["compile"])).err, /^models\/mart\.sql:1:10 COLUMN_UNKNOWN/);
  });
});

describe("the lineage of a column", () => {
  const root = makeProject(LAYERS);

  test("as a tree upwards and downwards", async () => {
    assert.deepEqual((await models(root, ["lineage", "last.total"])).out.split("\n"), [
      "last.total double",
      "  kept.total double (snapshot)",
      "    mart.total double",
      "      stg.twice double — aggregation",
      "        facts.value double (seed) — transformation",
      "",
    ]);
    assert.deepEqual((await models(root, ["lineage", "names.label", "--downstream"])).out.split("\n"), [
      "names.label varchar (seed)",
      "  mart.label varchar",
      "    kept.label varchar (snapshot)",
      "      last.name varchar",
      "",
    ]);
    assert.ok(!existsSync(join(root, "data")), "without a warehouse");
  });

  test("for programs", async () => {
    const { out } = await models(root, ["lineage", "mart", "--output", "json"]);
    const trace = JSON.parse(out) as {
      asked: number;
      columns: { node: string; column: string }[];
      edges: unknown[];
    };
    assert.equal(trace.asked, 2);
    assert.deepEqual(
      trace.columns.map(({ node, column }) => `${node}.${column}`),
      ["mart.label", "mart.total", "names.label", "stg.twice", "facts.value"],
    );
    assert.deepEqual(trace.edges[0], { from: 2, to: 0, transformation: "identity" });
    const mermaid = (await models(root, ["lineage", "mart.total", "--output", "mermaid"])).out;
    assert.match(mermaid, /^flowchart LR\n {2}c0\["mart\.total"\]\n[^]*c1 -- aggregation --> c0\n/);
    const dot = (await models(root, ["lineage", "mart.total", "--output", "dot"])).out;
    assert.match(dot, /^digraph lineage \{[^]*c1 -> c0 \[label="aggregation"\];\n/);
  });

  test("a name that is not there is told with the nearest", async () => {
    assert.match(
      (await models(root, ["lineage", "mart.totl"])).err,
      /COLUMN_UNKNOWN[^]*did you mean "total"\?/,
    );
    assert.match(
      (await models(root, ["lineage", "mrat.total"])).err,
      /NODE_UNKNOWN[^]*did you mean "mart"\?/,
    );
  });
});
