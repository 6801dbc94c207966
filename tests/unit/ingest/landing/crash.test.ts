import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readVintages } from "../../../../runner/project/landing.ts";
import { withDatasetLock } from "../../../../ingest/landing/dataset-lock.ts";
import { landEdition } from "../../../../ingest/landing/land.ts";
import { argumentsFor } from "../../../support/script.ts";
import { edition, manyCells, query } from "./edition.ts";

// Hooks of a file would be those of all that share its process.
describe("landing under faults", () => {
  let landing: string;
  beforeEach(() => {
    landing = mkdtempSync(join(tmpdir(), "statloom-crash-"));
  });
  afterEach(() => rmSync(landing, { recursive: true, force: true }));

  const child = join(import.meta.dirname, "land-in-child.ts");
  const dataset = () => join(landing, "eurostat/toy");
  const land = (cells = manyCells(100)) => landEdition(edition(cells), { landing, now: new Date() });
  const listed = () => readVintages(landing, "eurostat", "toy").map(({ vintage }) => vintage);
  const isRoot = process.getuid?.() === 0;

  function start(moment: string, value = "1"): ChildProcess {
    return spawn(process.execPath, [...argumentsFor(child), landing, moment, value], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  const untilSaid = (process_: ChildProcess): Promise<string> =>
    new Promise((resolve, reject) => {
      process_.stdout?.once("data", (chunk) => resolve(String(chunk)));
      process_.once("error", reject);
    });
  const untilGone = (process_: ChildProcess): Promise<void> =>
    new Promise((resolve) => void process_.once("exit", () => resolve()));

  async function killAt(moment: string): Promise<void> {
    const landingProcess = start(moment);
    assert.equal(await untilSaid(landingProcess), "now\n");
    const gone = untilGone(landingProcess);
    landingProcess.kill("SIGKILL");
    await gone;
  }

  describe("a landing that is killed", () => {
    for (const moment of ["batch", "sealed", "published"]) {
      test(`at "${moment}" leaves the list as it was, and the next one cleans up`, async () => {
        await land();
        const before = listed();
        await killAt(moment);
        assert.deepEqual(listed(), before);
        assert.ok(
          readdirSync(dataset()).length > 2,
          "the kill left nothing behind: the test no longer tests anything",
        );
        await land(manyCells(150));
        assert.deepEqual(readdirSync(dataset()).sort(), [...listed(), "vintages.json"].sort());
        assert.equal(listed().length, 2);
      });

      test(`at "${moment}" as the very first leaves a landing that the next one completes`, async () => {
        await killAt(moment);
        assert.deepEqual(listed(), []);
        const again = start("never");
        assert.equal(await untilSaid(again), "landed 2025-04-04T210000Z\n");
        await untilGone(again);
        assert.deepEqual(readdirSync(dataset()).sort(), [...listed(), "vintages.json"].sort());
        const rows = await query(`select count(*)::int as n from '${dataset()}/*/observations.parquet'`);
        assert.deepEqual(rows, [{ n: 20_000 }]);
      });
    }
  });

  describe("two landings at once", () => {
    test("of the same document land it once", async () => {
      const both = await Promise.all(["1", "1"].map((value) => untilSaid(start("never", value))));
      assert.deepEqual(both.sort(), ["landed 2025-04-04T210000Z\n", "unchanged 2025-04-04T210000Z\n"]);
      assert.deepEqual(listed(), ["2025-04-04T210000Z"]);
    });

    test("of different documents land both", async () => {
      const both = await Promise.all(["1", "2", "3"].map((value) => untilSaid(start("never", value))));
      assert.equal(both.filter((line) => line.startsWith("landed")).length, 3, both.join(""));
      assert.equal(listed().length, 3);
    });

    test("in one process wait for each other too", async () => {
      const outcomes = await Promise.all([land(), land(), land(manyCells(107))]);
      assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ["landed", "landed", "unchanged"]);
    });
  });

  describe("the lock", () => {
    const lock = () => join(dataset(), ".lock");
    const put = (holder: object | string): void => {
      mkdirSync(dataset(), { recursive: true });
      writeFileSync(lock(), typeof holder === "string" ? holder : JSON.stringify(holder));
    };
    const age = (seconds: number): void =>
      utimesSync(lock(), Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);

    test("of a process that is gone is taken over", async () => {
      const { pid } = spawnSync(process.execPath, ["-e", "0"]);
      put({ pid, host: hostname() });
      assert.equal((await land()).outcome, "landed");
      assert.ok(!existsSync(lock()));
    });

    test("with this process's own number from before a restart is taken over", async () => {
      put({ pid: process.pid, host: hostname() });
      assert.equal((await land()).outcome, "landed");
    });

    test("of another machine is honoured while it is touched, then taken over", async () => {
      put({ pid: 1, host: "elsewhere" });
      const held = withDatasetLock(dataset(), async () => "in", 200);
      await assert.rejects(held, { code: "DATASET_BUSY", retryable: true });
      age(120);
      assert.equal(await withDatasetLock(dataset(), async () => "in", 200), "in");
    });

    test("of a living process is honoured, and the message names the file", async () => {
      put({ pid: process.ppid, host: hostname() });
      age(3600);
      await assert.rejects(
        withDatasetLock(dataset(), async () => "in", 100),
        (error: Error & { hint?: string }) => error.hint?.includes(lock()) === true,
      );
    });

    test("cut short by a kill is taken over once it is old", async () => {
      put("");
      age(10);
      assert.equal(await withDatasetLock(dataset(), async () => "in", 500), "in");
    });
  });

  describe("a disk that cannot be written", () => {
    test("because it is full leaves the landed vintages as they were", { skip: tinyDisk() }, async () => {
      const disk = join(landing, "disk");
      mkdirSync(disk);
      assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status, 0);
      try {
        const onDisk = (cells: ReturnType<typeof manyCells>) =>
          landEdition(edition(cells), { landing: disk, now: new Date() });
        await onDisk(manyCells(100));
        const before = readdirSync(disk, { recursive: true });
        await assert.rejects(onDisk(manyCells(400_000)), {
          code: "DISK",
          hint: "the disk is full: free some space and repeat the command; what was there before is untouched",
        });
        assert.deepEqual(readdirSync(disk, { recursive: true }), before);
        assert.equal(readVintages(disk, "eurostat", "toy").length, 1);
      } finally {
        spawnSync("umount", [disk]);
      }
    });

    test("because the folder is read-only says so", { skip: process.platform === "win32" }, () => {
      chmodSync(landing, 0o555);
      // Root writes anywhere, so the landing runs as nobody there.
      const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
      if (isRoot) chownSync(landing, 65_534, 65_534);
      const script = `import("${join(import.meta.dirname, "edition.ts")}").then(async ({ edition }) => {
      const { landEdition } = await import("${join(import.meta.dirname, "../../../../ingest/landing/land.ts")}");
      await landEdition(edition([]), { landing: "${landing}", now: new Date() });
    }).catch((error) => console.log(error.code, error.hint));`;
      const run = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
        ...nobody,
        encoding: "utf8",
        env: { PATH: process.env["PATH"] },
      });
      chmodSync(landing, 0o755);
      assert.match(run.stdout, /^DISK this user has no right to: change the permissions/, run.stderr);
      assert.deepEqual(readdirSync(landing), []);
    });
  });

  /** A reason to skip, or false: only root may mount a disk of a few kilobytes. */
  function tinyDisk(): string | false {
    if (process.platform !== "linux" || !isRoot) return "needs Linux and root to mount a tiny disk";
    const probe = mkdtempSync(join(tmpdir(), "statloom-mount-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe]).status === 0;
    if (mounted) spawnSync("umount", [probe]);
    rmSync(probe, { recursive: true });
    return mounted ? false : "mounting is not allowed here";
  }
});
