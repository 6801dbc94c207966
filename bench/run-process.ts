import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { median as middleOf } from "../runner/base/median.ts";

/** Of one process: wall milliseconds, those of all its threads, and the most memory it held, in MB of 2^20 bytes. */
export type Usage = { readonly ms: number; readonly cpuMs: number; readonly megabytes: number };

/** Runs `node <args>` to its end and measures it. Throws with what it printed when it fails. */
export function runNode(args: readonly string[], scratch: string): Usage {
  const file = join(scratch, "usage.json");
  const usage = pathToFileURL(join(import.meta.dirname, "run-process-usage.mjs")).href;
  const ms = timeNode(["--import", usage, ...args], { ...process.env, BENCH_USAGE: file });
  const used = JSON.parse(readFileSync(file, "utf8")) as NodeJS.ResourceUsage;
  return { ms, cpuMs: (used.userCPUTime + used.systemCPUTime) / 1000, megabytes: used.maxRSS / 1024 };
}

/** Wall milliseconds of `node <args>` with nothing loaded beside, for what is over so soon that measuring it would be seen. */
export function timeNode(args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
  });
  const ms = performance.now() - begin;
  if (status === 0) return ms;
  throw new Error(
    `node ${args.join(" ")} ended with ${status}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`,
  );
}

/** Nothing is measured again once it has taken so many milliseconds. */
const LONG = 12_000;

/** Each number's own median over several runs: fewer of what takes long. */
export function medianUsage(times: number, run: () => Usage): Usage {
  const all: Usage[] = [];
  for (const begin = performance.now(); all.length < times && performance.now() - begin < LONG;)
    all.push(run());
  return {
    ms: median(all.map(({ ms }) => ms)),
    cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
    megabytes: median(all.map(({ megabytes }) => megabytes)),
  };
}

/** Throws of nothing, as nothing was measured then. */
export function median(numbers: readonly number[]): number {
  const middle = middleOf(numbers);
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

/** The machine that figures are of. */
export function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} × ${cores[0]?.model.trim() ?? "unknown"}, ${memory} GB, ${process.platform}, Node ${process.versions.node}`;
}
