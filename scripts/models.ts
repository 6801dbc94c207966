#!/usr/bin/env node
/**
 * The `models` command. `--version` is answered before anything else is loaded. Bundled, it is no module: Node begins 8 ms earlier without
 * their loader.
 */
import { keepCompiledCode } from "../runner/base/compile-cache.ts";
import { runKept } from "../runner/base/kept-script.ts";
import { packageVersion } from "../runner/base/package-root.ts";
import type * as Models from "./models-main.ts";

/** A hash of `models-script.cjs`, which stands beside the bundle. */
declare const STATLOOM_SCRIPT: string | undefined;

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === "--version") process.stdout.write(`${packageVersion()}\n`);
else void runCommand();

async function runCommand(): Promise<void> {
  const kept =
    typeof STATLOOM_SCRIPT === "undefined"
      ? undefined
      : runKept<typeof Models>(new URL("models-script.cjs", import.meta.url), STATLOOM_SCRIPT, argv[0] ?? "");
  if (kept === undefined) keepCompiledCode();
  const { run } = kept?.exports ?? (await import("./models-main.ts"));
  process.exitCode = await run(argv);
  // A call that cannot be read is no purpose of its own.
  if (process.exitCode !== 2) kept?.keep();
}
