import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import { preparePath, publishPath, settlePath } from "../../../../runner/execute/publish-path.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const text = (...path: string[]): string => readFileSync(join(...path), "utf8");

test("files and folders take each other's places, and nothing is left beside", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "new"), join(folder, "deep/er/it")];
  for (const shape of ["file", "file", "folder", "folder", "file"] as const) {
    preparePath(from, to);
    mkdirSync(join(folder, "deep/er"), { recursive: true });
    if (shape === "file") writeFileSync(from, shape);
    else writeFiles(from, { "p=1/x": shape });
    publishPath(from, to, false);
    assert.equal(shape === "file" ? text(to) : text(to, "p=1/x"), shape);
    assert.deepEqual([readdirSync(folder), readdirSync(join(folder, "deep/er"))], [["deep"], ["it"]]);
  }
});

test("partitions take their twins' places, others stay", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "new"), join(folder, "it")];
  writeFiles(to, { "a=1/b=1/x": "old", "a=1/b=2/x": "old", "_columns.csv": "c" });
  writeFiles(from, { "a=1/b=2/y": "new", "a=2/b=1/y": "new", "_columns.csv": "d" });
  publishPath(from, to, true);
  assert.deepEqual(
    ["a=1/b=1", "a=1/b=2", "a=2/b=1"].map((path) => readdirSync(join(to, path))),
    [["x"], ["y"], ["y"]],
  );
  assert.deepEqual(readdirSync(folder), ["it"]);
});

/** What is there after a process that was killed at the step before the `steps`th that changes the disk. */
function killedAfter(steps: number, body: () => void): boolean {
  const real = { renameSync: fs.renameSync, rmSync: fs.rmSync };
  let left = steps;
  const unlessKilled =
    <A extends unknown[]>(change: (...args: A) => void) =>
    (...args: A): void => {
      if (left-- <= 0) throw new Error("killed");
      change(...args);
    };
  Object.assign(fs, { renameSync: unlessKilled(fs.renameSync), rmSync: unlessKilled(fs.rmSync) });
  syncBuiltinESMExports();
  try {
    body();
    return false;
  } catch (error) {
    assert.match(String(error), /killed/);
    return true;
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
}

test("a kill at any moment of putting partitions in place leaves them all as they were, or all new, to the next run", () => {
  let isKilled = true;
  const seen = new Set<string>();
  for (let steps = 0; isKilled; steps++) {
    const folder = tempFolder();
    const [from, to] = [join(folder, "new"), join(folder, "it")];
    writeFiles(to, { "a=1/x": "old", "a=2/x": "old", "a=3/x": "old" });
    writeFiles(from, { "a=2/y": "new", "a=3/y": "new", "a=4/y": "new", "_columns.csv": "c" });
    isKilled = killedAfter(steps, () => publishPath(from, to, true));
    settlePath(from, to);
    assert.deepEqual(readdirSync(folder), ["it"], "nothing is left beside");
    const found = readdirSync(to).map((part) => `${part}/${readdirSync(join(to, part)).join()}`);
    seen.add(found.join(" "));
  }
  assert.deepEqual([...seen], ["a=1/x a=2/x a=3/x", "a=1/x a=2/y a=3/y a=4/y"]);
});

test("a kill at any moment of replacing a folder leaves one or the other to the next run", () => {
  let isKilled = true;
  const seen: string[] = [];
  for (let steps = 0; isKilled; steps++) {
    const folder = tempFolder();
    const [from, to] = [join(folder, "new"), join(folder, "it")];
    writeFiles(to, { "a=1/x": "old" });
    writeFiles(from, { "a=1/x": "new" });
    isKilled = killedAfter(steps, () => publishPath(from, to, false));
    settlePath(from, to);
    assert.deepEqual(readdirSync(folder), ["it"], "nothing is left beside");
    seen.push(text(to, "a=1/x"));
  }
  assert.deepEqual(seen, ["old", "old", "new", "new"]);
});

test("a place that cannot be written is told, and the old one stays", () => {
  const folder = writeFiles(tempFolder(), { file: "in the way", new: "new" });
  const to = join(folder, "file/it");
  assert.throws(() => publishPath(join(folder, "new"), to, false), OperationError);
  assert.throws(() => preparePath(join(folder, "file/tmp"), to), OperationError);
  assert.ok(existsSync(join(folder, "new")));
});
