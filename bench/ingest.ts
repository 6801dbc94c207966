/**
 * `npm run bench:ingest -- --sizes 1,10,30`: what landing costs on documents of so many million observations, made as Eurostat sends
 * them, against other ways to the same Parquet. Every way is a whole process; ours is the command as installed, from dist/.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { build } from "esbuild";
import { formatTable } from "../runner/base/text.ts";
import { COLUMN_LIST, COPY_COLUMNS } from "./contenders/final-rows.ts";
import { generateCube } from "./generate-cube.ts";
import { machine, median, runNode } from "./run-process.ts";
import type { Usage } from "./run-process.ts";

const ROOT = join(import.meta.dirname, "..");
const CONTENDERS = ["duckdb-csv", "json-parse", "stream-json", "postgres"] as const;
/** A server to load into, with `psql` in the path; without it, that part is left out. */
const POSTGRES = process.env["STATLOOM_BENCH_POSTGRES_URL"];
const ORIGIN_COLUMNS = ["_dataset", "_publisher", "_vintage", "_extracted_at", "_source", "_batch_id"];
/** A string of Node holds no more bytes than this. */
const LONGEST_TEXT = 0x1fff_ffe8;

const { values: asked } = parseArgs({
  options: {
    sizes: { type: "string", default: "1,10,30" },
    times: { type: "string", default: "3" },
    // By hand it takes a minute for each ten million.
    "slow-up-to": { type: "string", default: "1" },
  },
});
const sizes = asked.sizes.split(",").map(Number);
const times = Number(asked.times);
const slowUpTo = Number(asked["slow-up-to"]);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Bundled, so that no way pays for being compiled. */
const bundles = join(ROOT, "target", "bench");
await build({
  entryPoints: CONTENDERS.map((name) => join(import.meta.dirname, "contenders", `${name}.ts`)),
  outdir: bundles,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.20",
  external: ["@duckdb/node-bindings"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
});

const scratch = mkdtempSync(join(tmpdir(), "statloom-bench-"));
process.once("SIGINT", () => process.exit(130));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
print(machine());
const before = new Map<string, number>();
for (const size of sizes) await measureSize(size);

async function measureSize(millions: number): Promise<void> {
  const folder = join(scratch, String(millions));
  mkdirSync(folder);
  const document = join(folder, "cube.json");
  const csv = join(folder, "rows.csv");
  const rows = Math.round(millions * 1e6);
  generateCube(document, rows);
  const landing = join(folder, "landing");
  const land = (): Usage => {
    rmSync(landing, { recursive: true, force: true });
    return runNode([join(ROOT, "dist", "ingest.js"), "file", document, "--landing", landing], folder);
  };
  land();
  const vintage = join(landing, "eurostat/bench_cube/2025-04-04T210000Z");
  const parquet = readdirSync(vintage).filter((name) => name.startsWith("observations"));
  await toCsv(join(vintage, "observations*.parquet"), csv, rows);
  const megabytes = (...paths: string[]): string =>
    (paths.reduce((sum, path) => sum + statSync(path).size, 0) / 2 ** 20).toFixed(0);
  const landed = megabytes(...parquet.map((name) => join(vintage, name)));
  print(
    `\n${millions} million observations: document ${megabytes(document)} MB, the same rows as CSV ${megabytes(csv)} MB, as Parquet ${landed} MB`,
  );
  const target = join(folder, "other.parquet");
  const other = (name: (typeof CONTENDERS)[number], source: string): Usage =>
    runNode(["--max-old-space-size=16000", join(bundles, `${name}.mjs`), source, target], folder);
  const ways: [string, number, () => Usage][] = [
    ["statloom", times, land],
    ["DuckDB, CSV → Parquet", times, () => other("duckdb-csv", csv)],
  ];
  const slow = millions <= slowUpTo;
  if (slow) ways.push(["stream-json, row writer", 1, () => other("stream-json", document)]);
  const fitsText = statSync(document).size < LONGEST_TEXT;
  if (slow && fitsText) ways.push(["JSON.parse, row writer", 1, () => other("json-parse", document)]);
  // In turns, so that a busy moment of the machine meets all.
  const found = new Map<string, Usage[]>(ways.map(([name]) => [name, []]));
  for (let turn = 0; turn < times; turn++) {
    for (const [name, most, run] of ways) if (turn < most) found.get(name)!.push(run());
  }
  report(rows, found);
  if (POSTGRES !== undefined) loadPostgres(rows, document, csv, folder);
  rmSync(folder, { recursive: true });
}

function report(rows: number, found: ReadonlyMap<string, readonly Usage[]>): void {
  const middle = (name: string, key: keyof Usage): number =>
    median(found.get(name)!.map((usage) => usage[key]));
  const ours = middle("statloom", "ms");
  const lines = [...found.keys()].map((name) => {
    const ms = middle(name, "ms");
    const perRow = (ms * 1e6) / rows;
    const was = before.get(name);
    before.set(name, perRow);
    return [
      name,
      Number((rows / ms / 1000).toFixed(2)),
      Number((ms / ours).toFixed(2)),
      Number((ms / 1000).toFixed(2)),
      Number((middle(name, "cpuMs") / 1000).toFixed(2)),
      Math.round(middle(name, "megabytes")),
      was === undefined ? null : Number((perRow / was).toFixed(2)),
    ];
  });
  const header = [
    "way",
    "M rows/s",
    "times ours",
    "seconds",
    "cpu s",
    "peak MB",
    "time a row against the size before",
  ];
  print(formatTable(header, lines));
}

/**
 * The first load and the same rows once more, against `psql \\copy` of what differs from row to row: into a table without a key, with
 * the key and statistics of our table made afterwards, and into our table as it stands.
 */
function loadPostgres(rows: number, document: string, csv: string, folder: string): void {
  const psql = (...statements: string[]): number => {
    const began = performance.now();
    const words = statements.flatMap((text) => ["-c", text]);
    execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", POSTGRES!, ...words], { stdio: "inherit" });
    return performance.now() - began;
  };
  const psqlText = (query: string): string =>
    execFileSync("psql", ["-qAt", POSTGRES!, "-c", query], { encoding: "utf8" }).trim();
  const drop = "drop schema if exists statloom_bench cascade";
  psql("set client_min_messages = error", drop, "create schema statloom_bench");
  try {
    psql(`create table statloom_bench.bare (${COPY_COLUMNS})`);
    const copy = (table: string): string =>
      `\\copy statloom_bench.${table} (${COLUMN_LIST}) from '${csv}' with (format csv, header)`;
    const load = (vintage: string): number =>
      runNode([join(bundles, "postgres.mjs"), document, vintage], folder).ms;
    const first = load("2025-01-01T000000Z");
    const unchanged = load("2025-02-01T000000Z");
    psql("create table statloom_bench.same (like statloom_bench.eurostat__bench_cube including indexes)");
    for (const name of ORIGIN_COLUMNS)
      psql(`alter table statloom_bench.same alter column ${name} drop not null`);
    psql(
      "create table statloom_bench.later (like statloom_bench.same)",
      `do $$ begin execute (select replace(indexdef, 'eurostat__bench_cube', 'later') from pg_indexes
        where schemaname = 'statloom_bench' and indexname = 'eurostat__bench_cube__cell'); end $$`,
    );
    const key = psqlText("select indexdef from pg_indexes where indexname = 'later__cell'");
    psql("drop index statloom_bench.later__cell");
    const ways: [string, number][] = [
      ["psql \\copy without a key", psql(copy("bare"))],
      [
        "psql \\copy, key and statistics afterwards",
        psql(copy("later"), key, "analyze statloom_bench.later"),
      ],
      ["psql \\copy into the table with its key", psql(copy("same"))],
      ["statloom, first load", first],
      ["statloom, nothing changed", unchanged],
    ];
    const lines = ways.map(([name, ms]) => [
      name,
      Number((rows / ms).toFixed(0)),
      Number((ms / first).toFixed(2)),
    ]);
    print(formatTable(["PostgreSQL", "thousand rows/s", "time, ours is 1"], lines));
  } finally {
    psql("set client_min_messages = error", drop);
  }
}

/** The rows that landed, as CSV: what the other ways end in must be the same. */
async function toCsv(parquet: string, csv: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`copy (select ${COLUMN_LIST} from '${parquet}') to '${csv}' (format csv, header)`);
  const counted = await connection.runAndReadAll(`select count(*) from '${parquet}'`);
  connection.closeSync();
  instance.closeSync();
  if (Number(counted.getRows()[0]?.[0]) !== rows) throw new Error("not all observations have landed");
}
