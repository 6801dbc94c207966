import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { buildSync } from "esbuild";
import { loadScriptMacros } from "../../../../runner/template/load-script-macros.ts";
import { render } from "./workbench.ts";

const folder = mkdtempSync(join(tmpdir(), "statloom-macros-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): { path: string; file: string } {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, file: `macros/${name}` };
}

const keys = file(
  "keys.ts",
  `import { parts, type Part } from "./parts.ts";
   import type { MacroContext } from "./not-there.ts";
   export const separator: string = "-";
   export function key(this: MacroContext, columns: readonly Part[], options: { sep?: string } = {}): string {
     return parts(columns).join(options.sep ?? separator) + " " + this.engine + " " + this.target.name + this.literal("it's");
   }`,
);
const parts = file(
  "parts.ts",
  `export type Part = string;\nexport function parts(all: readonly Part[]): Part[] { return [...all]; }`,
);

test("every exported function of a file is a macro; files import each other", async () => {
  const { macros: scripts, problems } = await loadScriptMacros([keys, parts]);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    scripts.map(({ name, file: from, required }) => [name, from, required]),
    [
      ["key", "macros/keys.ts", 1],
      ["parts", "macros/parts.ts", 1],
    ],
  );
  assert.equal(render("{{ key(['a', 'b'], sep='|') }}", { scripts }), "a|b duckdb dev'it''s'");
});

test("each file that cannot be imported is told, the others are there", async () => {
  const { macros, problems } = await loadScriptMacros([
    file("enum.ts", "export enum E { A }"),
    file("missing.ts", `import { x } from "./nowhere"; export const y = x;`),
    file("broken.ts", "export function ("),
    file("throws.ts", `throw new Error("\\u001b[31mboom"); export {};`),
    file("default.ts", "export default function key() { return ''; }"),
    parts,
  ]);
  assert.deepEqual(
    problems.map(({ file: from, code }) => `${from} ${code}`),
    ["enum", "missing", "broken", "throws", "default"].map((name) => `macros/${name}.ts MACRO_IMPORT`),
  );
  assert.equal(problems[3]?.message.includes("\u001b"), false);
  assert.deepEqual(
    macros.map(({ name }) => name),
    ["parts"],
  );
});

test("built, without a TypeScript loader of anybody's, it works the same", () => {
  const built = resolve("target", `load-script-macros.${process.pid}.mjs`);
  try {
    buildSync({
      stdin: {
        contents: `import { loadScriptMacros } from "./runner/template/load-script-macros.ts";
          const { macros, problems } = await loadScriptMacros(JSON.parse(process.argv[2]));
          console.log(JSON.stringify([macros.map(({ name }) => name), problems]));`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: built,
      logLevel: "error",
    });
    const run = spawnSync(process.execPath, [built, JSON.stringify([keys, parts])], {
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    assert.equal(run.stderr.replaceAll(/.*(Warning|--trace-warnings).*\n/g, ""), "");
    assert.deepEqual(JSON.parse(run.stdout), [["key", "parts"], []]);
  } finally {
    rmSync(built, { force: true });
  }
});

test("a file that is saved again is read with what it imports, as that is now", async () => {
  const own = file(
    "own.ts",
    'import { word } from "./deep.ts";\nexport function said(): string { return word(); }',
  );
  file("deep.ts", 'import { last } from "./deeper.ts";\nexport const word = (): string => "a " + last;');
  file("deeper.ts", 'export const last = "first";');
  const said = async (): Promise<string> =>
    render("{{ said() }}", { scripts: (await loadScriptMacros([own])).macros });
  assert.equal(await said(), "a first");
  file("deeper.ts", 'export const last = "second";');
  assert.equal(await said(), "a second");
  file("deep.ts", 'import { last } from "./deeper.ts";\nexport const word = (): string => "the " + last;');
  assert.equal(await said(), "the second");
  file("deeper.ts", 'export const last = "first";');
  assert.equal(await said(), "the first");
});
