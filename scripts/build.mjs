/**
 * Bundles the commands into dist/, so that they run on Node 20 and start fast. DuckDB's native part, the SQL parser's WebAssembly, the
 * TypeScript stripper for script macros and the YAML library that tells places stay outside; everything else is split so that a command
 * loads only what it needs.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { buildEngine } from "./build-engine.mjs";
import { buildSite } from "./build-site.mjs";

/** Of all that goes into the bundle: what one bundle has kept of a project is nothing to another. */
function hashOfSources() {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  for (const folder of ["runner", "ingest", "scripts"]) {
    const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".ts"));
    for (const name of names.toSorted()) hash.update(`\n${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

const EAGER = [
  ["segmenter", "new Intl.Segmenter()", "segment"],
  ["rgiEmojiRegex", "/^\\p{RGI_Emoji}$/v", "test"],
];

/** yargs measures texts for its help; what it measures them with takes 45 ms to make, at the start of every command. */
const measuresLater = {
  name: "measures-later",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:string-width|wrap-ansi)[\\/]index\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [name, value, method] of EAGER) {
        const lazy = `let ${name}Made; const ${name} = {${method}: (text) => (${name}Made ??= ${value}).${method}(text)};`;
        contents = contents.replace(`const ${name} = ${value};`, lazy);
      }
      if (/^const \w+ = (?:new Intl\.Segmenter|.*RGI_Emoji)/m.test(contents))
        return { errors: [{ text: `${path} makes in other words what takes long to make` }] };
      return { contents };
    });
  },
};

/** What js-yaml makes for each scalar before it looks whether there is any use for it: a fifth of all that is allocated to read a project. */
const EARLY_IN_YAML = [
  [
    "function readFlowCollection(state, nodeIndent) {",
    "function readFlowCollection(state, nodeIndent) { const first = state.input.charCodeAt(state.position); if (first !== 91 && first !== 123) return false;",
  ],
  [
    "const propertyState = snapshotState(state);",
    "const propertyState = ch === 33 || ch === 38 ? snapshotState(state) : null;",
  ],
];

const looksFirst = {
  name: "looks-first",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]js-yaml[\\/]dist[\\/]js-yaml\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [line, better] of EARLY_IN_YAML) {
        if (contents.split(line).length !== 2)
          return { errors: [{ text: `${path} says otherwise: ${line}` }] };
        contents = contents.replace(line, better);
      }
      return { contents };
    });
  },
};

const common = {
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.20",
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });
const whole = {
  ...common,
  define: { STATLOOM_BUILD: JSON.stringify(hashOfSources()) },
  external: ["@duckdb/node-bindings", "@polyglot-sql/sdk", "amaro"],
  plugins: [measuresLater, looksFirst],
};

/** Of what is no module. */
const ADDRESS = { "import.meta.url": "__address" };
const ADDRESS_OF_FILE = 'const __address = require("node:url").pathToFileURL(__filename).href;';

/** The `models` command as one script, of which V8's compiled form can be kept: see runner/base/kept-script.ts. Its value is a function. */
async function buildScript() {
  const outfile = "dist/models-script.cjs";
  await build({
    ...whole,
    entryPoints: { "models-script": "scripts/models-main.ts" },
    format: "cjs",
    // Where Node is to read maps the modules run.
    sourcemap: false,
    // Of what Node brings; a project's own modules are imported by whoever runs the script.
    supported: { "dynamic-import": false },
    outExtension: { ".js": ".cjs" },
    define: { ...whole.define, ...ADDRESS, "import.meta.resolve": "__resolve" },
    banner: {
      js: `(function (module, require, __filename, STATLOOM_IMPORT) {
${ADDRESS_OF_FILE}
const __resolve = (name) => require("node:url").pathToFileURL(require.resolve(name)).href;`,
    },
    footer: { js: "})" },
  });
  const text = readFileSync(outfile);
  if (text.some((byte) => byte > 127)) throw new Error(`${outfile} is read as ASCII: write \\u… in patterns`);
  return createHash("sha256").update(text).digest("hex");
}

await build({
  ...whole,
  entryPoints: {
    "models-main": "scripts/models-main.ts",
    ingest: "scripts/ingest.ts",
    index: "runner/api/index.ts",
    quickstart: "scripts/quickstart.ts",
    "lane-worker": "ingest/jsonstat/pieces/lane-worker.ts",
  },
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  // Bundled CommonJS packages ask for `require`, which modules do not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});
/** What decides between the script and the modules stays in a file of its own: of each more that is loaded every command begins a millisecond later. */
const modulesApart = {
  name: "modules-apart",
  setup({ onResolve }) {
    onResolve({ filter: /[\\/]models-main\.ts$/ }, () => ({ path: "./models-main.js", external: true }));
  },
};

await build({
  ...common,
  entryPoints: { models: "scripts/models.ts" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { ...ADDRESS, STATLOOM_SCRIPT: JSON.stringify(await buildScript()) },
  banner: { js: ADDRESS_OF_FILE },
  plugins: [modulesApart],
});
// One file: a thread that loads eight chunks begins 12 ms later, and 8 ms earlier without the loader of modules.
await build({
  ...common,
  entryPoints: { "disk-worker": "runner/artifacts/beside/disk-worker.ts" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
});
await buildSite("dist/site");
buildEngine("dist/site");
