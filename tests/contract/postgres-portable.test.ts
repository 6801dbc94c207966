import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { ResultTable, Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { loadLibrary } from "../../runner/api/portable/load-library.ts";
import { JOINS, KINDS, TYPES } from "../../runner/plan/portable/known.ts";
import { REWRITTEN, nameOf } from "../../runner/plan/portable/rewrite.ts";
import { toTarget } from "../../runner/plan/portable/to-target.ts";
import { expressionOf, objectsIn } from "../../runner/plan/portable/walk.ts";
import { databaseForTests } from "../support/postgres.ts";
import {
  aggregates,
  expressions,
  queries,
  refusedAggregates,
  refusedExpressions,
  refusedQueries,
} from "./portable-sql.ts";
import { memoryTarget } from "../support/memory-target.ts";
import { postgresTarget } from "./postgres-target.ts";

const library = await loadLibrary();

const server = await databaseForTests();

const ofRow = (sql: string): string =>
  `select id, ${sql} as v from t${sql.endsWith("over w") ? " window w as (order by id)" : ""} order by id`;
const ofAll = (sql: string): string => `select ${sql} as v from t`;
const same = [...expressions.map(ofRow), ...aggregates.map(ofAll), ...queries];
const refused = [
  ...refusedExpressions.map(([sql, why]) => [ofRow(sql), why] as const),
  ...refusedAggregates.map(([sql, why]) => [ofAll(sql), why] as const),
  ...refusedQueries,
];

const TABLE = `create table t as select id, cast(i as integer) as i, cast(k as integer) as k, cast(m as decimal(10,2)) as m,
  cast(x as double precision) as x, cast(s as varchar) as s, cast(u as varchar) as u, cast(d as date) as d, cast(ts as timestamp) as ts, b
from (values (1, 7, 2, 2.5, 0.1, 'Hello', 'a_b', '2024-01-31', '2024-02-29 13:45:10', true),
  (2, -7, 2, -2.5, 1e10, 'wörld ', '', '2023-12-31', '2023-12-31 23:59:59.5', false), (3, null, 0, null, null, null, null, null, null, null),
  (4, 0, 3, 3.5, 2.675, 'Y16-24', 'x,y,z', '2024-12-30', '2024-12-30 00:00:00', true)) v(id, i, k, m, x, s, u, d, ts, b)`;

/** Numbers as numbers, to fifteen digits, whatever type an engine gives a whole one. */
const normal = ({ columns, rows }: ResultTable): string =>
  JSON.stringify([
    columns.map(({ name }) => name),
    rows.map((row) =>
      row.map((cell) => {
        const isNumber =
          typeof cell === "number" || (typeof cell === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell));
        return isNumber ? Number(Number(cell).toPrecision(15)) : cell;
      }),
    ),
  ]);

describe("portable SQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  let here: Session;
  let there: Session;
  before(async () => {
    here = await (await openAdapter(memoryTarget)).session();
    there = await (await openAdapter(postgresTarget(server.url))).session();
    for (const session of [here, there]) await session.run(TABLE);
  });

  /** Many in one query, which takes as long as one; one by one when that fails. */
  const together = [
    `select id, ${expressions.map((sql, i) => `${sql} as v${i}`).join(", ")} from t window w as (order by id) order by id`,
    `select ${aggregates.map((sql, i) => `${sql} as v${i}`).join(", ")} from t`,
    ...queries,
  ];

  test("gives the same rows on both engines", async () => {
    const differing = async (list: readonly string[]): Promise<string[]> => {
      const wrong: string[] = [];
      for (const sql of list) {
        const a = normal(await here.query(sql));
        const made = toTarget(sql, library);
        const b =
          "sql" in made
            ? await there.query(made.sql).then(normal, (error: Error) => error.message)
            : JSON.stringify(made.problems);
        if (a !== b) wrong.push(`${sql}\n  ${a}\n  ${b}`);
      }
      return wrong;
    };
    const wrong = await differing(together);
    if (wrong.length > 0) assert.equal((await differing(same)).join("\n"), "");
  });

  test("is refused where it would not, with what it is", () => {
    const wrong = refused.flatMap(([sql, why]) => {
      const made = toTarget(sql, library);
      const said = "sql" in made ? `translated: ${made.sql}` : made.problems[0]!.message;
      return said.includes(why) ? [] : [`${sql}\n  ${why}\n  ${said}`];
    });
    assert.equal(wrong.join("\n"), "");
  });

  test("nothing is allowed that no query here shows", () => {
    const [kinds, types, joins] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const sql of same) {
      const parsed = library.parse(sql);
      for (const each of objectsIn("tree" in parsed ? parsed.tree : null)) {
        if (typeof each["data_type"] === "string") types.add(each["data_type"]);
        const all = Array.isArray(each["joins"]) ? (each["joins"] as { kind: string }[]) : [];
        for (const { kind } of all) joins.add(kind);
        const found = expressionOf(each);
        if (found === undefined) continue;
        const isFunction = /^(aggregate_)?function$/.test(found.kind);
        const name = nameOf(found.kind, found.body);
        if (!(isFunction && name in REWRITTEN)) kinds.add(isFunction ? `${name}()` : name);
      }
    }
    const sorted = (names: Iterable<string>): string[] => Array.from(names).toSorted();
    assert.deepEqual(sorted(KINDS), sorted(kinds));
    assert.deepEqual(sorted(TYPES), sorted(types));
    assert.deepEqual(sorted(JOINS), sorted(joins));
  });
});
