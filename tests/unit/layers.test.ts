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
async function imports(
  folder: string,
  written = /(?:from|import\()\s*"(\.[^"]+)"/g,
): Promise<[string, string][]> {
  const files = walkFiles(join(root, folder), (name) => /\.tsx?$/.test(name));
  const found: [string, string][] = [];
  for (const file of files) {
    const from = posixRelative(root, file);
    for (const [, to] of (await readFile(file, "utf8")).matchAll(written)) {
      found.push([from, posix.join(posix.dirname(from), to!)]);
    }
  }
  assert.ok(found.length > 0, `${folder} imports nothing: is the folder still there?`);
  return found;
}

const layerOf = (path: string): number => LAYERS.indexOf(path.split("/")[1] ?? "");

describe("imports point one way", () => {
  test("every folder of runner/ has its place in the order", async () => {
    const files = walkFiles(join(root, "runner"), (name) => name.endsWith(".ts"));
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
  test("no file imports itself, however many are between", async () => {
    // What a command loads when it is called may know how it is called.
    const loaded = /from\s*"(\.[^"]+)"/g;
    const next = new Map<string, string[]>();
    for (const [from, to] of [...(await imports("runner", loaded)), ...(await imports("ingest", loaded))])
      next.set(from, [...(next.get(from) ?? []), to]);
    // What nothing of the rest imports, or what imports nothing of it, is in no circle.
    for (let size = -1; size !== next.size;) {
      size = next.size;
      const imported = new Set([...next.values()].flat());
      for (const [from, to] of next) {
        if (!imported.has(from) || !to.some((file) => next.has(file))) next.delete(from);
      }
    }
    assert.deepEqual([...next.keys()].toSorted(), []);
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
