import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { buildModel, buildSeed } from "../../../runner/execute/build-node.ts";
import { sha256 } from "../../../runner/base/hash.ts";
import type { BuildContext } from "../../../runner/execute/build-node.ts";
import { readFacts } from "../../../runner/execute/warehouse-facts.ts";
import {
  createMetaTables,
  createSchemas,
  loadedSeedsOf,
  readWarehouse,
} from "../../../runner/execute/warehouse-state.ts";
import type { Dialect } from "../../../runner/dialects/dialect.ts";
import { temporaryName } from "../../../runner/plan/temporary-name.ts";
import { modelNode, seedNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { failure } from "./errors.ts";
import { interruptUntil, slowQuery } from "./sessions.ts";

/** What nodes are built with, on the warehouse as it is now. */
export async function context(
  session: Session,
  { dialect }: Adapter,
  fullRefresh = false,
): Promise<BuildContext> {
  await createSchemas(session, dialect, ["shop"]);
  return { session, dialect, fullRefresh, warehouse: await readWarehouse(session, dialect, ["shop"]) };
}

/** A name as a user may also write it, where the engine takes that for the same. */
export const otherCase = (dialect: Dialect, name: string): string =>
  dialect.identifierKey(name) === dialect.identifierKey(name.toUpperCase()) ? name.toUpperCase() : name;

const view = modelNode("orders", { materialized: "view" });
const table = modelNode("orders", { materialized: "table" });

const read = async (session: Session): Promise<unknown> =>
  (await session.query("select * from shop.orders")).rows;

type SeedBuilding = {
  readonly path: string;
  /** Builds it as a project does that was read when the file had this hash; gives what was done. */
  readonly build: (checksum: string, fullRefresh?: boolean) => Promise<string>;
  /** Gives the hash. */
  readonly save: (content: string) => string;
};

async function withSeed(
  session: Session,
  db: Adapter,
  body: (building: SeedBuilding) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "statloom-seed-"));
  const path = join(folder, "orders.csv");
  await createMetaTables(session, db.dialect);
  try {
    await body({
      path,
      async build(checksum, fullRefresh = false) {
        const facts = await readFacts(session, db.dialect, "shop", []);
        const seeds = { loaded: loadedSeedsOf(facts.seeds), now: 0 };
        const node = { ...seedNode("orders"), checksum };
        const built = { ...(await context(session, db, fullRefresh)), seeds };
        return (await buildSeed(node, path, built)).plan.description;
      },
      save(content) {
        writeFileSync(path, content);
        return sha256(content);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const buildCases: readonly ContractCase[] = [
  {
    title: "a view and a table are built, and replaced by themselves and by each other",
    async body(session, db) {
      const build = await context(session, db);
      const order = [view, view, table, table, view, table] as const;
      for (const [i, node] of order.entries()) {
        const { rows } = await buildModel(node, `select ${i} as a -- comment`, build);
        assert.deepEqual(await read(session), [[i]]);
        const kind = node.config.materialized;
        assert.deepEqual(Array.from(await session.listRelations("shop")), [["orders", kind]]);
        assert.equal(rows, kind === "table" ? 1 : null);
      }
    },
  },
  {
    title: "a replaced table may read itself and may change its columns",
    async body(session, db) {
      const build = await context(session, db);
      await buildModel(table, "select 1 as a", build);
      await buildModel(table, "select a + 1 as b, 'x' as c from shop.orders", build);
      assert.deepEqual(await read(session), [[2, "x"]]);
    },
  },
  {
    title: "a view that becomes a table may read the view",
    async body(session, db) {
      const build = await context(session, db);
      await buildModel(view, "select 1 as a", build);
      await buildModel(table, "select a + 1 as a from shop.orders", build);
      assert.deepEqual(await read(session), [[2]]);
    },
  },
  {
    title: "a query that fails leaves the old relation and no other",
    async body(session, db) {
      for (const [before, after] of [
        [table, table],
        [view, view],
        [view, table],
        [table, view],
      ] as const) {
        const build = await context(session, db);
        await buildModel(before, "select 1 as a", build);
        const kind = before.config.materialized;
        const error = await failure(
          buildModel(after, "select 1 as a,\n  nope from (select 1 as b) t", build),
        );
        assert.deepEqual([error.line, error.column], [2, 3], "placed in the node's own query");
        assert.deepEqual(await read(session), [[1]]);
        assert.deepEqual(Array.from(await session.listRelations("shop")), [["orders", kind]]);
        await session.run(db.dialect.drop(before.relation, kind === "view" ? "view" : "table"));
      }
    },
  },
  {
    title: "a query that fails half way through its rows leaves the old table",
    async body(session, db) {
      const build = await context(session, db);
      await buildModel(table, "select 1 as a", build);
      const late =
        "select cast(case when i = 200000 then 'x' else '1' end as integer) as a from generate_series(1, 200000) s(i)";
      await failure(buildModel(table, late, build));
      assert.deepEqual(await read(session), [[1]]);
    },
  },
  {
    title: "an interrupted build leaves the old table and no other",
    async body(session, db) {
      for (const before of [table, view]) {
        const build = await context(session, db);
        await buildModel(before, "select 1 as a", build);
        const running = failure(buildModel(table, slowQuery, build));
        await interruptUntil(session, running);
        assert.equal((await running).kind, "cancelled");
        assert.deepEqual(await read(session), [[1]]);
        assert.equal((await session.listRelations("shop")).size, 1);
      }
    },
  },
  {
    title: "a reader sees a whole table at every moment of a rebuild",
    async body(session, db) {
      const build = await context(session, db);
      const reader = await db.session();
      const rebuild = (value: number): Promise<unknown> =>
        buildModel(table, `select ${value} as a from generate_series(1, 10000) s(i)`, build);
      await rebuild(0);
      let reading = true;
      const seen = (async () => {
        let count = 0;
        for (; reading; count++) {
          const { rows } = await reader.query("select count(*), count(distinct a) from shop.orders");
          assert.deepEqual(rows, [["10000", "1"]]);
        }
        return count;
      })();
      for (let i = 1; i < 20; i++) await rebuild(i);
      reading = false;
      assert.ok((await seen) > 0);
    },
  },
  {
    title: "what a crash left beside a table does no harm and goes with the next build",
    async body(session, db) {
      const build = await context(session, db);
      await buildModel(view, "select 1 as a", build);
      const beside = {
        ...table.relation,
        identifier: temporaryName("orders", db.dialect.maxIdentifierLength),
      };
      await session.run(db.dialect.createTableAs(beside, "select 'left over' as x", "new"));
      await buildModel(table, "select 2 as a", build);
      assert.deepEqual(await read(session), [[2]]);
      assert.equal((await session.listRelations("shop")).size, 1);
    },
  },
  {
    title: "a semicolon, comments and empty lines around a query do no harm",
    async body(session, db) {
      const build = await context(session, db);
      for (const node of [table, view]) {
        await buildModel(node, "\n-- first\nselect 1 as a -- last\n;\n\n", build);
        assert.deepEqual(await read(session), [[1]]);
      }
    },
  },
  {
    title: "a second statement in a model is refused and not run",
    async body(session, db) {
      const build = await context(session, db);
      await session.run("create table shop.victim as select 1 as a");
      for (const node of [table, view, modelNode("orders", { materialized: "incremental" })]) {
        await failure(buildModel(node, "select 1 as a; drop table shop.victim", build));
      }
      assert.equal((await session.listRelations("shop")).get("victim"), "table");
    },
  },
  {
    title: "a name as long as the engine allows can be built and swapped",
    async body(session, db) {
      const build = await context(session, db);
      const identifier = "x".repeat(Math.min(db.dialect.maxIdentifierLength, 300));
      const at = { database: null, schema: "shop", identifier };
      await buildModel(modelNode("long", { materialized: "view" }, at), "select 1 as a", build);
      await buildModel(modelNode("long", { materialized: "table" }, at), "select 2 as a", build);
      assert.deepEqual(Array.from(await session.listRelations("shop")), [[identifier, "table"]]);
    },
  },
  {
    title: "a seed is loaded, replaced whole, and left alone when the new file is wrong",
    async body(session, db) {
      const build = await context(session, db);
      const folder = mkdtempSync(join(tmpdir(), "statloom-seed-"));
      const path = join(folder, "orders.csv");
      const node = seedNode("orders", { delimiter: ";", column_types: { code: db.dialect.type("text") } });
      try {
        await buildModel(view, "select 1 as a", build);
        writeFileSync(path, "code;n\n01;1\n02;2\n");
        assert.equal((await buildSeed(node, path, build)).rows, 2);
        writeFileSync(path, "code;other\n03;x\n");
        assert.equal((await buildSeed(node, path, build)).rows, 1);
        writeFileSync(path, "code;n\n01;1;2\n");
        await failure(buildSeed(node, path, build));
        assert.deepEqual(await read(session), [["03", "x"]]);
        assert.deepEqual(Array.from(await session.listRelations("shop")), [["orders", "table"]]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    title: "a JSON seed keeps text as text, whatever shape the file has",
    async body(session, db) {
      const build = await context(session, db);
      const folder = mkdtempSync(join(tmpdir(), "statloom-seed [x]-"));
      const text = db.dialect.type("text");
      const node = {
        ...seedNode("orders", { column_types: { n: text } }),
        originalFilePath: "seeds/orders.json",
      };
      const path = join(folder, "orders.json");
      try {
        for (const content of [
          '[{"code": "01", "n": 1, "x": 1.5}, {"code": "2", "n": 2, "x": null, "late": true}]',
          '{"code": "01", "n": 1, "x": 1.5}\n{"code": "2", "n": 2, "x": null, "late": true}\n',
        ]) {
          writeFileSync(path, content);
          assert.equal((await buildSeed(node, path, build)).rows, 2);
          const { rows } = await session.query("select code, n, x, late from shop.orders order by code");
          assert.deepEqual(rows, [
            ["01", "1", 1.5, null],
            ["2", "2", null, true],
          ]);
        }
        writeFileSync(path, '[{"code": ');
        const error = await failure(buildSeed(node, path, build));
        assert.match(error.message, /^orders\.json: /);
        writeFileSync(path, '[{"code": "3"}]');
        await assert.rejects(
          buildSeed(node, path, build),
          /column_types names "n", which orders\.json does not have/,
        );
        assert.equal(((await read(session)) as unknown[]).length, 2);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    title: "a seed whose file has not changed is not loaded again, until a full refresh",
    async body(session, db) {
      await withSeed(session, db, async ({ path, build, save }) => {
        assert.equal(await build(save("a\n1\n")), "seed");
        await session.run("update shop.orders set a = 7");
        const one = save("a\n1\n");
        assert.equal(await build(one), "seed (unchanged)");
        assert.deepEqual(await read(session), [["7"]]);
        assert.equal(await build(one, true), "seed");
        assert.deepEqual(await read(session), [["1"]]);
        const two = save("a\n2\n");
        assert.equal(await build(two), "seed");
        assert.equal(await build(two), "seed (unchanged)");
        const wrong = save("a,b\n1\n");
        await failure(build(wrong));
        writeFileSync(path, "a\n2\n");
        assert.equal(await build(two), "seed (unchanged)", "what failed was not noted");
        await session.run("drop table shop.orders");
        assert.equal(await build(two), "seed", "a table that is gone");
      });
    },
  },
  {
    title: "of a seed that was edited meanwhile, what was loaded is noted, and not what was to be",
    async body(session, db) {
      await withSeed(session, db, async ({ path, build, save }) => {
        const before = save("a\n1\n");
        const edited = save("a\n2\n");
        assert.equal(await build(before), "seed");
        assert.deepEqual(await read(session), [["2"]]);
        assert.equal(await build(edited), "seed (unchanged)");
        writeFileSync(path, "a\n1\n");
        assert.equal(await build(before), "seed", "edited back");
        assert.deepEqual(await read(session), [["1"]]);
        // It is written to while it is being loaded: first to something else, then to what cannot be read, and back.
        const texts = ["a\n9\n", "a,b\n1\n", "a\n3\n"];
        const loadCsv = session.loadCsv.bind(session);
        session.loadCsv = async (...load) => {
          const text = texts.shift();
          if (text !== undefined) writeFileSync(path, text);
          return loadCsv(...load);
        };
        assert.equal(await build(edited), "seed");
        assert.deepEqual([texts, await read(session)], [[], [["3"]]]);
        assert.equal(await build(save("a\n3\n")), "seed (unchanged)");
        session.loadCsv = async (...load) => {
          writeFileSync(path, "a\n4\n");
          return loadCsv(...load);
        };
        await assert.rejects(build(edited), /orders\.csv was written to while it was being loaded/);
        assert.deepEqual(await read(session), [["3"]]);
      });
    },
  },
];
