import assert from "node:assert/strict";
import { ProjectError } from "../../../runner/base/errors.ts";
import { OperationError } from "../../../runner/base/errors.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import type { ColumnInfo, ModelConfig, ModelConstraint, ModelNode } from "../../../runner/graph/types.ts";
import { modelNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

const bare = { description: "", docBlocks: [], meta: {}, tags: [], quote: false, constraints: [] };
const promised = (
  columns: Readonly<Record<string, string>>,
  config: Partial<ModelConfig> = {},
): ModelNode => ({
  ...modelNode("orders", {
    materialized: "table",
    contract: { enforced: true, alias_types: true },
    ...config,
  }),
  columns: new Map(
    Object.entries(columns).map(([name, dataType]): [string, ColumnInfo] => [
      name,
      { ...bare, name, dataType },
    ]),
  ),
});
const held = (constraints: readonly Partial<ModelConstraint>[], config: Partial<ModelConfig>): ModelNode => ({
  ...modelNode("orders", config),
  constraints: constraints.map((each) => ({
    type: "check",
    expression: null,
    name: null,
    columns: [],
    to: null,
    toColumns: [],
    warnUnenforced: true,
    warnUnsupported: true,
    pointsTo: { refs: [], sources: [] },
    other: null,
    ...each,
  })),
});

export const contractCases: readonly ContractCase[] = [
  {
    title: "a query that does not keep its contract builds nothing, and every difference is told",
    async body(session, db) {
      const columns = { id: "bigint", name: "varchar", price: "decimal(10, 2)" };
      const right =
        "select cast(1 as decimal(10,2)) as price, cast(1 as bigint) as id, cast('a' as varchar) as name";
      for (const materialized of ["table", "view", "incremental"] as const) {
        const node = promised(columns, { materialized });
        await buildModel(node, right, await context(session, db, true));
        await assert.rejects(
          buildModel(node, "select cast(1 as integer) as id, 'x' as extra", await context(session, db)),
          (error) => {
            assert.ok(error instanceof ProjectError);
            const [problem] = error.problems;
            assert.equal(problem?.code, "CONTRACT_BROKEN");
            assert.match(
              problem.message,
              /"id" is int\w*, not bigint;.*"name".*is missing;.*"price".*is missing;.*"extra".*is not in it/i,
            );
            return true;
          },
        );
        assert.deepEqual(
          (await session.query("select name from shop.orders")).rows,
          [["a"]],
          "what was there is still there",
        );
        await session.run(`drop ${materialized === "view" ? "view" : "table"} shop.orders`);
      }
    },
  },
  {
    title: "`string` is the type for text, unless a contract takes types as they are written",
    async body(session, db) {
      const build = async (alias_types: boolean, type: string): Promise<unknown> =>
        buildModel(
          promised({ name: type }, { contract: { enforced: true, alias_types } }),
          "select cast('a' as text) as name",
          await context(session, db, true),
        );
      await build(true, "String");
      if (db.dialect.name === "postgres")
        await assert.rejects(build(false, "String"), /type "string" does not exist/);
      else await build(false, "String");
    },
  },
  {
    title: "rows that break a constraint are never seen, in tables, views and what is added to",
    async body(session, db) {
      const cases: readonly (readonly [Partial<ModelConstraint>, string])[] = [
        [{ type: "not_null", columns: ["b"] }, "select 2 as a, cast(null as integer) as b"],
        [{ type: "unique", columns: ["a", "b"] }, "select 2 as a, 2 as b union all select 2, 2"],
        [{ type: "primary_key", columns: ["a"] }, "select 2 as a, 2 as b union all select 2, 3"],
        [{ type: "check", expression: "a < 10 -- small", name: "small" }, "select 10 as a, 2 as b"],
      ];
      for (const materialized of ["table", "view", "incremental"] as const) {
        for (const [constraint, wrong] of cases) {
          const node = held([constraint], { materialized });
          await buildModel(node, "select 1 as a, 1 as b", await context(session, db, true));
          await assert.rejects(
            buildModel(node, wrong, await context(session, db)),
            (error) =>
              error instanceof OperationError &&
              error.code === "CONSTRAINT_BROKEN" &&
              /a(, b)?\)? ?= ?\(?\d+|Failing row contains \(\d+/.test(error.message),
            `${materialized} ${constraint.type}`,
          );
          assert.deepEqual((await session.query("select a, b from shop.orders")).rows, [[1, 1]]);
          await session.run(`drop ${materialized === "view" ? "view" : "table"} shop.orders`);
        }
      }
    },
  },
  {
    title: "a row that points to nothing is never seen; null points nowhere, and a table may point to itself",
    async body(session, db) {
      const build = async (node: ModelNode, query: string): Promise<unknown> =>
        buildModel(node, query, await context(session, db));
      const key = (name: string, to: string): Partial<ModelConstraint> => ({
        type: "foreign_key",
        columns: [name],
        to: `ref('${to}')`,
        toColumns: ["a"],
        other: { database: null, schema: "shop", identifier: to },
      });
      await build(
        { ...modelNode("parts"), constraints: held([{ type: "unique", columns: ["a"] }], {}).constraints },
        "select 1 as a",
      );
      for (const materialized of ["table", "view", "incremental"] as const) {
        const own =
          materialized === "view" ? [] : [key("up", "orders"), { type: "unique", columns: ["a"] } as const];
        const node = held([key("part", "parts"), ...own], { materialized });
        const query = (a: number, part: string, up: string): string =>
          `select ${a} as a, cast(${part} as integer) as part, cast(${up} as integer) as up`;
        for (const right of [query(1, "1", "1"), query(2, "null", "null")]) await build(node, right);
        for (const wrong of [query(3, "2", "null"), ...(own.length > 0 ? [query(3, "1", "9")] : [])])
          await assert.rejects(
            build(node, wrong),
            (error) => error instanceof OperationError && error.code === "CONSTRAINT_BROKEN",
            `${materialized} ${wrong}`,
          );
        assert.deepEqual((await session.query("select max(a) from shop.orders")).rows, [[2]]);
        await session.run(`drop ${materialized === "view" ? "view" : "table"} shop.orders`);
      }
    },
  },
  {
    title: "null is not found twice, and no check is false of it",
    async body(session, db) {
      const node = held(
        [
          { type: "unique", columns: ["a"] },
          { type: "check", expression: "a > 0" },
        ],
        { materialized: "table" },
      );
      const query = "select cast(null as integer) as a union all select null union all select 1";
      await buildModel(node, query, await context(session, db, true));
      assert.deepEqual((await session.query("select count(*) from shop.orders")).rows, [["3"]]);
    },
  },
];
