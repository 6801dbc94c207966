/**
 * Rebuilds a small project over and over until it is killed, or until SIGINT asks it to stop:
 * `build-in-child.ts <target as JSON> <seed.csv> [slow]`. Generation after generation; each node holds one generation whole.
 */
import type { Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { buildModel, buildSeed } from "../../runner/execute/build-node.ts";
import { schedule } from "../../runner/execute/schedule.ts";
import { skipMessage } from "../../runner/execute/skip-message.ts";
import { createSchemas, readWarehouse } from "../../runner/execute/warehouse-state.ts";
import type { Relation } from "../../runner/graph/types.ts";
import type { Target } from "../../runner/project/types.ts";
import { messageOf } from "../../runner/base/errors.ts";
import { modelNode, seedNode } from "../unit/runner/plan/nodes.ts";
import { slowQuery } from "./cases/sessions.ts";

const [target = "", csv = "", slow] = process.argv.slice(2);
const db = await openAdapter(JSON.parse(target) as Target);
const first = await db.session();
await createSchemas(first, db.dialect, ["shop"]);
const warehouse = await readWarehouse(first, db.dialect, ["shop"]);
await first.close();

const stop = new AbortController();
process.on("SIGINT", () => stop.abort());

const keyed = { materialized: "incremental", unique_key: ["id"] } as const;
const models = [
  modelNode("whole"),
  modelNode("replaced", { ...keyed, incremental_strategy: "delete+insert" }),
  modelNode("merged", { ...keyed, incremental_strategy: "merge" }),
];
const codes = seedNode("codes");

/** Prints a line as soon as the statement that takes minutes is the engine's. */
function sayWhenStarted(session: Session): void {
  const run = session.run.bind(session);
  session.run = (sql) => {
    const running = run(sql);
    if (sql.includes("300000")) process.stdout.write("started\n");
    return running;
  };
}

for (let generation = 0; !stop.signal.aborted; generation++) {
  const changing = modelNode("changing", { materialized: generation % 2 === 0 ? "table" : "view" });
  const nodes = new Map([...models, changing].map((node) => [node.uniqueId, node]));
  const query = slow
    ? slowQuery.replace("count(*)", "count(*) as generation, 1 as id")
    : `select i as id, ${generation} as generation from generate_series(1, 20000) s(i)`;
  const tasks = [codes.uniqueId, ...nodes.keys()].map((id) => ({ id, parents: [] }));
  const results = await schedule(tasks, {
    threads: 3,
    signal: stop.signal,
    openWorker: () => db.session(),
    skip: (id, reason) => `${id}: ${skipMessage(reason)}`,
    async run(id, session, { signal }) {
      const context = {
        session,
        dialect: db.dialect,
        warehouse,
        fullRefresh: false,
        signal,
        // A kill may come while tests run, too.
        audit: async (made: Relation) => {
          const { rows } = await session.query(
            `select count(distinct generation) from ${db.dialect.quoteRelation(made)}`,
          );
          if (rows[0]?.[0] !== "1") throw new Error(`${made.identifier} is no generation`);
        },
      };
      if (slow && id.endsWith(".merged")) sayWhenStarted(session);
      const node = nodes.get(id);
      try {
        await (node ? buildModel(node, query, context) : buildSeed(codes, csv, context));
        return { result: `${id}: ok`, blocks: false };
      } catch (error) {
        return { result: `${id}: ${messageOf(error)}`, blocks: true };
      }
    },
  });
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
await db.close();
