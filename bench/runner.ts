/**
 * `npm run bench:runner`: what the model runner costs on layered projects of 100, 1,000 and 10,000 models, each with two tests a model,
 * macros, vars and property files, and how that grows. Everything is run as users run it, from the bundle in dist/; it takes a quarter of an hour, most of it
 * building 10,000 models. `bench:runner 100 1000` measures those sizes.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTable } from "../runner/base/text.ts";
import { sendByHand } from "./by-hand.ts";
import { generateProject } from "./generate-project.ts";
import { machine, median, medianUsage, runNode, timeNode } from "./run-process.ts";
import type { Usage } from "./run-process.ts";

const MODELS = join(import.meta.dirname, "..", "dist", "models.cjs");
const THREADS = 2;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const scratch = mkdtempSync(join(tmpdir(), "statloom-bench-"));
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [100, 1_000, 10_000];

try {
  print(`machine: ${machine()}`);
  const nothingMs = startUp();
  let before: Measured | undefined;
  for (const size of sizes) {
    const measured = await measureSize(size);
    report(measured, before, nothingMs);
    before = measured;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Ratios of whole processes, each against one that does nothing, taken in turns; returns what that one takes, in milliseconds. */
function startUp(): number {
  const project = join(scratch, "tiny");
  generateProject(project, 5);
  const calls = {
    "node -e 0": ["-e", "0"],
    "models --version": [MODELS, "--version"],
    "models ls, 5 models": [MODELS, "ls", "--project-dir", project],
  };
  const names = Object.keys(calls) as (keyof typeof calls)[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let i = 0; i < 9; i++) for (const name of names) times.get(name)!.push(timeNode(calls[name]));
  const base = median(times.get("node -e 0")!);
  print("\nstart-up (medians of 9)");
  print(
    formatTable(
      ["call", "ms", "ratio"],
      names.map((name) => [name, round(median(times.get(name)!)), round(median(times.get(name)!) / base, 2)]),
    ),
  );
  return base;
}

type Stage = { readonly stage: string; readonly usage: Usage };
type Measured = { readonly size: number; readonly stages: readonly Stage[]; readonly handMs: number };

async function measureSize(size: number): Promise<Measured> {
  const project = join(scratch, `p${size}`);
  generateProject(project, size);
  mkdirSync(join(project, "data"), { recursive: true });
  const models = (...args: string[]): Usage => runNode([MODELS, ...args, "--project-dir", project], scratch);
  const fresh = (...args: string[]): Usage => {
    rmSync(join(project, "data"), { recursive: true, force: true });
    mkdirSync(join(project, "data"));
    return models(...args);
  };
  const runs = size > 1_000 ? 3 : 5;
  const builds = size > 1_000 ? 1 : 3;
  const measured = (name: string, times: number, run: () => Usage): Stage => {
    const usage = medianUsage(times, run);
    // Whoever waits a quarter of an hour sees that it goes on.
    process.stderr.write(`${size} models, ${name}: ${round(usage.ms)} ms\n`);
    return { stage: name, usage };
  };
  const stage = (name: string, ...args: string[]): Stage => measured(name, runs, () => models(...args));
  const once = (name: string, ...args: string[]): Stage => measured(name, 1, () => models(...args));
  const edited = (name: string, ...args: string[]): Stage =>
    measured(name, runs, () => changeOne(project, models, ...args));
  const anew = "--no-partial-parse";
  const stages: Stage[] = [
    stage("parse, nothing kept", "parse", anew),
    // The first of them keeps what the others take.
    once("parse, keeping it", "parse"),
    stage("parse, unchanged", "parse"),
    edited("parse, one model changed", "parse"),
    once("compile + manifest, first", "compile", "--no-columns", anew),
    stage("compile + manifest, nothing kept", "compile", "--no-columns", anew),
    once("compile + manifest, keeping it", "compile", "--no-columns"),
    stage("compile + manifest, unchanged", "compile", "--no-columns"),
    edited("compile + manifest, one model changed", "compile", "--no-columns"),
    once("compile with columns, first", "compile"),
    stage("compile with columns, unchanged", "compile"),
    stage("lineage m9_3.value", "lineage", "m9_3.value"),
    stage("ls --select m5_3+", "ls", "--select", "m5_3+"),
    stage("compile --select m5_3", "compile", "--no-columns", "--select", "m5_3"),
  ];
  // A build and the same statements by hand in turns, so that a busy moment of the machine meets both.
  const ours: Usage[] = [];
  const byHand: number[] = [];
  for (let i = 0; i < builds; i++) {
    ours.push(fresh("build", "--quiet"));
    byHand.push(await sendByHand(project, THREADS));
  }
  stages.push(
    once("build --changed, nothing, after a build", "build", "--quiet", "--changed"),
    stage("build --changed, nothing", "build", "--quiet", "--changed"),
    edited("build --changed, one model", "build", "--quiet", "--changed"),
    stage("run --select m5_3", "run", "--quiet", "--select", "m5_3"),
    { stage: "build", usage: medianUsage(builds, () => ours.pop()!) },
  );
  rmSync(project, { recursive: true, force: true });
  return { size, stages, handMs: median(byHand) };
}

/** A model of the last layer says something else each time. */
function changeOne(project: string, models: (...args: string[]) => Usage, ...words: string[]): Usage {
  appendFileSync(join(project, "models/layer_9/m9_3.sql"), ", year");
  return models(...words);
}

function report({ size, stages, handMs }: Measured, before: Measured | undefined, nothingMs: number): void {
  const nodes = size * 3 + 1;
  print(
    `\n${size.toLocaleString("en-US")} models, ${nodes.toLocaleString("en-US")} nodes with their tests and the seed`,
  );
  const rows = stages.map(({ stage, usage }, i) => {
    const then = before?.stages[i]?.usage;
    const growth = then
      ? [`× ${round(usage.ms / then.ms, 1)}`, `× ${round(usage.megabytes / then.megabytes, 1)}`]
      : [];
    const times = `× ${round(usage.ms / nothingMs, 1)}`;
    return [stage, round(usage.ms), times, round(usage.cpuMs), round(usage.megabytes), ...growth];
  });
  const grown = before ? [`ms, × ${round(size / before.size, 1)}`, "MB"] : [];
  print(formatTable(["stage", "ms", "node -e 0", "cpu ms", "peak MB", ...grown], rows));
  const { ms } = stages.at(-1)!.usage;
  const own = `build/by hand ${round(ms / handMs, 2)}; our own ${round((ms - handMs) / nodes, 2)} ms a node`;
  print(`the same statements by hand: ${round(handMs)} ms; ${own}`);
}

function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
