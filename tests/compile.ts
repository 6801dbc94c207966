import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { compiledPath } from "./support/script.ts";

const root = join(import.meta.dirname, "..");

/**
 * Compiles test files and the scripts that they start, given by absolute paths, into `folder`, which lies within the project. What several
 * of them import is compiled once. Plain Node runs the result; in messages, places stay those of the sources.
 */
export async function compileTests(entries: readonly string[], folder: string): Promise<void> {
  const named = entries.map((path) => [relative(folder, compiledPath(path, folder)).slice(0, -3), path]);
  await build({
    entryPoints: {
      ...Object.fromEntries(named),
      "lane-worker": join(root, "ingest/jsonstat/pieces/lane-worker.ts"),
      "disk-worker": join(root, "runner/artifacts/beside/disk-worker.ts"),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    // Packages in CommonJS ask for it, which modules do not have.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    define: {
      "import.meta.dirname": "__dirnameOfSource",
      "import.meta.filename": "__filenameOfSource",
      "import.meta.url": "__urlOfSource",
    },
    plugins: [manyFilesInside, placesOfSources(folder)],
  });
  // In the package it is one script, without modules.
  writeFileSync(join(folder, "disk-worker.cjs"), 'import("./disk-worker.js");\n');
}

/** Packages of a hundred small files each that nearly every process would open. The others stay outside. */
const manyFilesInside: Plugin = {
  name: "many-files-inside",
  setup(building) {
    building.onResolve({ filter: /^(?:zod|@duckdb\/node-api)$/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

/** A module that asks where it is, is told where its source is; but the one that looks for a compiled file beside it, where that is. */
const placesOfSources = (folder: string): Plugin => ({
  name: "places-of-sources",
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.")) return undefined;
      const seen = path.endsWith("/worker-url.ts") ? join(folder, "worker-url.js") : path;
      const places = {
        __dirnameOfSource: dirname(path),
        __filenameOfSource: path,
        __urlOfSource: pathToFileURL(seen).href,
      };
      const said = Object.entries(places).map(([name, place]) => `const ${name} = ${JSON.stringify(place)};`);
      return { contents: `${said.join(" ")} ${text}`, loader: "ts" };
    });
  },
});
