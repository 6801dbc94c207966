import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { tempFolder, writeFiles } from "../support/temp.ts";

const root = join(import.meta.dirname, "../..");

function run(cwd: string, command: string, ...args: string[]): string {
  // npm's own settings would leak from `npm test` into the npm that is started here.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const ran = spawnSync(command, args, { cwd, encoding: "utf8", env });
  assert.equal(ran.status, 0, `${command} ${args.join(" ")}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

describe("the package", () => {
  test("packed and installed into an empty folder, makes a project that builds at once", () => {
    const folder = tempFolder();
    run(root, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder);
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    assert.ok(tarball);
    writeFiles(folder, { "package.json": '{"name": "somebody", "private": true}' });
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", `./${tarball}`);
    run(folder, "npx", "models", "init", "demo");
    const demo = join(folder, "demo");
    assert.match(run(demo, "npx", "models", "build"), /done in .*: 10 ok/);
    run(demo, "npx", "models", "docs", "generate");
    assert.ok(existsSync(join(demo, "target/docs/index.html")));
    assert.match(run(demo, "npx", "ingest", "list"), /nothing has landed/i);
    const program =
      "const p = await (await import('statloom')).openProject({projectDir: 'demo'}); const run = p.build(); let n = 0; for await (const e of run) if (e.kind === 'node-finished') n++; console.log(n, (await run.result).results.length)";
    assert.match(run(folder, "node", "--input-type=module", "-e", program), /^(\d+) \1\n$/);
    const shipped = readdirSync(join(folder, "node_modules/statloom")).toSorted();
    assert.ok(!shipped.includes("tests") && !shipped.includes("data"), shipped.join(", "));
  });
});
