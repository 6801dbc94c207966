import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { after, describe, test } from "node:test";
import { dial } from "../../runner/adapters/postgres/line.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { connectionFromUrl } from "../../runner/project/postgres-target.ts";
import { postgresForTests } from "../support/postgres.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await postgresForTests();

/** Between the driver and the server; `cut` ends what stands with a reset, as a server does that was killed. */
async function startProxy(
  url: URL,
): Promise<{ url: string; cut(): void; hangUpOn: (connections: number) => void }> {
  const clients = new Set<Socket>();
  let toRefuse = 0;
  const proxy = createServer((client) => {
    client.on("error", () => {});
    if (toRefuse-- > 0) {
      // It has heard of the caller, and goes without a word.
      client.once("data", () => client.end());
      return;
    }
    clients.add(client);
    const upstream = createConnection(Number(url.port), url.hostname);
    upstream.on("error", () => {}).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  after(() => proxy.close());
  const own = new URL(url);
  own.port = String((proxy.address() as AddressInfo).port);
  return {
    url: own.href,
    cut() {
      for (const client of clients) client.resetAndDestroy();
      clients.clear();
    },
    hangUpOn: (connections) => (toRefuse = connections),
  };
}

const CLOSED = { code: /^(ECONNRESET|EPIPE|CONNECTION_CLOSED)$/ };

describe("a connection to PostgreSQL that breaks", { skip: server.skip, timeout: 60_000 }, async () => {
  if (server.skip !== false) return;
  const proxy = await startProxy(new URL(server.url));
  const to = connectionFromUrl(proxy.url, "/", {})!;

  test("fails what runs, and what is asked in the moment in which only the error is known", async () => {
    for (let i = 0; i < 10; i++) {
      const line = await dial(to);
      const running = line.send("select pg_sleep(60)", "one");
      setTimeout(() => proxy.cut(), 5);
      await assert.rejects(running, CLOSED);
      await assert.rejects(line.send("select 1", "one"), CLOSED);
      await assert.rejects(line.send("select 1", "script"), CLOSED);
      assert.equal(line.isLost(), true);
      await assert.rejects(line.copy("copy t from stdin", []), CLOSED);
      await line.hangUp();
    }
  });

  test("fails what is asked when it broke between two statements", async () => {
    for (let i = 0; i < 10; i++) {
      const line = await dial(to);
      await line.send("select 1", "one");
      proxy.cut();
      for (let wait = 0; wait < i % 3; wait++) await new Promise(setImmediate);
      await assert.rejects(line.send("select 1", "one"), CLOSED);
      await line.hangUp();
    }
  });

  test("is given up when the server hangs up on it, not made again and again", async () => {
    proxy.hangUpOn(2);
    await assert.rejects(dial(to), CLOSED);
    proxy.hangUpOn(0);
  });

  test("is made anew where nothing hangs on it", async () => {
    await using db = await openAdapter({ ...postgresTarget(proxy.url), threads: 1 });
    const session = await db.session();
    for (let i = 0; i < 5; i++) {
      const asked = session.query("select pg_sleep(60)");
      setTimeout(() => proxy.cut(), 5);
      await assert.rejects(asked, { kind: "lost" });
      proxy.hangUpOn(2);
      assert.deepEqual((await session.query("select 2")).rows, [[2]]);
    }
  });
});
