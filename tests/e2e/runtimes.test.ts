import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runtimes } from "../support/runtimes.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";

const root = join(import.meta.dirname, "../..");

const document = JSON.stringify({
  version: "2.0",
  class: "dataset",
  label: "A small cube",
  source: "ESTAT",
  updated: "2025-04-04T23:00:00+0200",
  value: { "1": 2.5, "0": 1 },
  id: ["geo", "time"],
  size: [1, 2],
  dimension: {
    geo: { label: "Country", category: { index: { ES: 0 }, label: { ES: "Spain" } } },
    time: {
      label: "Time",
      category: { index: { "2023": 0, "2024": 1 }, label: { "2023": "2023", "2024": "2024" } },
    },
  },
  extension: { id: "SMOKE", agencyId: "ESTAT" },
});

const model =
  "select geo, sum(value) as total, {{ twice('geo') }} as doubled from {{ source('eurostat', 'smoke') }} group by geo\n";
const sources =
  "version: 2\nsources: [{name: eurostat, landing: true, tables: [{name: smoke, columns: [{name: geo, data_tests: [not_null]}]}]}]\n";
const script = "export function twice(column: string): string {\n  return `${column} || ${column}`;\n}\n";

describe("the sources run unbuilt", () => {
  for (const { name, found } of runtimes) {
    test(
      `on ${name}: ingest, build and show`,
      { skip: found === null ? `${name} is not on this machine` : false },
      () => {
        assert.ok(found);
        const project = tempFolder();
        cpSync(join(root, "runner/api/starter"), project, { recursive: true });
        writeFiles(project, {
          "smoke.json": document,
          "models/totals.sql": model,
          "models/_sources.yml": sources,
          "macros/twice.ts": script,
        });
        const run = (entry: string, ...args: string[]): string => {
          const ran = spawnSync(found.command, [...found.args, join(root, "scripts", entry), ...args], {
            cwd: project,
            encoding: "utf8",
            env: { ...process.env, XDG_CACHE_HOME: join(project, "cache") },
          });
          assert.equal(ran.status, 0, `${entry} ${args.join(" ")}\n${ran.stdout}${ran.stderr}`);
          return ran.stdout;
        };
        run("ingest.ts", "file", "smoke.json");
        run("models.ts", "build");
        assert.deepEqual(JSON.parse(run("models.ts", "show", "--select", "totals", "--output", "json")), {
          node: "totals",
          show: [{ geo: "ES", total: 3.5, doubled: "ESES" }],
        });
      },
    );
  }

  const node = runtimes.find(({ name }) => name === "Node.js 24")?.found ?? null;
  test(
    "Node.js 24 keeps compiled code where this user keeps such things, and goes on where it cannot",
    { skip: node === null ? "Node.js 24 is not on this machine" : false },
    () => {
      const folder = tempFolder();
      const help = (name: string, env: Readonly<Record<string, string>> = {}): readonly string[] => {
        const cache = join(folder, name);
        const { status } = spawnSync(node!.command, [join(root, "scripts/models.ts"), "run", "--help"], {
          cwd: folder,
          env: { PATH: process.env["PATH"], XDG_CACHE_HOME: cache, ...env },
        });
        assert.equal(status, 0);
        return existsSync(cache) && statSync(cache).isDirectory() ? readdirSync(cache) : [];
      };
      assert.deepEqual(help("kept"), ["statloom"]);
      assert.deepEqual(help("refused", { NODE_DISABLE_COMPILE_CACHE: "1" }), []);
      writeFileSync(join(folder, "file"), "");
      help("file");
    },
  );
});
