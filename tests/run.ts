/**
 * Runs the test files below the folders named on the command line, or all of them. Node 20 cannot glob for itself.
 * They are compiled first, all at once: to have each process do it is a sixth of the time of all tests. Coverage is measured of the sources.
 * Where many unit tests are run, some share a process: to load the same modules again for each file takes as long again.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, statfsSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { walkFiles } from "../runner/base/files.ts";
import { compileTests } from "./compile.ts";
import { PATIENCE } from "./support/patience.ts";
import { compiledPath } from "./support/script.ts";

const neighbours = 16;

const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const options = process.argv.slice(2).filter((word) => word.startsWith("-"));
const found = await Promise.all(
  (named.length > 0 ? named : ["tests"]).map(async (path) =>
    statSync(path).isFile() ? [path] : walkFiles(path, (name) => name.endsWith(".test.ts")),
  ),
);
const files = found.flat().map((path) => resolve(path));
const root = join(import.meta.dirname, "..");
mkdirSync(join(root, ".tests"), { recursive: true });
const folder = mkdtempSync(join(root, ".tests/"));
// Node starts files in the order of the alphabet: these come first.
const batches = join(folder, "batches");
mkdirSync(batches);

/** Files that import up to sixteen test files each, from all over the list: the long ones are often of one folder. */
function inBatches(paths: string[]): string[] {
  if (paths.length <= neighbours) return paths;
  const count = Math.ceil(paths.length / neighbours);
  return Array.from({ length: count }, (_, batch) => {
    const imports = paths
      .filter((_path, i) => i % count === batch)
      .map((path) => `import ${JSON.stringify(relative(batches, path).split(sep).join("/"))};`);
    const file = join(batches, `${batch + 1}.test.mjs`);
    writeFileSync(file, imports.join("\n"));
    return file;
  });
}

const isUnit = (path: string): boolean => path.startsWith(join(root, "tests/unit"));
const toRun = [...inBatches(files.filter(isUnit)), ...files.filter((path) => !isUnit(path))];
const isCovered = process.env["NODE_V8_COVERAGE"] !== undefined;
if (!isCovered) {
  const scripts = walkFiles(join(root, "tests"), (name) => name.endsWith("-in-child.ts"));
  await compileTests([...toRun, ...scripts], folder);
}
// Ctrl-C ends the tests, and then this.
process.on("SIGINT", () => undefined);
const temporary = temporaryFolder();
// Left alone, Node keeps one core free: on two cores that is half the machine, and most files wait for processes of their own.
const concurrency = Math.max(4, availableParallelism());
const patience = join(root, "tests/support/patience-in-child.ts");
const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    ...(isCovered ? ["--import", "tsx"] : []),
    "--import",
    isCovered ? patience : compiledPath(patience, folder),
    "--test",
    "--test-reporter=spec",
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${PATIENCE.file}`,
    ...options,
    ...(isCovered ? toRun : toRun.map((path) => compiledPath(path, folder))),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      NO_COLOR: "1",
      TMPDIR: temporary,
      STATLOOM_TESTS_TEMPORARY: temporary,
      ...(!isCovered && { STATLOOM_TESTS_COMPILED: folder }),
    },
  },
);
for (const made of [folder, temporary]) rmSync(made, { recursive: true, force: true });
process.exitCode = run.status ?? 1;

/**
 * A folder for everything that tests write: in memory where there is much of it and programs run there, as those of packages must. Of
 * a disk the tests wait for each `fsync`, and write what is gone a second later.
 */
function temporaryFolder(): string {
  const make = (where: string): string => {
    const made = mkdtempSync(join(where, "statloom-tests-"));
    // A server of PostgreSQL has a user of its own.
    chmodSync(made, 0o1777);
    return made;
  };
  const memory = "/dev/shm";
  if (process.env["TMPDIR"] === undefined && freeBytes(memory) > 8e9) {
    const made = make(memory);
    const program = join(made, "program");
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    const { status } = spawnSync(program);
    rmSync(program);
    if (status === 0) return made;
    rmSync(made, { recursive: true });
  }
  return make(tmpdir());
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
