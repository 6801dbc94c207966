import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeProject, models, rowsOf, statuses } from "../../../support/models.ts";

const files = {
  "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb, schema: dev}
  prod: {type: duckdb, path: data/w.duckdb, schema: prod}
  away: {type: duckdb, path: data/away.duckdb}
`,
  "models/a.sql": "{{ config(materialized='table') }} select '{{ target.name }}' as origin",
  "models/e.sql": "{{ config(materialized='ephemeral') }} select origin from {{ ref('a') }}",
  "models/b.sql": "{{ config(materialized='table') }} select origin from {{ ref('e') }}",
};

/** A project whose state is of a run in `target`. */
async function withState(target: string): Promise<string> {
  const cwd = makeProject(files);
  await run(cwd, ["build", "-q", "--target", target]);
  mkdirSync(join(cwd, "state"));
  cpSync(join(cwd, "target/manifest.json"), join(cwd, "state/manifest.json"));
  return cwd;
}
async function run(cwd: string, words: string[], code = 0): Promise<string> {
  const ran = await models(cwd, words);
  assert.equal(ran.code, code, ran.out + ran.err);
  return ran.out + ran.err;
}
const state = ["--state", "state"];
const originOf = async (cwd: string, relation: string): Promise<unknown> =>
  ((await rowsOf(cwd, `select origin from ${relation}`)) as { origin: string }[])[0]?.origin;

describe("--defer", () => {
  test("reads from the state what is not here, and what is here from here", async () => {
    const cwd = await withState("prod");
    await run(cwd, ["run", "-q", "-s", "b"], 1);
    await run(cwd, ["run", "-q", "-s", "b", "--defer", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "prod");
    await run(cwd, ["run", "-q", "-s", "a"]);
    await run(cwd, ["run", "-q", "-s", "b", "--defer", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "dev");
    await run(cwd, ["run", "-q", "-s", "b", "--defer", "--favor-state", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "prod");
    await run(cwd, ["run", "-q", "-s", "a", "b", "--defer", "--favor-state", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "dev", "what is selected is never deferred");
  });

  test("compile and show read there too", async () => {
    const cwd = await withState("prod");
    assert.match(await run(cwd, ["compile", "-s", "b", "--defer", ...state]), /"prod"\."a"/);
    assert.match(await run(cwd, ["compile", "-s", "b", "--defer", "--favor-state", ...state]), /"prod"\."a"/);
    assert.match(await run(cwd, ["compile", "-s", "b"]), /"dev"\."a"/);
    assert.match(await run(cwd, ["show", "-s", "b", "--defer", "--defer-state", "state"]), /prod/);
    assert.match(
      await run(cwd, ["show", "--inline", "select * from {{ ref('a') }}", "--defer", ...state]),
      /prod/,
    );
  });

  test("another warehouse is attached", async () => {
    const cwd = await withState("away");
    await run(cwd, ["run", "-q", "-s", "b", "--defer", "--defer-target", "away", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "away");
  });

  test("tells of a state that is of another warehouse", async () => {
    const cwd = await withState("away");
    const told = await run(cwd, ["run", "-q", "-s", "b", "--defer", ...state], 2);
    assert.match(
      told,
      /STATE_ELSEWHERE "main"."a", which the state has, is not in this warehouse[^]*--defer-target/,
    );
  });

  test("needs a state", async () => {
    const cwd = makeProject(files);
    assert.match(await run(cwd, ["run", "-s", "b", "--defer"], 2), /STATE_MISSING .*--defer needs/);
    assert.match(await run(cwd, ["clone"], 2), /STATE_MISSING clone needs/);
  });
});

describe("clone", () => {
  test("makes views of what the state has, once", async () => {
    const cwd = await withState("prod");
    await run(cwd, ["clone", ...state]);
    assert.deepEqual(statuses(cwd), { a: "success", b: "success" });
    assert.equal(await originOf(cwd, "dev.b"), "prod");
    assert.match(await run(cwd, ["clone", ...state, "--output", "json"]), /there already/);
    await run(cwd, ["build", "-q", "-s", "a"]);
    assert.equal(await originOf(cwd, "dev.a"), "dev");
    await run(cwd, ["clone", "-s", "a", "--full-refresh", ...state]);
    assert.equal(await originOf(cwd, "dev.a"), "prod");
    assert.match(
      await run(cwd, ["clone", "--target", "prod", "--output", "json", ...state]),
      /this very relation/,
    );
  });
  test("tells of a state that is of another warehouse, though its relations have the names of those here", async () => {
    const cwd = await withState("dev");
    rmSync(join(cwd, "data"), { recursive: true });
    assert.match(
      await run(cwd, ["clone", ...state], 1),
      /STATE_ELSEWHERE "dev"."a" is not here[^]*--defer-target/,
    );
  });

  test("copies what is in another warehouse", async () => {
    const cwd = await withState("away");
    await run(cwd, ["clone", "--defer-target", "away", ...state]);
    assert.equal(await originOf(cwd, "dev.b"), "away");
  });
});
