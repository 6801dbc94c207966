import assert from "node:assert/strict";
import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";

const external = (config: string, sql = "select 1 as id, 'AT' as geo"): string =>
  `{{ config(materialized='external'${config}) }} ${sql}`;

test("external models lie beside the warehouse or where they say, and others read them", async () => {
  const root = makeProject({
    "models/plain.sql": external(""),
    "models/named.sql": external(", location='out/named.csv'"),
    "models/parts.sql": external(", partition_by='geo', incremental_strategy='insert_overwrite'"),
    "models/reader.sql": "select p.id from {{ ref('plain') }} p join {{ ref('named') }} n on n.id = p.id",
  });
  for (const words of [["build"], ["build"], ["build", "--full-refresh"]]) {
    const { code, out, err } = await models(root, words);
    assert.equal(code, 0, out + err);
  }
  for (const path of ["data/external/plain.parquet", "out/named.csv", "data/external/parts/geo=AT"]) {
    assert.ok(existsSync(join(root, path)), path);
  }
  assert.deepEqual(await rowsOf(root, "select count(*) as n from {{ ref('reader') }}"), [{ n: "1" }]);
  const dry = await models(root, ["build", "--dry-run"]);
  assert.match(
    dry.out,
    /model\.shop\.parts: external \(insert_overwrite\)[\s\S]*put it in place: .*statloom_tmp becomes/,
  );
});

test("is_incremental knows external models that are added to", async () => {
  const root = makeProject({
    "models/a.sql": external(
      ", incremental_strategy='append'",
      "select {{#is_incremental}}2{{/is_incremental}}{{^is_incremental}}1{{/is_incremental}} as id",
    ),
  });
  await models(root, ["run"]);
  await models(root, ["run"]);
  assert.deepEqual(await rowsOf(root, "select id from {{ ref('a') }} order by id"), [{ id: 1 }, { id: 2 }]);
  rmSync(join(root, "data/external/a.parquet"));
  const { code, out } = await models(root, ["run"]);
  assert.equal(code, 1);
  assert.match(
    out,
    /FILES_GONE nothing is at .*a\.parquet any more\n +put back what was there, or .*--full-refresh/,
  );
  assert.equal((await models(root, ["run", "--full-refresh"])).code, 0);
});

test("the manifest of an external model is what dbt's schema says", { skip: withoutSchemas }, async () => {
  const root = makeProject({ "models/a.sql": external(", options={'compression': 'zstd'}") });
  await models(root, ["build"]);
  assertValid("manifest-v12", readArtifact(root, "manifest.json"));
});

test("external models that no target can obey are told while the project is parsed, all at once", async () => {
  const root = makeProject({
    "models/out.sql": external(", location='../elsewhere.parquet'"),
    "models/root.sql": external(", location='.'"),
    "models/json.sql": external(", format='json', partition_by='geo'"),
    "models/merged.sql": external(", incremental_strategy='merge', unique_key='id'"),
    "models/appended.sql": external(", incremental_strategy='append', partition_by='geo'"),
    "models/keyless.sql": external(", incremental_strategy='delete+insert'"),
    "models/unused.sql": "{{ config(location='out/y.csv') }} select 1 as id",
    "models/over.sql": external(", location='models/out.sql', format='csv'"),
    "models/seeds.sql": external(", location='seeds', partition_by='geo'"),
    "models/around.sql": external(", location='data', partition_by='geo'"),
    "models/warehouse.sql": external(", location='data/w.duckdb', format='csv'"),
    "models/sheet.sql": external(", location='out/z.xlsx'"),
    "models/shared.sql": external(", location='packages/shared/models/x.csv'"),
    "packages/shared/sql_project.yaml": "name: shared\nversion: '1'\n",
    "packages/shared/models/own.sql": external(", location='packages/shared/own.csv'"),
    "models/beside.sql": external(", location='packages/beside.csv'"),
  });
  appendFileSync(join(root, "sql_project.yaml"), "packages: [{local: packages/shared}]\n");
  const { code, err } = await models(root, ["parse"]);
  assert.equal(code, 2);
  for (const expected of [
    /models\/out\.sql:1:1 PATH_OUTSIDE location "\.\.\/elsewhere\.parquet"/,
    /models\/root\.sql:1:1 PATH_OUTSIDE/,
    /models\/json\.sql:1:1 CONFIG_CONFLICT JSON cannot be partitioned/,
    /models\/merged\.sql:1:1 CONFIG_CONFLICT an external model of one file .*"merge"/,
    /models\/appended\.sql:1:1 CONFIG_CONFLICT a partitioned external model .*"append"/,
    /models\/keyless\.sql:1:1 CONFIG_MISSING delete\+insert of an external model needs unique_key/,
    /models\/unused\.sql:1:1 CONFIG_UNUSED location/,
    /models\/over\.sql:1:1 LOCATION_TAKEN location "models\/out\.sql" would take the place of "models"/,
    /models\/seeds\.sql:1:1 LOCATION_TAKEN .* of "seeds", which is the project's own/,
    /models\/around\.sql:1:1 LOCATION_TAKEN .* of "data\/w\.duckdb"/,
    /models\/warehouse\.sql:1:1 LOCATION_TAKEN .* of "data\/w\.duckdb"/,
    /models\/shared\.sql:1:1 LOCATION_TAKEN .* of "packages\/shared"/,
    /packages\/shared\/models\/own\.sql:1:1 LOCATION_TAKEN .* of "packages\/shared"/,
    /models\/sheet\.sql:1:1 FORMAT_UNKNOWN location "out\/z\.xlsx" ends in "\.xlsx"/,
  ]) {
    assert.match(err, expected);
  }
  assert.doesNotMatch(err, /beside\.sql/);
  writeFileSync(join(root, "models/out.sql"), external(", options={'overwrite': true}"));
  assert.match((await models(root, ["build"])).err, /out\.sql:1:\d+ .*overwrite/);
});

test("files of external models that would meet, or lie outside for their names, are told before anything runs", async () => {
  const root = makeProject({
    "models/one.sql": external(", location='out/x.parquet'"),
    "models/two.sql": external(", location='out/x.parquet'"),
    "models/named.sql": external(", alias='../../../named'"),
  });
  const { code, err } = await models(root, ["build"]);
  assert.equal(code, 2);
  assert.match(err, /models\/two\.sql:1:1 LOCATION_DUPLICATE "two" and "one"/);
  assert.match(
    err,
    /models\/named\.sql:1:1 PATH_OUTSIDE the file of "..\/..\/..\/named" would not be inside/,
  );
});
