import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isDevice, writeNamedFile } from "../../../../runner/base/named-file.ts";
import { tempFolder } from "../../../support/temp.ts";

test("a file that a user names is replaced whole, and what is no file is written to", () => {
  const folder = tempFolder();
  const file = join(folder, "junit.xml");
  writeNamedFile(file, "long");
  writeNamedFile(file, "x");
  assert.equal(readFileSync(file, "utf8"), "x");
  assert.ok(!isDevice(file) && !isDevice(folder) && !isDevice(join(folder, "none")));
  if (process.platform === "win32") return;
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  writeNamedFile(pipe, "<testsuites/>");
  const bytes = Buffer.alloc(100);
  assert.equal(bytes.toString("utf8", 0, readSync(reading, bytes)), "<testsuites/>");
  closeSync(reading);
  assert.ok(statSync(pipe).isFIFO());
});
