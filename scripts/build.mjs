/**
 * Bundles the commands into dist/, so that they run on Node 20 and start fast. DuckDB's native part, the SQL parser's WebAssembly and the
 * TypeScript stripper for script macros stay outside; everything else is split so that a command loads only what it needs.
 */
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { buildSite } from "./build-site.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    models: "scripts/models.ts",
    ingest: "scripts/ingest.ts",
    index: "runner/api/index.ts",
    quickstart: "scripts/quickstart.ts",
    "lane-worker": "ingest/jsonstat/pieces/lane-worker.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20.20",
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  legalComments: "linked",
  external: ["@duckdb/node-bindings", "@polyglot-sql/sdk", "amaro"],
  // Bundled CommonJS packages ask for `require`, which modules do not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await buildSite("dist/site");
