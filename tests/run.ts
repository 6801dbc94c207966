/** Runs the test files below the folders named on the command line, or all of them. Node 20 cannot glob for itself. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { walkFiles } from "../runner/base/files.ts";

const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const options = process.argv.slice(2).filter((word) => word.startsWith("-"));
const files = await Promise.all(
  (named.length > 0 ? named : ["tests"]).map(async (path) =>
    statSync(path).isFile() ? [path] : walkFiles(path, (name) => name.endsWith(".test.ts")),
  ),
);
// Left alone, Node keeps one core free: on two cores that is half the machine, and most files wait for processes of their own.
const concurrency = Math.max(3, availableParallelism());
const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "--import",
    "tsx",
    "--test",
    "--test-reporter=spec",
    `--test-concurrency=${concurrency}`,
    ...options,
    ...files.flat(),
  ],
  { stdio: "inherit", env: { ...process.env, NO_COLOR: "1" } },
);
process.exitCode = run.status ?? 1;
