import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("V8 has the flag that makes it inline less, wherever it is set", (context) => {
  const { node } = process.versions;
  if (!/^2[0-4]\./.test(node) || "bun" in process.versions)
    return context.skip(`Node ${node} is not given it`);
  const { stdout } = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  assert.match(stdout, /^\s*--max-inlined-bytecode-size-cumulative /m);
});
