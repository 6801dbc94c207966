import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import { preparePath, publishPath } from "../../../../runner/execute/publish-path.ts";
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
    publishPath(from, to, null);
    assert.equal(shape === "file" ? text(to) : text(to, "p=1/x"), shape);
    assert.deepEqual([readdirSync(folder), readdirSync(join(folder, "deep/er"))], [["deep"], ["it"]]);
  }
});

test("partitions take their twins' places, others stay", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "new"), join(folder, "it")];
  writeFiles(to, { "a=1/b=1/x": "old", "a=1/b=2/x": "old", "_columns.csv": "c" });
  writeFiles(from, { "a=1/b=2/y": "new", "a=2/b=1/y": "new", "_columns.csv": "d" });
  publishPath(from, to, 2);
  assert.deepEqual(
    ["a=1/b=1", "a=1/b=2", "a=2/b=1"].map((path) => readdirSync(join(to, path))),
    [["x"], ["y"], ["y"]],
  );
  assert.deepEqual(readdirSync(folder), ["it"]);
});

test("what a crash took away in the middle is put back", () => {
  const folder = tempFolder();
  const [from, to] = [join(folder, "new"), join(folder, "it")];
  writeFiles(to, { "a=1/x": "old", "a=2/x": "old" });
  renameSync(to, `${to}.statloom_old`);
  preparePath(from, to);
  assert.equal(text(to, "a=1/x"), "old");
  writeFiles(`${to}.statloom_old_parts`, { "a=2/x": "older", "a=3/x": "kept" });
  writeFiles(from, { "a=9/x": "half" });
  preparePath(from, to);
  assert.deepEqual([text(to, "a=2/x"), text(to, "a=3/x")], ["old", "kept"]);
  assert.deepEqual(readdirSync(folder), ["it"]);
});

test("a place that cannot be written is told, and the old one stays", () => {
  const folder = writeFiles(tempFolder(), { file: "in the way", new: "new" });
  const to = join(folder, "file/it");
  assert.throws(() => publishPath(join(folder, "new"), to, null), OperationError);
  assert.throws(() => preparePath(join(folder, "file/tmp"), to), OperationError);
  assert.ok(existsSync(join(folder, "new")));
});
