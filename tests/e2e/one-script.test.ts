import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeProject } from "../support/models.ts";
import { modelsCommand, spawnModels } from "../support/spawn-models.ts";

const bundled =
  modelsCommand.length === 1 ? false : "the bundle is not there or older than the sources: npm run build";

/** What the script cannot do like modules would: import what a project brings, load the SQL parser, begin threads. */
const project = {
  "macros/twice.ts": "export function twice(column: string): string {\n  return `${column} * 2`;\n}\n",
  "models/a.sql": "with one as (select 1 as id) select id, {{ twice('id') }} as n from one",
  "models/b.sql": "select n as m from {{ ref('a') }}",
  "models/p.yml": "unit_tests: [{name: u, model: a, cte: one, given: [], expect: {rows: [{id: 1}]}}]\n",
};

test("as one script, made or kept, the command does what it does as modules", { skip: bundled }, async () => {
  const cwd = makeProject(project);
  const cache = join(cwd, "cache");
  const env = { XDG_CACHE_HOME: cache, NODE_V8_COVERAGE: undefined };
  const run = async (words: readonly string[], more = {}): Promise<string> => {
    const { code, out, err } = await spawnModels(cwd, words, { env: { ...env, ...more } });
    assert.equal(code, 0, err);
    return `${out}${err}`.replaceAll(/\d+\.\d+s\b/g, "a while");
  };
  const asModules = { NODE_DISABLE_COMPILE_CACHE: "1" };
  for (const words of [["build"], ["lineage", "b.m"]]) {
    const said = await run(words, asModules);
    assert.ok(!existsSync(cache));
    for (const _ of ["made", "kept"]) {
      assert.equal(await run(words), said);
      assert.equal(readdirSync(join(cache, "statloom/scripts")).length, 1);
      rmSync(join(cwd, "target"), { recursive: true });
    }
    rmSync(cache, { recursive: true });
  }
});
