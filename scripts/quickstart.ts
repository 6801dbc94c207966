/**
 * `npm start`: the whole way once, on the bundled synthetic sample, by the same commands that a person types. Needs nothing but this
 * folder; what it makes lies in data/sample/ and target/, apart from anything of your own.
 */
import { relative } from "node:path";
import { realIngestEffects } from "../ingest/cli/effects.ts";
import { main as ingest } from "../ingest/cli/main.ts";
import { realEffects } from "../runner/base/effects.ts";
import { packageRoot } from "../runner/base/package-root.ts";
import { paintFor } from "../runner/base/paint.ts";
import { main as models } from "../runner/cli/main.ts";

const root = packageRoot();
const effects = { ...realEffects(), cwd: root };
const paint = paintFor(effects, effects.stdout);
const say = (text: string): void => effects.stdout.write(`${text}\n`);

async function step(command: "ingest" | "models", words: string): Promise<void> {
  say(`\n${paint.bold(`$ ${command} ${words}`)}`);
  const argv = words.split(" ");
  const exitCode =
    command === "ingest"
      ? await ingest(argv, { ...realIngestEffects(new AbortController().signal), cwd: root })
      : await models(argv, effects);
  if (exitCode !== 0) process.exit(exitCode);
}

say(
  "From JSON-stat to tested marts, on a small SYNTHETIC sample: the shapes are Eurostat's, the numbers are made up.",
);
await step("ingest", "file ingest/sample --target sample");
await step("models", "build --target sample");
await step("models", "source freshness --target sample");
await step("models", "docs generate --target sample");
await step("models", "show --target sample --select mart_unmet_need_trend --limit 3");

// Shown as they are typed from where the person is.
const here = relative(process.cwd(), root);
const path = (file: string): string => (here === "" ? file : `${here}/${file}`);
say(`
${paint.bold("Look at")}
  ${path("target/docs/index.html").padEnd(34)} every model, its tests and where it comes from (or: npx models docs serve)
  ${path("data/sample/warehouse.duckdb").padEnd(34)} the tables, for DuckDB
  ${path("target/run_results.json").padEnd(34)} what ran, beside manifest.json, catalog.json and sources.json

${paint.bold("Type next")}
  npx models show --target sample --select mart_revisions     what the publisher changed between two editions
  npx models ls --select +mart_unmet_need_trend               what a mart is made of
  npx ingest file path/to/hlth_silc_13.json                   a real document of your own, then:
  npx models build                                            the same marts from it, in data/warehouse.duckdb`);
