import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { comparedIds } from "../../../../runner/api/build-records.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import { makeProject, models, statuses } from "../../../support/models.ts";

const table = "{{ config(materialized='table') }} ";
const ephemeral = "{{ config(materialized='ephemeral') }} ";
const files = {
  "sql_project.yaml":
    "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, threads: 2}\n",
  "seeds/codes.csv": "id\n1\n",
  "models/above.sql": `${table}select 1 as id`,
  "models/a.sql": `${table}select id from {{ ref('above') }}`,
  "models/e1.sql": `${ephemeral}select id from {{ ref('a') }}`,
  "models/e2.sql": `${ephemeral}select id from {{ ref('e1') }} union select id from {{ ref('codes') }}`,
  "models/c.sql": `${table}select id from {{ ref('e1') }} union select id from {{ ref('e2') }}`,
  "models/other.sql": `${table}select 2 as id`,
};

test("a node is compared with what it is made of, through those that are no relations of their own", async () => {
  const open = await openProject({ projectDir: makeProject(files) }, realEffects());
  const c = open.parsed.graph.nodes.get("model.shop.c")!;
  const ids = [...comparedIds(open, { nodes: [c], unitTests: [] })];
  assert.deepEqual(ids.map((id) => id.replace(/.*\./, "")).toSorted(), ["a", "c", "codes", "e1", "e2"]);
});

test("a run of some nodes notes nothing for the next, and is remembered as a whole one is", async () => {
  const cwd = makeProject(files);
  const notes = (): string[] =>
    readdirSync(join(cwd, "target/parsed"))
      .filter((name) => name.startsWith("warehouse-"))
      .map((name) => readFileSync(join(cwd, "target/parsed", name), "utf8"));
  const ran = async (...words: string[]): Promise<void> => {
    const { code, out, err } = await models(cwd, words);
    assert.equal(code, 0, out + err);
  };
  await ran("build");
  const noted = notes();
  assert.equal(noted.length, 1);
  writeFileSync(join(cwd, "models/c.sql"), `${files["models/c.sql"]} where id > 0`);
  for (const words of [
    ["-s", "c"],
    ["--exclude", "a", "above", "other", "codes"],
  ]) {
    await ran("run", ...words);
    assert.deepEqual(statuses(cwd), { c: "success" });
    assert.deepEqual(notes(), noted);
  }
  await ran("build", "--changed");
  assert.deepEqual([...new Set(Object.values(statuses(cwd)))], ["no-op"]);
  assert.notDeepEqual(notes(), noted);
});
