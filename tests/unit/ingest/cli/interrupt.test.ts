import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inTime, until } from "../../../support/until.ts";

test("Ctrl-C while input still comes ends with 1, says so, and leaves nothing behind", async (context) => {
  const root = mkdtempSync(join(tmpdir(), "statloom-interrupt-"));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const script = join(import.meta.dirname, "../../../../scripts/ingest.ts");
  const ingest = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), script, "file", "-", "--landing", "landing"],
    {
      cwd: root,
      env: { ...process.env, TMPDIR: root, NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let said = "";
  ingest.stderr.on("data", (chunk) => (said += String(chunk)));
  ingest.stdin.on("error", () => undefined);
  ingest.stdin.write('{"version":"2.0",');
  const isSpooling = (): boolean =>
    readdirSync(root).some((name) => existsSync(join(root, name, "document.json")));
  await until("it has begun", isSpooling, () => said);
  const ended = new Promise<number | null>((resolve) => void ingest.once("exit", resolve));
  ingest.kill("SIGINT");
  context.after(() => ingest.kill("SIGKILL"));
  assert.equal(await inTime("it has ended", ended, () => said), 1, said);
  assert.match(said, /^error CANCELLED stdin: stopped/);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith("statloom-")),
    [],
  );
  assert.ok(!existsSync(join(root, "landing")));
});
