import type { Sql } from "postgres";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel } from "../../runner/execute/build-node.ts";
import type { ModelConfig } from "../../runner/graph/types.ts";
import { modelNode } from "../unit/runner/plan/nodes.ts";
import { context } from "./cases/builds.ts";
import { postgresTarget } from "./postgres-target.ts";

/** One who looks at a database by `sql`, and has the model `shop.orders` built there. */
export function ordersIn(url: string, sql: Sql) {
  const target = postgresTarget(url);
  const run = async (text: string): Promise<Record<string, unknown>[]> => [...(await sql.unsafe(text))];
  const scalar = async (text: string): Promise<unknown> => Object.values((await run(text))[0] ?? {})[0];
  const build = async (query: string, config: Partial<ModelConfig> = {}): Promise<void> => {
    await using db = await openAdapter(target);
    const session = await db.session();
    await buildModel(modelNode("orders", config), query, await context(session, db));
  };
  /** The table alone, of one row, and an empty schema `other`. */
  const fresh = async (): Promise<void> => {
    await run("drop schema if exists shop cascade; drop schema if exists other cascade; create schema other");
    await build("select 1 as id, 'a'::text as part");
  };
  return { target, run, scalar, build, fresh };
}
