/**
 * `npm run bench:postgres`: a build in PostgreSQL of layered projects of 100 and 1,000 models, two tests a model, and of the reference project with
 * its sample, each against the same statements sent by one `psql`. STATLOOM_BENCH_POSTGRES_URL names a database whose schemas `bench`, `bench_staging` and `meta` may
 * go. `bench:postgres 100` measures that size alone; `PSQL` is the command.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { formatTable } from "../runner/base/text.ts";
import { generateProject } from "./generate-project.ts";
import { machine, median, runNode } from "./run-process.ts";
import type { Usage } from "./run-process.ts";
import { psqlScript } from "./psql-script.ts";

const root = join(import.meta.dirname, "..");
const [models, ingest] = ["models.cjs", "ingest.js"].map((name) => join(root, "dist", name));
const url = process.env["STATLOOM_BENCH_POSTGRES_URL"];
if (!url) throw new Error("STATLOOM_BENCH_POSTGRES_URL names no database");
const psql = process.env["PSQL"] ?? "psql";
const asked = process.argv.slice(2).map(Number);
const scratch = mkdtempSync(join(tmpdir(), "statloom-bench-"));
const sql = postgres(url, { max: 1, onnotice: () => {} });
const target = (threads: number): string =>
  `{type: postgres, url: "\${STATLOOM_BENCH_POSTGRES_URL}", schema: bench, threads: ${threads}}`;

try {
  process.stdout.write(`machine: ${machine()}; ${(await sql`select version()`)[0]?.["version"]}\n`);
  const rows: (readonly (string | number)[])[] = [];
  for (const size of asked.length > 0 ? asked : [100, 1000])
    rows.push(await measure(String(size), layered(size)));
  if (asked.length === 0) rows.push(await measure("reference", reference()));
  const head = ["models", "statements", "build ms", "cpu ms", "psql ms", "ratio", "4 threads ms", "again ms"];
  process.stdout.write(`${formatTable(head, rows)}\n`);
} finally {
  await sql.end();
  rmSync(scratch, { recursive: true, force: true });
}

/** What `round` of a double is spelled, PostgreSQL has not. */
function layered(size: number): string {
  const folder = join(scratch, `p${size}`);
  generateProject(folder, size);
  const macros = join(folder, "macros/shared.sql");
  const text = readFileSync(macros, "utf8").replace(
    "{{ column }}, {{ digits }}",
    "cast({{ column }} as numeric), {{ digits }}",
  );
  writeFileSync(macros, text);
  const file = join(folder, "sql_project.yaml");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(/ {2}dev: .*/, `  dev: ${target(1)}\n  wide: ${target(4)}`),
  );
  return folder;
}

function reference(): string {
  const folder = join(scratch, "reference");
  for (const part of ["models", "macros", "seeds", "snapshots", "tests/data"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const text = readFileSync(join(root, "sql_project.yaml"), "utf8")
    .replace("target: dev", "target: bench")
    .replace("\nvars:", `\n  bench: ${target(1)}\n  wide: ${target(4)}\n\nvars:`)
    .replace(
      "\ningest:\n",
      '\ningest:\n  staging: {url: "${STATLOOM_BENCH_POSTGRES_URL}", schema: bench_staging}\n',
    );
  writeFileSync(join(folder, "sql_project.yaml"), text);
  const sample = join(root, "ingest/sample");
  const documents = readdirSync(sample).map((name) => join(sample, name));
  runNode([ingest!, "file", ...documents, "--project-dir", folder], scratch);
  return folder;
}

/** A build and the same statements by hand in turns, so that a busy moment of the machine meets both. */
async function measure(name: string, folder: string): Promise<readonly (string | number)[]> {
  const build = (...more: string[]): Usage =>
    runNode([models!, "build", "--quiet", ...more, "--project-dir", folder], scratch);
  const empty = (): Promise<unknown> =>
    sql.unsafe("drop schema if exists bench cascade; drop schema if exists meta cascade");
  const [ours, byHand, wide, again]: [Usage[], number[], number[], number[]] = [[], [], [], []];
  let statements = 0;
  for (let turn = 0; turn < (Number(name) >= 1000 ? 1 : 3); turn++) {
    await empty();
    ours.push(build());
    const script = await psqlScript(folder, sql);
    statements = script.statements;
    const file = join(scratch, "by-hand.sql");
    writeFileSync(file, script.text);
    again.push(build().ms);
    await empty();
    byHand.push(sendBy(file));
    await empty();
    wide.push(build("--target", "wide").ms);
  }
  const [ms, cpu, hand] = [
    median(ours.map((each) => each.ms)),
    median(ours.map(({ cpuMs }) => cpuMs)),
    median(byHand),
  ];
  const round = (value: number): number => Math.round(value);
  return [
    name,
    statements,
    round(ms),
    round(cpu),
    round(hand),
    (ms / hand).toFixed(2),
    round(median(wide)),
    round(median(again)),
  ];
}

function sendBy(file: string): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(
    psql,
    ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", url!, "-f", file],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`psql ended with ${status}: ${stderr.slice(-2000)}`);
  return performance.now() - begin;
}
