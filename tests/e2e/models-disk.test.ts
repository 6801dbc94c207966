import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { refused } from "../support/refused.ts";
import { makeProject, models, rowsOf, statuses } from "../support/models.ts";
import { modelsCommand, spawnModels } from "../support/spawn-models.ts";
import { writeFiles } from "../support/temp.ts";

describe("places that cannot be written", () => {
  const files = { "models/a.sql": "{{ config(materialized='table') }} select 1 as x" };
  test("a file where target should be", async () => {
    const cwd = makeProject({ ...files, target: "mine" });
    await refused(
      cwd,
      ["build"],
      1,
      /^error DISK cannot (?:write|make) .*target\/(?:manifest\.json|compiled.*): .*\n {4}a file stands where a folder is needed/,
    );
    const lineage = await models(cwd, ["lineage", "a.x"]);
    assert.equal(lineage.code, 0, "what is only kept for the next time stops nobody");
    assert.equal(readFileSync(join(cwd, "target"), "utf8"), "mine");
  });
  test("a folder where an artifact should be", async () => {
    const cwd = makeProject({ ...files, "target/run_results.json/mine": "" });
    await refused(
      cwd,
      ["retry"],
      1,
      /^error DISK cannot read .*run_results\.json: EISDIR.*\n {4}a folder stands where a file is needed/,
    );
  });
  test("a file where data should be", async () => {
    const cwd = makeProject({ ...files, data: "mine" });
    await refused(
      cwd,
      ["build"],
      1,
      /^error DISK cannot make the folder .*data: .*\n {4}a file stands where a folder is needed/,
    );
    assert.equal(readFileSync(join(cwd, "data"), "utf8"), "mine");
  });
  test("a warehouse that is no database", async () => {
    const cwd = makeProject({
      ...files,
      "data/w.duckdb": "this is a text, and a long one at that\n".repeat(500),
    });
    await refused(
      cwd,
      ["build"],
      1,
      /^error QUERY_FAILED cannot open the warehouse .*data\/w\.duckdb: .*not a valid DuckDB database.*\n {4}put a whole copy in its place/,
    );
    assert.match(readFileSync(join(cwd, "data/w.duckdb"), "utf8"), /^this is a text/);
  });
  test("a file where models should be", async () => {
    await refused(
      makeProject({ models: "x" }),
      ["build"],
      1,
      /^error DISK cannot read the folder .*models: ENOTDIR/,
    );
  });

  const unprivileged = process.getuid?.() === 0 ? "root may write everywhere" : false;
  test("read-only folders", { skip: unprivileged }, async () => {
    const cwd = makeProject(files);
    mkdirSync(join(cwd, "target"));
    chmodSync(join(cwd, "target"), 0o555);
    await refused(cwd, ["build"], 1, /^error DISK cannot write .*target.*\n {4}this user has no right to/);
    chmodSync(join(cwd, "target"), 0o755);
  });

  test("folders on a read-only file system", { skip: canMount() }, async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build"])).code, 0);
    for (const folder of ["target", "data"]) {
      const path = join(cwd, folder);
      mount("--bind", path, path);
      try {
        mount("-o", "remount,ro,bind", path);
        await refused(
          cwd,
          ["build", "--full-refresh"],
          1,
          folder === "target"
            ? /^error DISK cannot write .*target\/manifest\.json.*: EROFS.*\n {4}the file system is read-only/
            : /^error \w+ cannot open the warehouse .*data\/w\.duckdb: .*Read-only.*\n {4}the file system is read-only: name a folder elsewhere/,
        );
      } finally {
        unmount(path);
      }
    }
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 1 }]);
  });

  test("a disk that is full: artifacts", { skip: canMount() }, async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build"])).code, 0);
    const before = readFileSync(join(cwd, "target/manifest.json"), "utf8");
    const disk = smallDisk(cwd, "small", "1m");
    try {
      writeFileSync(join(disk, "manifest.json"), before);
      fill(disk);
      await refused(
        cwd,
        ["build", "--target-path", "small"],
        1,
        /^error DISK cannot write .*small\/compiled\/.*\.sql: ENOSPC.*\n {4}the disk is full: free some space/,
      );
      assert.equal(readFileSync(join(disk, "manifest.json"), "utf8"), before);
      assert.deepEqual(
        readdirSync(disk, { recursive: true, withFileTypes: true })
          .flatMap((entry) => (entry.isFile() ? [entry.name] : []))
          .toSorted(),
        ["filler", "manifest.json"],
        "nothing half written is left",
      );
    } finally {
      unmount(disk);
    }
  });
  test("a disk that is full: what a command says", { skip: !existsSync("/dev/full") }, () => {
    const cwd = makeProject(files);
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [...modelsCommand, "build"], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    assert.match(
      stderr,
      /^error DISK cannot write the output: ENOSPC.*\n {4}what the command did is done, only what it says is cut short: .*\n$/,
    );
    assert.equal(status, 1);
    assert.deepEqual(statuses(cwd), { a: "success" }, "the run went on to its end");
  });
  test("a disk that is full: the warehouse", { skip: canMount() }, async () => {
    const cwd = makeProject({
      ...files,
      "models/big.sql": "{{ config(materialized='table') }} select 1 as x",
    });
    const disk = smallDisk(cwd, "data", "6m");
    try {
      assert.equal((await models(cwd, ["build"])).code, 0);
      writeFiles(cwd, {
        "models/big.sql":
          "{{ config(materialized='table') }} select range as x, md5(range::varchar) as y from range(3000000)",
      });
      const { code, out, err } = await spawnModels(cwd, ["build"]);
      assert.equal(code, 1, out + err);
      assert.match(out, /ERROR +table +main\.big/);
      assert.match(
        out,
        /No space left on device\n +the disk is full: free some space and repeat the command/,
      );
      rmSync(join(disk, "filler"), { force: true });
      assert.deepEqual(await rowsOf(cwd, "from main.big"), [{ x: 1 }], "the old table is as it was");
      assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 1 }]);
    } finally {
      unmount(disk);
    }
  });
});

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

/** Reason why file systems cannot be mounted here, or false. */
function canMount(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "mounting needs root on Linux";
  const path = join("/tmp", `statloom-mount-${process.pid}`);
  mkdirSync(path, { recursive: true });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]);
  if (status === 0) spawnSync("umount", [path]);
  rmSync(path, { recursive: true, force: true });
  return status === 0 ? false : "this machine lets nobody mount";
}

function unmount(path: string): void {
  spawnSync("umount", [path]);
}

function smallDisk(cwd: string, name: string, size: string): string {
  const path = join(cwd, name);
  mkdirSync(path, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
  return path;
}

function fill(disk: string): void {
  const chunk = Buffer.alloc(4096);
  const path = join(disk, "filler");
  try {
    for (;;) writeFileSync(path, chunk, { flag: "a" });
  } catch {
    assert.ok(statSync(path).size > 0);
  }
}
