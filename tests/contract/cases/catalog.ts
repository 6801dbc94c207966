import assert from "node:assert/strict";
import type { ContractCase } from "../adapter-contract.ts";

export const catalogCases: readonly ContractCase[] = [
  {
    title: "relations of a schema are listed with their kind, and of that schema only",
    async body(session, { dialect }) {
      for (const schema of ["one", "two"]) await session.run(dialect.createSchema(schema));
      await session.run('create table one."A table" as select 1 as a');
      await session.run('create view one.v as select * from one."A table"');
      await session.run("create table two.t as select 1 as a");
      assert.deepEqual(
        await session.listRelations("one"),
        new Map([
          ["A table", "table"],
          ["v", "view"],
        ] as const),
      );
      assert.deepEqual(await session.listRelations("no such"), new Map());
    },
  },
  {
    title: "temporary tables are in no list",
    async body(session, { dialect }) {
      await session.run(dialect.createSchema("main"));
      const relation = dialect.temporaryRelation("t");
      await session.run(dialect.createTableAs(relation, "select 1 as a", "temporary"));
      assert.deepEqual((await session.query(`select a from ${dialect.quoteRelation(relation)}`)).rows, [[1]]);
      assert.deepEqual(await session.listRelations("main"), new Map());
    },
  },
  {
    title: "columns of tables and views come in order, with their types",
    async body(session, { dialect }) {
      await session.run(dialect.createSchema("one"));
      const types = ["integer", "bigint", "double", "text", "boolean", "date", "timestamp"] as const;
      const columns = types.map(
        (type, i) => `cast(null as ${dialect.type(type)}) as "${String.fromCharCode(122 - i)} x"`,
      );
      await session.run(`create table one.t as select ${columns.join(", ")}`);
      await session.run("create view one.v as select * from one.t");
      for (const identifier of ["t", "v"]) {
        const found = await session.columnsOf({ database: null, schema: "one", identifier });
        assert.deepEqual(
          found.map(({ name, type }) => [name, type.toLowerCase()]),
          types.map((type, i) => [`${String.fromCharCode(122 - i)} x`, dialect.type(type)]),
        );
      }
    },
  },
  {
    title: "the catalogue has tables, views, columns and comments of the schemas asked for",
    async body(session, { dialect }) {
      for (const schema of ["one", "two", "three"]) await session.run(dialect.createSchema(schema));
      await session.run(`create table one.t as select 1 as a, cast('x' as ${dialect.type("text")}) as b`);
      await session.run("create view two.v as select a from one.t");
      await session.run("create table three.hidden as select 1 as a");
      await session.run("comment on table one.t is 'it''s a table'");
      await session.run("comment on column one.t.b is 'second'");
      const found = await session.catalog(["two", "one"]);
      assert.deepEqual(
        found.map(({ relation, kind, comment }) => [relation.schema, relation.identifier, kind, comment]),
        [
          ["one", "t", "table", "it's a table"],
          ["two", "v", "view", null],
        ],
      );
      assert.deepEqual(
        found[0]?.columns.map(({ name, index, comment }) => [name, index, comment]),
        [
          ["a", 1, null],
          ["b", 2, "second"],
        ],
      );
      assert.deepEqual(
        found[1]?.columns.map(({ name }) => name),
        ["a"],
      );
      assert.deepEqual(await session.catalog([]), []);
    },
  },
];
