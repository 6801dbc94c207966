import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { describe, test } from "node:test";
import { posixRelative, walkFiles } from "../../runner/base/files.ts";

const root = join(import.meta.dirname, "../..");
const LAYERS = [
  "base",
  "project",
  "observe",
  "template",
  "graph",
  "dialects",
  "plan",
  "adapters",
  "execute",
  "checks",
  "artifacts",
  "docs",
  "api",
  "cli",
];
const INGEST_MAY_USE = ["base", "project", "observe", "dialects", "adapters"];

/** Imports of every source file below a folder, type-only ones included: `[from, to]`, relative to the project. */
async function imports(folder: string): Promise<[string, string][]> {
  const files = await walkFiles(join(root, folder), (name) => /\.tsx?$/.test(name));
  const found: [string, string][] = [];
  for (const file of files) {
    const from = posixRelative(root, file);
    for (const [, to] of (await readFile(file, "utf8")).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      found.push([from, posix.join(posix.dirname(from), to!)]);
    }
  }
  assert.ok(found.length > 0, `${folder} imports nothing: is the folder still there?`);
  return found;
}

const layerOf = (path: string): number => LAYERS.indexOf(path.split("/")[1] ?? "");

describe("imports point one way", () => {
  test("every folder of runner/ has its place in the order", async () => {
    const files = await walkFiles(join(root, "runner"), (name) => name.endsWith(".ts"));
    const folders = new Set(files.map((file) => posixRelative(root, file).split("/")[1]!));
    assert.deepEqual(
      [...folders].filter((folder) => !LAYERS.includes(folder)),
      [],
    );
  });
  test("in runner/ the right may import the left, never the reverse", async () => {
    const wrong = (await imports("runner")).filter(
      ([from, to]) => !to.startsWith("runner/") || layerOf(to) > layerOf(from),
    );
    assert.deepEqual(wrong, []);
  });
  test("ingest/ uses base, project, observe, dialects and adapters of runner/, and nothing else", async () => {
    const wrong = (await imports("ingest")).filter(
      ([, to]) => to.startsWith("runner/") && !INGEST_MAY_USE.includes(to.split("/")[1]!),
    );
    assert.deepEqual(wrong, []);
  });
  test("drivers and the YAML and zod libraries are never loaded by the command line itself", async () => {
    const eager = ["runner/cli/main.ts", "runner/cli/commands.ts", "scripts/models.ts", "scripts/ingest.ts"];
    const seen = new Set<string>();
    const heavy: string[] = [];
    const visit = async (file: string, trail: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = await readFile(join(root, file), "utf8");
      for (const [, to] of text.matchAll(/^(?:import|export)(?! type)[^;]*?from "([^"]+)"/gm)) {
        if (
          [
            "@duckdb/node-api",
            "zod",
            "yaml",
            "yargs",
            "stream-json",
            "croner",
            "postgres",
            "nodemailer",
            "prom-client",
            "undici",
            "p-queue",
            "csv-parse",
            "fast-xml-parser",
            "marked",
          ].includes(to!)
        )
          heavy.push(`${trail} → ${file} → ${to}`);
        else if (to!.startsWith(".")) await visit(posix.join(posix.dirname(file), to!), `${trail} → ${file}`);
      }
    };
    for (const file of eager) await visit(file, "");
    assert.deepEqual(heavy, []);
  });
});
