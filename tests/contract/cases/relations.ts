import assert from "node:assert/strict";
import type { Session } from "../../../runner/adapters/adapter.ts";
import { buildModel, buildSeed } from "../../../runner/execute/build-node.ts";
import { buildSnapshot } from "../../../runner/execute/build-snapshot.ts";
import type { ModelConfig, ModelNode } from "../../../runner/graph/types.ts";
import { writeFiles, tempFolder } from "../../support/temp.ts";
import { modelNode, seedNode, snapshotNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { failure } from "./errors.ts";

const column = (name: string, description: string) =>
  [
    name,
    { name, description, dataType: null, meta: {}, tags: [], quote: false, constraints: [], docBlocks: [] },
  ] as const;
const docs = {
  description: 'Orders; it\'s "every" one\nof them',
  columns: new Map([column("a", "the 'first'"), column("nowhere", "is not there")]),
};
const documented = (config: Partial<ModelConfig>): ModelNode => ({
  ...modelNode("orders", { persist_docs: { relation: true, columns: true }, ...config }),
  ...docs,
});

/** What the catalogue says of `shop.orders`: its comment, then those of its columns. */
async function comments(session: Session): Promise<(string | null)[]> {
  const found = (await session.catalog(["shop"])).find(({ relation }) => relation.identifier === "orders");
  return [found?.comment ?? null, ...(found?.columns ?? []).map(({ comment }) => comment)];
}

const unique = { columns: ["a"], unique: true, type: null };
const plain = { columns: ["a", "b"], unique: false, type: null };
const duplicate = (session: Session): Promise<unknown> =>
  failure(session.run("insert into shop.orders (a) values (1)"));

export const relationCases: readonly ContractCase[] = [
  {
    title: "persist_docs leaves descriptions as comments, whatever is built, and takes old ones away",
    async body(session, db) {
      for (const config of [
        { materialized: "view" },
        { materialized: "table" },
        { materialized: "incremental" },
        { materialized: "incremental", unique_key: ["a"], incremental_strategy: "delete+insert" },
      ] as const) {
        const build = await context(session, db);
        await buildModel(documented(config), "select 1 as a, 2 as b", build);
        assert.deepEqual(await comments(session), [docs.description, "the 'first'", null]);
      }
      const bare = { ...documented({ materialized: "incremental" }), description: "" };
      await buildModel(bare, "select 1 as a, 2 as b", await context(session, db));
      assert.deepEqual(await comments(session), [null, "the 'first'", null]);
      await session.run("drop table shop.orders");
      const asked = { persist_docs: { relation: true, columns: true } };
      const snapshot = {
        ...snapshotNode("orders", { ...asked, strategy: "check", check_cols: "all" }),
        ...docs,
      };
      const query = "select 1 as id, 2 as a";
      await buildSnapshot(snapshot, query, 0, await context(session, db));
      assert.deepEqual((await comments(session)).slice(0, 3), [docs.description, null, "the 'first'"]);
      await session.run("drop table shop.orders");
      const path = writeFiles(tempFolder(), { "orders.csv": "a,b\n1,2\n" });
      await buildSeed(
        { ...seedNode("orders", asked), ...docs },
        `${path}/orders.csv`,
        await context(session, db),
      );
      assert.deepEqual(await comments(session), [docs.description, "the 'first'", null]);
    },
  },
  {
    title:
      "a column that is described in other letters has the comment where the engine takes it for the same",
    async body(session, db) {
      const isSame = db.dialect.identifierKey("A") === db.dialect.identifierKey("a");
      for (const materialized of ["view", "table"] as const) {
        const node = { ...documented({ materialized }), columns: new Map([column("A", "first")]) };
        await buildModel(node, "select 1 as a, 2 as b", await context(session, db));
        assert.deepEqual((await comments(session)).slice(1), [isSame ? "first" : null, null]);
      }
    },
  },
  {
    title: "comments that fail leave the old table",
    async body(session, db) {
      await buildModel(modelNode("orders"), "select 1 as a", await context(session, db));
      const node = { ...documented({}), description: "NUL \0" };
      await assert.rejects(buildModel(node, "select 2 as a", await context(session, db)), /NUL/);
      assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
    },
  },
  {
    title: "indexes are there whichever way the table came to be, and unique ones hold",
    async body(session, db) {
      const config = { indexes: [unique, plain] };
      const view = modelNode("orders", { materialized: "view" });
      const table = modelNode("orders", config);
      const keyed = { ...config, materialized: "incremental", unique_key: ["a"] } as const;
      const query = "select 1 as a, 2 as b";
      for (const node of [
        table,
        table,
        view,
        table,
        modelNode("orders", { ...keyed, incremental_strategy: "delete+insert" }),
        ...(db.dialect.supportsMerge
          ? [modelNode("orders", { ...keyed, incremental_strategy: "merge" })]
          : []),
      ]) {
        await buildModel(node, query, await context(session, db));
        if (node !== view) await duplicate(session);
        assert.equal((await session.query("select * from shop.orders")).rows.length, 1);
      }
      await session.run("drop table shop.orders");
      const path = writeFiles(tempFolder(), { "orders.csv": "a,b\n1,2\n" });
      for (let i = 0; i < 2; i++) {
        const build = await context(session, db, true);
        await buildSeed(seedNode("orders", config), `${path}/orders.csv`, build);
        await duplicate(session);
      }
      await session.run("drop table shop.orders");
      const snapshot = snapshotNode("orders", {
        ...config,
        strategy: "check",
        check_cols: ["b"],
        unique_key: ["a"],
      });
      await buildSnapshot(snapshot, query, 0, await context(session, db));
      await duplicate(session);
    },
  },
  {
    title: "an index that cannot be made leaves the old table and its index",
    async body(session, db) {
      const node = modelNode("orders", { indexes: [unique] });
      await buildModel(node, "select 1 as a", await context(session, db));
      const twice = "select 7 as a union all select 7 as a";
      await failure(buildModel(node, twice, await context(session, db)));
      assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
      await duplicate(session);
      await assert.rejects(
        buildModel(modelNode("orders", { indexes: [{ ...unique, columns: ["A1"] }] }), "select 2 as a", {
          ...(await context(session, db)),
        }),
        /COLUMN_UNKNOWN indexes name "A1"/,
      );
    },
  },
  {
    title: "columns of a table with indexes can be added, dropped and retyped",
    async body(session, db) {
      const node = modelNode("orders", {
        materialized: "incremental",
        on_schema_change: "sync_all_columns",
        indexes: [unique],
      });
      for (const [i, more] of ["2 as b", "3 as c", "'x' as c", "'y' as c, 5 as d"].entries()) {
        await buildModel(node, `select ${i + 10} as a, ${more}`, await context(session, db));
      }
      const columns = await session.columnsOf(node.relation);
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["a", "c", "d"],
      );
      await failure(session.run("insert into shop.orders (a) values (10)"));
    },
  },
  {
    title: "sql_header runs before the node's own SQL, and describing it leaves nothing behind",
    async body(_, db) {
      const header = "create temporary table helper as select 5 as n";
      for (const config of [
        { materialized: "table" },
        { materialized: "incremental" },
        { materialized: "table", indexes: [{ ...unique, columns: ["n"] }] },
      ] as const) {
        const session = await db.session();
        const node = modelNode("orders", config);
        const hooks = new Map([[node.uniqueId, { pre: [], post: [], header }]]);
        await buildModel(node, "select n from helper", { ...(await context(session, db)), hooks });
        assert.equal((await session.query("select max(n) from shop.orders")).rows[0]?.[0], 5);
        await session.close();
      }
      const session = await db.session();
      const snapshot = snapshotNode("history", { unique_key: ["n"], strategy: "check", check_cols: "all" });
      const hooks = new Map([[snapshot.uniqueId, { pre: [], post: [], header }]]);
      await buildSnapshot(snapshot, "select n from helper", 0, { ...(await context(session, db)), hooks });
      assert.equal((await session.query("select n from shop.history")).rows[0]?.[0], 5);
    },
  },
  {
    title: "a comment on statements changes no result and no place of a mistake",
    async body(session, db) {
      const build = await context(session, db);
      for (const comment of [
        { text: '{"node": "a"}', append: false },
        { text: "b -- '", append: true },
        null,
      ]) {
        session.annotate(comment);
        await buildModel(modelNode("orders"), "select 1 as a -- last", build);
        assert.deepEqual((await session.query("select a from shop.orders")).rows, [[1]]);
        const wrong = "select 1 as a,\n  nope from (select 1 as b) t";
        for (const node of [modelNode("orders"), modelNode("other", { materialized: "incremental" })]) {
          const error = await failure(buildModel(node, wrong, build));
          assert.deepEqual([error.line, error.column, error.sql], [2, 3, wrong]);
        }
        const alone = await failure(session.query("select 1,\n nope"));
        assert.deepEqual([alone.line, alone.column, alone.sql], [2, 2, "select 1,\n nope"]);
      }
    },
  },
  {
    title: "grants are given, and what is no longer granted is taken",
    async body(session, db) {
      const { grants } = db.dialect;
      assert.ok(grants);
      const roles = ["statloom_a", "statloom_b"];
      for (const role of roles) {
        await session.run(`drop role if exists ${role}`);
        await session.run(`create role ${role}`);
      }
      const held = async (): Promise<unknown> => {
        const { rows } = await session.query(
          `select ${roles.map((role) => `has_table_privilege('${role}', 'shop.orders', 'select')`).join(", ")}`,
        );
        return roles.filter((_, i) => rows[0]?.[i] === true);
      };
      for (const [materialized, to] of [
        ["incremental", ["statloom_a", "statloom_b"]],
        ["incremental", ["statloom_b"]],
        ["table", ["statloom_a"]],
        ["view", ["statloom_b"]],
        ["materialized_view", ["statloom_a"]],
        ["materialized_view", ["statloom_b"]],
      ] as const) {
        const node = modelNode("orders", { materialized, grants: { select: to } });
        await buildModel(node, "select 1 as a", await context(session, db));
        assert.deepEqual(await held(), to);
        assert.deepEqual(
          (await session.ask(grants.held(node.relation))).rows,
          to.map((grantee) => [grantee, "SELECT"]),
        );
      }
      await session.run("drop materialized view shop.orders");
      for (const role of roles) await session.run(`drop role ${role}`);
    },
  },
];
