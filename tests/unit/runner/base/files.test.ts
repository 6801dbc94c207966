import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { OperationError } from "../../../../runner/base/errors.ts";
import {
  diskError,
  makeFolder,
  posixRelative,
  resolveInside,
  walkFiles,
  writeFileAtomic,
} from "../../../../runner/base/files.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

describe("an atomic write", () => {
  test("makes folders, replaces the whole file and leaves nothing beside it", () => {
    const folder = tempFolder();
    const path = join(folder, "a/b/c.json");
    writeFileAtomic(path, "long ".repeat(100));
    writeFileAtomic(path, "short");
    assert.equal(readFileSync(path, "utf8"), "short");
    writeFileAtomic(path, new Uint8Array([0, 255]));
    assert.deepEqual([...readFileSync(path)], [0, 255]);
    assert.deepEqual(readdirSync(join(folder, "a/b")), ["c.json"]);
  });
  test("that fails leaves what was there, and says where and what to do", () => {
    const folder = writeFiles(tempFolder(), { file: "mine" });
    mkdirSync(join(folder, "taken"));
    assert.throws(
      () => writeFileAtomic(join(folder, "file/below.json"), "x"),
      (error) =>
        error instanceof OperationError &&
        error.code === "DISK" &&
        error.message.startsWith(`cannot write ${folder}/file/below.json: `) &&
        error.hint === "a file stands where a folder is needed",
    );
    assert.throws(() => writeFileAtomic(join(folder, "taken"), "x"), /cannot write .*taken/);
    assert.deepEqual(readdirSync(folder).toSorted(), ["file", "taken"]);
    assert.equal(readFileSync(join(folder, "file"), "utf8"), "mine");
  });
});

test("disk failures have a way out where there is one", () => {
  const hint = (code: string): string | undefined =>
    diskError("cannot write x", Object.assign(new Error("why"), { code })).hint;
  assert.match(hint("ENOSPC") ?? "", /^the disk is full/);
  assert.match(hint("EROFS") ?? "", /read-only/);
  assert.match(hint("EACCES") ?? "", /permissions/);
  assert.equal(hint("EPERM"), hint("EACCES"));
  assert.equal(hint("EDQUOT"), hint("ENOSPC"));
  assert.match(hint("EMFILE") ?? "", /ulimit -n/);
  assert.equal(hint("EIO"), undefined);
  assert.equal(diskError("cannot write x", "odd").message, "cannot write x: odd");
  const folder = writeFiles(tempFolder(), { file: "" });
  assert.throws(() => makeFolder(join(folder, "file")), /cannot make the folder/);
});

test("a path stays inside its folder or is none", () => {
  assert.equal(resolveInside("/p", "target"), "/p/target");
  assert.equal(resolveInside("/p", "a/../b"), "/p/b");
  assert.equal(resolveInside("/p", "."), "/p");
  assert.equal(resolveInside("/p", "..a/b"), "/p/..a/b");
  for (const outside of ["..", "../p2", "a/../../b", "/etc", "/p2"])
    assert.equal(resolveInside("/p", outside), undefined, outside);
  assert.equal(posixRelative("/p", "/p/a/b"), "a/b");
});

test("files are walked in one order, without dot files, modules and folders behind links", () => {
  const folder = writeFiles(tempFolder(), {
    "b.sql": "",
    "a/z.sql": "",
    "a/b.txt": "",
    ".hidden/x.sql": "",
    ".x.sql": "",
    "node_modules/x.sql": "",
    "folder.sql/inner.sql": "",
  });
  writeFileSync(join(folder, "A.sql"), "");
  symlinkSync(folder, join(folder, "loop"));
  const found = walkFiles(folder, (name) => name.endsWith(".sql"));
  assert.deepEqual(
    found.map((path) => posixRelative(folder, path)),
    ["A.sql", "a/z.sql", "b.sql", "folder.sql/inner.sql"],
  );
  assert.deepEqual(
    walkFiles(join(folder, "nowhere"), () => true),
    [],
  );
  assert.equal(existsSync(join(folder, "nowhere")), false);
  assert.throws(() => walkFiles(join(folder, "b.sql"), () => true), /cannot read the folder .*b\.sql/);
});
