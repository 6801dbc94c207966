import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A whole process: from its start to its end. */
export type Measured = {
  readonly seconds: number;
  /** Processor time of all its threads. */
  readonly cpuSeconds: number;
  /** Largest resident size, in MB of 2^20 bytes. */
  readonly peakMb: number;
};

/** Runs a script with Node and measures the process by what it says of itself when it ends; undefined when it fails. */
export async function measure(
  script: string,
  words: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Measured | undefined> {
  const usage = join(folder, "usage.json");
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", join(import.meta.dirname, "report-usage.mjs"), script, ...words],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...env, STATLOOM_BENCH_USAGE: usage },
    },
  );
  const code = await new Promise<number | null>((resolve) => void child.once("exit", resolve));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) return undefined;
  const found = JSON.parse(readFileSync(usage, "utf8")) as NodeJS.ResourceUsage;
  rmSync(usage);
  return {
    seconds,
    cpuSeconds: (found.userCPUTime + found.systemCPUTime) / 1e6,
    peakMb: found.maxRSS / 1024,
  };
}
