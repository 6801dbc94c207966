import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildMicrobatch } from "../../runner/execute/build-microbatch.ts";
import { buildModel, buildSeed } from "../../runner/execute/build-node.ts";
import type { BuildContext } from "../../runner/execute/build-node.ts";
import { buildSnapshot } from "../../runner/execute/build-snapshot.ts";
import { createMetaTables } from "../../runner/execute/warehouse-state.ts";
import { isMicrobatch } from "../../runner/plan/microbatch/plan-microbatch.ts";
import { databaseForTests } from "../support/postgres.ts";
import { startProxy } from "../support/postgres-proxy.ts";
import { tempFolder } from "../support/temp.ts";
import { modelNode, seedNode, snapshotNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { failure } from "./cases/errors.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

const QUERY = "select 1 as id, 'a' as geo, timestamp '2024-01-02 03:04' as at";

type Build = (context: BuildContext) => Promise<unknown>;

const adding =
  (strategy: "append" | "merge" | "delete+insert" | "insert_overwrite"): Build =>
  (build) =>
    buildModel(
      modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: strategy,
        unique_key: strategy === "merge" || strategy === "delete+insert" ? ["id"] : [],
        partition_by: strategy === "insert_overwrite" ? ["geo"] : [],
      }),
      QUERY,
      build,
    );

const snapshot: Build = (build) =>
  buildSnapshot(
    snapshotNode("kept", { strategy: "timestamp", updated_at: "at", hard_deletes: "new_record" }),
    QUERY,
    Date.parse("2024-02-01T00:00:00Z"),
    build,
  );

const batch: Build = async (build) => {
  const node = modelNode("events", {
    materialized: "incremental",
    incremental_strategy: "microbatch",
    event_time: "at",
    begin: "2024-01-02",
    batch_size: "day",
    lookback: 0,
  });
  assert.ok(isMicrobatch(node));
  const now = Date.parse("2024-01-02T12:00:00Z");
  const { results } = await buildMicrobatch(node, { now, window: null, compile: () => QUERY }, build);
  assert.deepEqual(
    results.map(({ error }) => error),
    [null],
  );
};

const path = join(tempFolder(), "codes.csv");
writeFileSync(path, "id,geo\n1,a\n2,b\n");
const seed: Build = (build) => buildSeed(seedNode("codes"), path, { ...build, fullRefresh: true });

describe("PostgreSQL is waited for", { skip: server.skip }, async () => {
  if (server.skip !== false) return;
  const proxy = await startProxy(server.url);
  const target = postgresTarget(proxy.url);
  await using adapter = await openAdapter(target);
  // Before 15 there is no merge, which itself refuses to update a row twice: it is asked for between two statements.
  const looksForDoubles = !adapter.dialect.refusesDoubleUpdates;

  /** How often `build` waits for an answer once the relation is there and the session knows its questions. */
  async function turnsOf(build: Build): Promise<number> {
    await using db = await openAdapter(target);
    const session = await db.session();
    await session.run("drop schema if exists shop cascade");
    await createMetaTables(session, db.dialect);
    for (let i = 0; i < 2; i++) await build(await context(session, db));
    const ready = await context(session, db);
    const before = proxy.turns();
    await build(ready);
    return proxy.turns() - before;
  }

  for (const [what, build, turns] of [
    // Its columns and its table's; begin and what it declared; all statements; commit.
    ["an append", adding("append"), 4],
    ["a merge", adding("merge"), 4],
    ["a delete+insert", adding("delete+insert"), 4],
    ["an insert_overwrite", adding("insert_overwrite"), 4],
    // The keys are looked at before anything is done with them.
    ["a snapshot", snapshot, 6],
    // What is done, and four for the batch.
    ["a batch", batch, 5],
    // Whether another can take its place, building it beside, three to put it there.
    ["a table", (build) => buildModel(modelNode("orders"), QUERY, build), 6],
    // The locks that it waits for begin with what it was told of itself.
    ["a view", (build) => buildModel(modelNode("orders", { materialized: "view" }), QUERY, build), 3],
    ["a seed", seed, 14],
  ] as const satisfies readonly (readonly [string, Build, number])[])
    test(`${turns} times for ${what} that is there`, async () => {
      assert.equal(await turnsOf(build), turns + (what === "a merge" && looksForDoubles ? 2 : 0));
    });

  test("as long as it takes to know that a transaction has begun, before anything is done in it", async () => {
    await using db = await openAdapter(target);
    const session: Session = await db.session();
    await session.run("drop table if exists public.mine");
    const before = proxy.turns();
    const error = await failure(
      session.transaction(async () => {
        for await (const _ of session.runEach([
          "create table public.mine as select 1 as a",
          "select nope",
          "insert into public.mine values (2)",
        ]));
      }),
    );
    assert.equal(error.sql, "select nope");
    // Begin, all of them, rollback.
    assert.equal(proxy.turns() - before, 3);
    assert.deepEqual((await session.query("select to_regclass('public.mine') is null")).rows, [[true]]);
  });
});
