import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeFileAtomic } from "../../../../runner/base/files.ts";
import { temporaryFolder } from "../../../../runner/base/temporary-folder.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
const old = (...paths: string[]): void => paths.forEach((path) => utimesSync(path, 1, 1));

test("the first write into a folder removes what killed processes left beside their files, and nothing else", () => {
  const names = {
    killed: `manifest.json.${dead}.0123abcd.tmp`,
    // In a container each has the same number.
    before: `manifest.json.${process.pid}.0123abcd.tmp`,
    alive: `manifest.json.${process.ppid}.0123abcd.tmp`,
    young: `catalog.json.${dead}.0123abcd.tmp`,
    others: `notes.${dead}.tmp`,
  };
  const folder = writeFiles(
    tempFolder(),
    Object.fromEntries(Object.values(names).map((name) => [name, "half"])),
  );
  for (const name of ["killed", "before", "alive", "others"] as const) old(join(folder, names[name]));
  writeFileAtomic(join(folder, "manifest.json"), "{}");
  assert.deepEqual(
    readdirSync(folder).toSorted(),
    [names.alive, names.young, names.others, "manifest.json"].toSorted(),
  );
});

test("so does the first temporary folder; where none can be made, it is said what to do", () => {
  const { TMPDIR } = process.env;
  after(() => (TMPDIR === undefined ? delete process.env["TMPDIR"] : (process.env["TMPDIR"] = TMPDIR)));
  const folder = tempFolder();
  process.env["TMPDIR"] = folder;
  for (const name of [`statloom-${dead}-AbCd12`, `statloom-${process.ppid}-AbCd12`, "statloom-data"]) {
    mkdirSync(join(folder, name, "in it"), { recursive: true });
    old(join(folder, name));
  }
  const { path, remove } = temporaryFolder();
  assert.ok(existsSync(path));
  remove();
  assert.deepEqual(readdirSync(folder).toSorted(), [`statloom-${process.ppid}-AbCd12`, "statloom-data"]);
  process.env["TMPDIR"] = join(folder, "nowhere");
  assert.throws(temporaryFolder, {
    code: "DISK",
    message: /^cannot make a temporary folder in .*nowhere: ENOENT/,
    hint: "set TMPDIR to a folder that is there, can be written and has room",
  });
});
