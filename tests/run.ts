/**
 * Runs the test files below the folders named on the command line, or all of them. Node 20 cannot glob for itself.
 * Where many unit tests are run, neighbours share a process: to load the same modules again for each file is a third of their time.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { walkFiles } from "../runner/base/files.ts";

const neighbours = 24;

const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const options = process.argv.slice(2).filter((word) => word.startsWith("-"));
const files = await Promise.all(
  (named.length > 0 ? named : ["tests"]).map(async (path) =>
    statSync(path).isFile() ? [path] : walkFiles(path, (name) => name.endsWith(".test.ts")),
  ),
);
const isUnit = (path: string): boolean => resolve(path).startsWith(resolve("tests/unit"));
const batches = mkdtempSync(join(tmpdir(), "statloom-tests-"));

/** Files that import up to twenty-four test files each. Their places in messages stay those of the test files. */
function inBatches(paths: string[]): string[] {
  if (paths.length <= neighbours) return paths;
  const made: string[] = [];
  for (let first = 0; first < paths.length; first += neighbours) {
    const imports = paths
      .slice(first, first + neighbours)
      .map((path) => `import ${JSON.stringify(pathToFileURL(resolve(path)).href)};`);
    const file = join(batches, `from-${first + 1}.test.mjs`);
    writeFileSync(file, imports.join("\n"));
    made.push(file);
  }
  return made;
}

const all = files.flat();
const toRun = [...inBatches(all.filter(isUnit)), ...all.filter((path) => !isUnit(path))];
// Left alone, Node keeps one core free: on two cores that is half the machine, and most files wait for processes of their own.
const concurrency = Math.max(4, availableParallelism());
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
    ...toRun,
  ],
  { stdio: "inherit", env: { ...process.env, NO_COLOR: "1" } },
);
rmSync(batches, { recursive: true });
process.exitCode = run.status ?? 1;
