import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { askOnce, connect, databaseForTests } from "../support/postgres.ts";
import { startBuilder, wholeIn, writeCodes } from "./builder.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();
const folder = mkdtempSync(join(tmpdir(), "statloom-crash-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const csv = join(folder, "codes.csv");
writeCodes(csv);

describe("a build in PostgreSQL that is killed", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const { isOurs } = server;
  const target = postgresTarget(server.url);
  const sql = connect(server.url);

  test(
    "leaves every relation whole, and no other, whenever its client goes",
    { timeout: 120_000 },
    async () => {
      for (let kill = 0; kill < 3; kill++) {
        const child = startBuilder(target, csv);
        await once(child.stdout!, "data");
        await sleep(kill * 30 + Math.random() * 30);
        child.kill("SIGKILL");
        await once(child, "exit");
        await wholeIn(target);
      }
    },
  );

  test(
    "goes on when the server has gone and come back, with every relation whole",
    { timeout: 120_000 },
    async () => {
      const child = startBuilder(target, csv);
      child.stdout!.setEncoding("utf8");
      const lines: string[] = [];
      child.stdout!.on("data", (text: string) => lines.push(text));
      await once(child.stdout!, "data");
      for (let kill = 0; kill < 2; kill++) {
        await sleep(kill * 30 + Math.random() * 30);
        await killServer();
        await wholeIn(target);
        const from = lines.length;
        while (!lines.slice(from).join("").includes("whole: ok")) {
          assert.equal(child.exitCode, null, "the build has ended");
          await sleep(20);
        }
      }
      child.kill("SIGINT");
      assert.deepEqual(await once(child, "exit"), [0, null]);
      await wholeIn(target);
    },
  );

  test("stops running statements on Ctrl-C and leaves what was there", { timeout: 60_000 }, async () => {
    const slow = startBuilder(target, csv, "slow");
    let output = "";
    slow.stdout!.on("data", (chunk) => (output += String(chunk)));
    await running(3);
    slow.kill("SIGINT");
    assert.deepEqual(await once(slow, "exit"), [0, null]);
    assert.match(output, /model\.shop\.merged: the statement was cancelled/);
    await running(0);
    await wholeIn(target);
  });

  /** Waits until so many statements of builders run. */
  async function running(count: number): Promise<void> {
    for (;;) {
      const rows =
        await sql`select 1 from pg_stat_activity where state = 'active' and datname = current_database()
        and application_name = 'statloom' and query like '%generate_series%'`;
      if (count === 0 ? rows.length === 0 : rows.length >= count) return;
      await sleep(50);
    }
  }

  /** One of its processes killed makes the server end all the others and start again from its log. */
  async function killServer(): Promise<void> {
    let pid: number | undefined;
    // A builder may stand between two connections.
    while (pid === undefined) {
      const rows = await askOnce(
        server.url,
        "select pid from pg_stat_activity where application_name = 'statloom'",
      );
      pid = rows[0]?.["pid"];
    }
    if (!isOurs) {
      await askOnce(
        server.url,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'statloom'",
      );
      return;
    }
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has gone by itself
    }
    // Until the server has seen that it is gone, it takes connections, and ends them then.
    while (isThere(pid)) await sleep(5);
    for (let isUp = false; !isUp;) {
      await sleep(20);
      isUp = await askOnce(server.url, "select 1").then(
        () => true,
        () => false,
      );
    }
  }
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
