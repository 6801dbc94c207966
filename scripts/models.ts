#!/usr/bin/env node
/** The `models` command. `--version` is answered before anything else is loaded. */
import { keepCompiledCode } from "../runner/base/compile-cache.ts";
import { realEffects } from "../runner/base/effects.ts";
import { packageVersion } from "../runner/base/package-root.ts";

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === "--version") {
  process.stdout.write(`${packageVersion()}\n`);
} else {
  keepCompiledCode();
  const { main } = await import("../runner/cli/main.ts");
  process.exitCode = await main(argv, realEffects());
}
