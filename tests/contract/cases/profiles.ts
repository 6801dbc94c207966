import assert from "node:assert/strict";
import { profileRelation } from "../../../runner/checks/profile/profile.ts";
import type { ContractCase } from "../adapter-contract.ts";

export const profileCases: readonly ContractCase[] = [
  {
    title: "the profile of a relation: nulls, distinct values, order, quartiles, histogram, frequent values",
    async body(session, { dialect }) {
      const rows = Array.from(
        { length: 100 },
        (_, i) =>
          `(${i + 1}, ${i % 4 === 0 ? "null" : `'v${i % 3}'`}, date '2024-01-01', ${i % 2 === 0}, ${i === 99 ? 1000 : i / 10})`,
      );
      const text = `cast(null as ${dialect.type("text")})`;
      const query = `select n, t, d, b, cast(x as ${dialect.type("double")}) as x, ${text} as "empty ""one""" from (values ${rows.join(", ")}) as v(n, t, d, b, x)`;
      const from = dialect.subquery(query);
      const { rows: count, columns } = await profileRelation(
        session,
        from,
        await session.describe(query),
        dialect,
      );
      assert.equal(count, 100);
      const [n, t, d, b, x, empty] = columns;
      assert.deepEqual([n!.nulls, n!.distinct, n!.min, n!.max], [0, 100, "1", "100"]);
      assert.deepEqual(n!.quartiles, [25.75, 50.5, 75.25]);
      assert.deepEqual(n!.histogram, [10, 10, 10, 10, 10, 10, 10, 10, 10, 10]);
      assert.deepEqual(n!.top, [], "every value is there once");
      assert.deepEqual(
        [t!.nulls, t!.distinct, t!.min, t!.max, t!.quartiles, t!.histogram],
        [25, 3, "v0", "v2", null, null],
      );
      assert.deepEqual(t!.top, [
        { value: "v0", count: 25 },
        { value: "v1", count: 25 },
        { value: "v2", count: 25 },
      ]);
      assert.deepEqual(
        [d!.min, d!.max, d!.top],
        ["2024-01-01", "2024-01-01", [{ value: "2024-01-01", count: 100 }]],
      );
      assert.deepEqual([b!.min, b!.distinct], [null, 2]);
      assert.deepEqual(x!.histogram, [99, 0, 0, 0, 0, 0, 0, 0, 0, 1], "one value far off is seen");
      assert.deepEqual(
        [empty!.name, empty!.nulls, empty!.distinct, empty!.min],
        ['empty "one"', 100, 0, null],
      );
    },
  },
  {
    title: "a few whole numbers have a bar each, those between that are not there too",
    async body(session, { dialect }) {
      const query = "select n from (values (2016), (2017), (2017), (2020)) as v(n)";
      const { columns } = await profileRelation(
        session,
        dialect.subquery(query),
        await session.describe(query),
        dialect,
      );
      assert.deepEqual(columns[0]!.histogram, [1, 2, 0, 0, 1]);
    },
  },
  {
    title: "the profile of nothing is of nothing",
    async body(session, { dialect }) {
      const query = "select 1 as n where false";
      const profile = await profileRelation(
        session,
        dialect.subquery(query),
        await session.describe(query),
        dialect,
      );
      assert.equal(profile.rows, 0);
      assert.deepEqual(
        [profile.columns[0]!.nulls, profile.columns[0]!.min, profile.columns[0]!.quartiles],
        [0, null, null],
      );
    },
  },
];
