import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel } from "../../runner/execute/build-node.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { ordersIn } from "./postgres-orders.ts";

const server = await databaseForTests();

describe("views in PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const { target, run, scalar, fresh } = ordersIn(server.url, connect(server.url));

  test("keep the options that somebody gave them, whatever they are made of now", async () => {
    await fresh();
    const options = (name: string): Promise<unknown> =>
      scalar(`select array_to_string(reloptions, ' ') from pg_class where oid = 'shop.${name}'::regclass`);
    const rebuild = async (
      name: string,
      query: string,
      materialized: "view" | "materialized_view" = "view",
    ) => {
      await using db = await openAdapter(target);
      const session = await db.session();
      await buildModel(modelNode(name, { materialized }), query, await context(session, db));
    };
    await rebuild("shown", "select id from shop.orders");
    await run("alter view shop.shown set (security_barrier = true, check_option = local)");
    const held = "security_barrier=true check_option=local";
    // In its place, then beside for another type, and with readers of it.
    for (const query of [
      "select id, part from shop.orders",
      "select id::bigint as id, part from shop.orders",
    ]) {
      await rebuild("shown", query);
      assert.equal(await options("shown"), held);
    }
    await rebuild("kept", "select 1 as id", "materialized_view");
    await run("alter materialized view shop.kept set (fillfactor = 70)");
    await rebuild("kept", "select 2 as id, 'x' as part", "materialized_view");
    assert.equal(await options("kept"), "fillfactor=70");
  });
});
