import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { relationDataset } from "../../../../runner/artifacts/openlineage/datasets.ts";
import { openSender } from "../../../../runner/observe/openlineage/send-events.ts";
import { connectionFromUrl } from "../../../../runner/project/postgres-target.ts";
import { startReceiver } from "../../../support/receivers.ts";

const settings = { apiKey: "", file: null, namespace: null, columns: true, parent: null, root: null };
const event = { runId: "r", event: { a: 1 } };

test("a receiver that takes a connection and never answers is waited for a moment, not for ever", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const sender = openSender(
    { ...settings, address: `http://127.0.0.1:${port}/api` },
    { silence: 200, whole: 1000 },
  );
  for (let i = 0; i < 20; i++) sender.send(event);
  const began = performance.now();
  const [failure, ...others] = await sender.close();
  assert.match(failure ?? "", new RegExp(`127.0.0.1:${port} did not answer in time; 20 events not sent`));
  assert.deepEqual(others, []);
  assert.ok(performance.now() - began < 30_000);
});

test("one that refuses what it is sent is asked five times and no more", async () => {
  const { url, received } = await startReceiver(Array.from({ length: 30 }, () => ({ status: 401 })));
  const sender = openSender({ ...settings, address: url });
  for (let i = 0; i < 30; i++) sender.send(event);
  const [failure] = await sender.close();
  assert.match(failure ?? "", /answered 401.*; 30 events not sent/);
  assert.equal(received.length, 5);
});

test("one event that is refused does not keep the others", async () => {
  const { url, received } = await startReceiver([{ status: 400 }]);
  const sender = openSender({ ...settings, address: url });
  for (let i = 0; i < 10; i++) sender.send(event);
  assert.match((await sender.close())[0] ?? "", /answered 400: ok; 1 event not sent/);
  assert.equal(received.length, 10);
});

test("relations are named as OpenLineage's conventions say", () => {
  const relation = { database: null, schema: "marts", identifier: "fct" };
  const connection = connectionFromUrl("postgres://me:secret@db.example.org:5433/shop", "/", {})!;
  assert.deepEqual(
    relationDataset(
      { type: "postgres", name: "p", connection, schema: "s", threads: 1, settings: {} },
      relation,
    ),
    { namespace: "postgres://db.example.org:5433", name: "shop.marts.fct" },
  );
  const duckdb = { type: "duckdb", name: "d", schema: "s", threads: 1, settings: {} } as const;
  assert.deepEqual(relationDataset({ ...duckdb, path: "/data/w.duckdb" }, relation), {
    namespace: "duckdb:///data/w.duckdb",
    name: "w.marts.fct",
  });
});
