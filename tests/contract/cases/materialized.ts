import assert from "node:assert/strict";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { Built } from "../../../runner/execute/build-node.ts";
import type { ModelConfig } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { failure } from "./errors.ts";

const unique = { columns: ["a"], unique: true, type: null };
const plain = { columns: ["b"], unique: false, type: null };

const builder =
  (session: Session, db: Adapter) =>
  async (query: string, config: Partial<ModelConfig> = {}, fullRefresh = false): Promise<Built> =>
    buildModel(
      modelNode("kept", { materialized: "materialized_view", ...config }),
      query,
      await context(session, db, fullRefresh),
    );

const read = async (session: Session): Promise<unknown> =>
  (await session.query("select * from shop.kept order by 1")).rows;

const steps = ({ plan }: Built): string => plan.steps.map(({ label }) => label).join(", ");

export const MATERIALIZED = {
  refreshed: "a materialized view keeps its rows until it is built again; the same SQL is refreshed",
  changed: "a materialized view whose SQL changed is made anew; its indexes are changed in place",
  policy: "on_configuration_change: apply, continue with a warning, fail",
  swapped: "a materialized view, a view and a table take each other's place, and describe themselves",
} as const;

export const materializedCases: readonly ContractCase[] = [
  {
    title: MATERIALIZED.refreshed,
    async body(session, db) {
      const build = builder(session, db);
      await context(session, db);
      await session.run("create table shop.raw as select 1 as a, 2 as b");
      const first = await build("select * from shop.raw -- all", { indexes: [unique] });
      assert.equal(first.rows, 1);
      assert.deepEqual(Array.from(await session.listRelations("shop")), [
        ["kept", "materialized view"],
        ["raw", "table"],
      ]);
      await session.run("insert into shop.raw values (3, 4)");
      assert.deepEqual(await read(session), [[1, 2]]);
      const again = await build("select *\nfrom shop.raw", { indexes: [unique] });
      assert.equal(again.plan.description, "materialized view (refreshed)");
      assert.ok(again.plan.steps.some((step) => "sql" in step && / concurrently /.test(step.sql)));
      assert.deepEqual(await read(session), [
        [1, 2],
        [3, 4],
      ]);
      const bare = await build("select * from shop.raw", {});
      assert.ok(!bare.plan.steps.some((step) => "sql" in step && / concurrently /.test(step.sql)));
      assert.equal(
        (await build("select * from shop.raw", {}, true)).plan.description,
        "materialized view (rebuilt)",
      );
    },
  },
  {
    title: MATERIALIZED.changed,
    async body(session, db) {
      const build = builder(session, db);
      await build("select 1 as a, 2 as b", { indexes: [unique] });
      const indexed = await build("select 1 as a, 2 as b", { indexes: [plain] });
      assert.match(
        steps(indexed),
        /^drop the index "[^"]+", refresh it, create the index on "b", see what it holds$/,
      );
      assert.match(steps(await build("select 1 as a, 2 as b", { indexes: [plain] })), /^refresh it, see/);
      const other = await build("select 1 as a, 3 as b", { indexes: [plain] });
      assert.equal(other.plan.description, "materialized view (rebuilt)");
      assert.deepEqual(await read(session), [[1, 3]]);
      assert.match(steps(await build("select 1 as a, 3 as b", { indexes: [plain] })), /^refresh it, see/);
      const broken = await failure(build("select 1 / (select 0) as a, 3 as b", { indexes: [plain] }));
      assert.match(broken.message, /division by zero/);
      // As a run finds one that a table which it reads has taken with it.
      const before = await context(session, db);
      await session.run("drop materialized view shop.kept");
      const node = modelNode("kept", { materialized: "materialized_view", on_configuration_change: "fail" });
      await buildModel(node, "select 1 as a, 3 as b", before);
      assert.deepEqual(await read(session), [[1, 3]]);
    },
  },
  {
    title: MATERIALIZED.policy,
    async body(session, db) {
      const build = builder(session, db);
      await build("select 1 as a");
      const left = await build("select 2 as a", { on_configuration_change: "continue", indexes: [unique] });
      assert.deepEqual(
        left.plan.warnings?.map(({ message }) => message),
        [
          'the materialized view "kept" has changed: its SQL is another; the unique index on "a" is new: left as it was',
        ],
      );
      assert.deepEqual(await read(session), [[1]]);
      await assert.rejects(
        build("select 2 as a", { on_configuration_change: "fail" }),
        /CONFIGURATION_CHANGED the materialized view "kept" has changed: its SQL is another/,
      );
      assert.deepEqual(await read(session), [[1]]);
      await build("select 1 as a", { on_configuration_change: "fail" });
      await build("select 2 as a", { on_configuration_change: "fail" }, true);
      assert.deepEqual(await read(session), [[2]]);
    },
  },
  {
    title: MATERIALIZED.swapped,
    async body(session, db) {
      const build = builder(session, db);
      const kinds = [
        "view",
        "materialized_view",
        "table",
        "materialized_view",
        "view",
        "incremental",
      ] as const;
      const asked = { persist_docs: { relation: true, columns: false } };
      for (const [i, materialized] of [...kinds, ...kinds].entries()) {
        await buildModel(
          { ...modelNode("kept", { materialized, ...asked }), description: `number ${i}` },
          `select ${i} as a`,
          await context(session, db),
        );
        assert.deepEqual(await read(session), [[i]]);
        const [found] = await session.catalog(["shop"]);
        assert.equal(found?.comment, `number ${i}`);
      }
      await build("select 1 as a");
      assert.equal((await session.listRelations("shop")).get("kept"), "materialized view");
    },
  },
];
