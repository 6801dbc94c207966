/**
 * `npm run bench:dbt`: the same layered project, of 100 and 1,000 models with two tests each, parsed and compiled by dbt and by `models`, nothing kept and
 * unchanged, in turns. `DBT` names the command of a dbt-core with dbt-duckdb (`dbt` unless told); `bench:dbt 10000` measures that size, for which dbt takes long.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTable } from "../runner/base/text.ts";
import { generateBoth } from "./dbt-project.ts";
import { machine, median, runNode } from "./run-process.ts";

const MODELS = join(import.meta.dirname, "..", "dist", "models.cjs");
const dbt = process.env["DBT"] ?? "dbt";
const asked = process.argv.slice(2).map(Number);
const scratch = mkdtempSync(join(tmpdir(), "statloom-bench-"));
const print = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const version =
    /installed:\s*(\S+)/.exec(runDbt(["--version"]).output)?.[1] ?? "of a version it does not tell";
  print(`machine: ${machine()}; dbt-core ${version}`);
  for (const size of asked.length > 0 ? asked : [100, 1_000]) measureSize(size);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

type Way = { readonly name: string; readonly ours: readonly string[]; readonly theirs: readonly string[] };

function measureSize(size: number): void {
  const ours = join(scratch, `ours${size}`);
  const theirs = join(scratch, `theirs${size}`);
  generateBoth(ours, theirs, size);
  const ways: Way[] = [
    {
      name: "parse, nothing kept",
      ours: ["parse", "--no-partial-parse"],
      theirs: ["parse", "--no-partial-parse"],
    },
    {
      name: "compile + manifest, nothing kept",
      ours: ["compile", "--no-columns", "--no-partial-parse"],
      theirs: ["compile", "--no-partial-parse"],
    },
    { name: "compile + manifest, unchanged", ours: ["compile", "--no-columns"], theirs: ["compile"] },
  ];
  // What both keep is there before it is measured what that is worth.
  runNode([MODELS, "compile", "--no-columns", "--quiet", "--project-dir", ours], scratch);
  runDbt(["-q", "parse", "--project-dir", theirs, "--profiles-dir", theirs]);
  const runs = size > 1_000 ? 1 : 3;
  const rows = ways.map((way) => {
    const [mine, its]: [number[], number[]] = [[], []];
    for (let i = 0; i < runs; i++) {
      its.push(runDbt(["-q", ...way.theirs, "--project-dir", theirs, "--profiles-dir", theirs]).ms);
      mine.push(runNode([MODELS, ...way.ours, "--quiet", "--project-dir", ours], scratch).ms);
    }
    const [own, other] = [median(mine), median(its)];
    return [way.name, Math.round(own), Math.round(other), (other / own).toFixed(1)];
  });
  print(
    `\n${size.toLocaleString("en-US")} models (medians of ${runs}); both name ${nodesOf(ours, theirs)} nodes`,
  );
  print(formatTable(["stage", "models ms", "dbt ms", "ratio"], rows));
}

/** How many nodes both manifests have; throws where they have not the same. What stands after the name of a test is a hash of how it is spelled. */
function nodesOf(...folders: readonly string[]): number {
  const [ours, theirs] = folders.map((folder) => {
    const text = readFileSync(join(folder, "target/manifest.json"), "utf8");
    const ids = Object.keys((JSON.parse(text) as { nodes: object }).nodes);
    return ids.map((id) => id.replace(/^(test\..*)\.\w+$/, "$1")).toSorted();
  });
  if (ours!.join() !== theirs!.join()) throw new Error("the two manifests name different nodes");
  return ours!.length;
}

function runDbt(args: readonly string[]): { readonly ms: number; readonly output: string } {
  const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: "false" };
  const begin = performance.now();
  const { status, stdout, stderr, error } = spawnSync(dbt, args, {
    cwd: scratch,
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
  });
  const ms = performance.now() - begin;
  if (status === 0) return { ms, output: stdout };
  throw new Error(
    `${dbt} ${args.join(" ")} ended with ${status}\n${error?.message ?? stdout.slice(-2000) + stderr.slice(-2000)}`,
  );
}
