import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PROJECT_FILE } from "../support/link-project.ts";
import { makeProject, models, rowsOf } from "../support/models.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";

function npm(cwd: string, ...args: string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const ran = spawnSync("npm", args, { cwd, encoding: "utf8", env });
  assert.equal(ran.status, 0, `npm ${args.join(" ")}\n${ran.stdout}${ran.stderr}`);
}

const manifest = (peer: string): string =>
  JSON.stringify({
    name: "@acme/units",
    version: "1.2.3",
    peerDependencies: { statloom: peer },
    peerDependenciesMeta: { statloom: { optional: true } },
  });

test("a package that npm packed and installed builds with the project", async () => {
  const source = writeFiles(tempFolder(), {
    "package.json": manifest(">=0.1.0"),
    "sql_project.yaml": "name: units\nvars: {factor: 10}\nseeds: {+schema: lib}\n",
    "seeds/raw.csv": "id,kg\n1,2\n2,4\n",
    "macros/scale.mjs":
      "export function scaled(column) { return `${column} * ${this.literal(this.vars.factor)}`; }\n",
    "macros/half.sql": "{{! macro half(x) }}{{ x }} / 2\n",
    "models/scaled.sql": "select id, {{ scaled('kg') }} as g from {{ ref('raw') }}",
    "models/p.yml": "models: [{name: scaled, columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
    "tests/data/positive.sql": "select * from {{ ref('scaled') }} where g < 0",
  });
  npm(source, "pack", "--silent");
  const root = makeProject({
    "package.json": '{"name": "shop", "private": true}',
    "sql_project.yaml": `${PROJECT_FILE}vars: {units: {factor: 100}}\nmodels: {units: {+materialized: table}}\npackages: [{npm: "@acme/units", version: ^1.2.0}]\n`,
    "models/total.sql": "select {{ units.half('sum(g)') }} as g from {{ ref('units', 'scaled') }}",
  });
  const missing = await models(root, ["parse"]);
  assert.equal(missing.code, 2);
  assert.match(
    missing.err,
    /sql_project\.yaml:.* PACKAGE_MISSING the npm package "@acme\/units" is not installed/,
  );
  assert.match(missing.err, /npm install @acme\/units@"\^1\.2\.0"/);

  npm(
    root,
    "install",
    "--offline",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--legacy-peer-deps",
    join(source, "acme-units-1.2.3.tgz"),
  );
  rmSync(source, { recursive: true });
  const built = await models(root, ["build"]);
  assert.equal(built.code, 0, built.err + built.out);
  assert.deepEqual(await rowsOf(root, "select g from {{ ref('total') }}"), [{ g: 300 }]);
  const { out } = await models(root, ["deps", "--output", "json"]);
  assert.deepEqual(JSON.parse(out), [
    { name: "units", version: "1.2.3", source: "npm", path: "node_modules/@acme/units", nodes: 5, macros: 2 },
  ]);
  const { nodes } = JSON.parse(readFileSync(join(root, "target/manifest.json"), "utf8")) as {
    nodes: Record<string, { original_file_path: string; package_name: string; schema: string }>;
  };
  const { original_file_path: path, package_name: of, schema } = nodes["seed.units.raw"]!;
  assert.deepEqual([path, of, schema], ["seeds/raw.csv", "units", "main_lib"]);
  assert.match(readFileSync(join(root, "target/compiled/units/models/scaled.sql"), "utf8"), /kg \* 100/);

  writeFiles(join(root, "node_modules/@acme/units"), { "package.json": manifest(">=99") });
  const older = await models(root, ["parse"]);
  assert.match(
    older.err,
    /PACKAGE_VERSION the npm package "@acme\/units" 1\.2\.3 needs statloom >=99, this is /,
  );
  writeFiles(root, {
    "sql_project.yaml": `${PROJECT_FILE}packages: [{npm: "@acme/units", version: ^2}, {npm: "@acme/units", version: new}]\n`,
  });
  const wrong = await models(root, ["parse"]);
  assert.match(
    wrong.err,
    /PACKAGE_VERSION the npm package "@acme\/units" is installed in version 1\.2\.3, "\^2" is asked for/,
  );
  assert.match(wrong.err, /PACKAGE_VERSION "new" is no range of versions/);
});
