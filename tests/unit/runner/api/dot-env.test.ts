import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../../../../ingest/cli/settings.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import { withDotEnv } from "../../../../runner/project/dot-env.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";
import { makeProject, models } from "../../../support/models.ts";

const files = {
  "sql_project.yaml":
    'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, schema: "${SCHEMA}"}\ningest: {landing: "${ZONE}"}\n',
  ".env": "# ours\nSCHEMA=from_file\nexport ZONE='data/my zone'\nTOKEN=\"s3cret\"\n",
  "models/m.sql": "select '{{ env_var('SCHEMA') }}' as s",
};

test(".env is there for the project file and for templates; the environment wins, and nothing of it is printed", async () => {
  const cwd = makeProject(files);
  const told = await models(cwd, ["build"]);
  assert.equal(told.code, 0, told.err);
  assert.doesNotMatch(told.out + told.err, /s3cret/);
  const shown = await models(cwd, ["compile", "--select", "m"]);
  assert.match(shown.out, /'from_file'/);
  const won = await models(cwd, ["compile", "--select", "m"], { env: { SCHEMA: "outside" } });
  assert.match(won.out, /'outside'/);
});

const all = { projectDir: undefined, target: undefined, landing: undefined };

test("ingest reads it too", async () => {
  const cwd = makeProject(files);
  const settings = await readSettings({ ...realEffects(), env: {}, cwd }, all);
  assert.equal(settings.landing, join(cwd, "data/my zone"));
});

test("without the file the environment is as it was; one that cannot be read says so", () => {
  const env = { A: "1" };
  assert.equal(withDotEnv(tempFolder(), env), env);
  const odd = writeFiles(tempFolder(), {});
  mkdirSync(join(odd, ".env"));
  assert.throws(() => withDotEnv(odd, env), /cannot read .*\.env/);
});
