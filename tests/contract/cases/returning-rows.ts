import assert from "node:assert/strict";
import type { ContractCase } from "../adapter-contract.ts";
import { check, history, rows, snap, text, timestamp } from "./snapshots.ts";

/** Rows that a snapshot has seen go and come back, or without a time. */
export const returningRowCases: readonly ContractCase[] = [
  {
    title: "a row that had no time is closed by one that has it; what has none is no news",
    async body(session, db) {
      const at = (value: string, changed: string): string =>
        `select 1 as id, '${value}' as value, cast(${changed} as timestamp) as changed`;
      await snap(session, db, timestamp, 5, at("a", "null"));
      await snap(session, db, timestamp, 6, at("b", "null"));
      assert.deepEqual(await history(session), [[1, "a", null, null]]);
      await snap(session, db, timestamp, 7, at("c", `'${text(6)}'`));
      await snap(session, db, timestamp, 8, at("c", `'${text(6)}'`));
      const { rows: kept } = await session.query(
        "select value, dbt_valid_from, dbt_valid_to from shop.kept order by value",
      );
      assert.deepEqual(kept, [
        ["a", null, text(6)],
        ["c", text(6), null],
      ]);
    },
  },
  {
    title: "a row that comes back after it was deleted holds from then on",
    async body(session, db) {
      const [both, one] = [rows([1, "a", 1], [2, "b", 1]), rows([1, "a", 1])];
      for (const strategy of [timestamp, check]) {
        const first = strategy === timestamp ? 1 : 5;
        const config = { ...strategy, hard_deletes: "new_record" } as const;
        for (const [today, query] of [
          [5, both],
          [6, one],
          [7, both],
          [8, both],
        ] as const) {
          await snap(session, db, config, today, query);
        }
        assert.deepEqual(((await history(session, ", dbt_is_deleted")) as unknown[][]).slice(1), [
          [2, "b", text(first), text(6), "False"],
          [2, "b", text(6), text(7), "True"],
          [2, "b", text(7), null, "False"],
        ]);
        const ids = await session.query("select count(distinct dbt_scd_id), count(*) from shop.kept");
        assert.deepEqual(ids.rows, [["4", "4"]], "each version has its own id");
        await session.run("drop table shop.kept");
        const invalidate = { ...strategy, hard_deletes: "invalidate" } as const;
        for (const [today, query] of [
          [5, both],
          [6, one],
          [7, both],
        ] as const) {
          await snap(session, db, invalidate, today, query);
        }
        assert.deepEqual(((await history(session)) as unknown[][]).slice(1), [
          [2, "b", text(first), text(6)],
          [2, "b", text(7), null],
        ]);
        await session.run("drop table shop.kept");
      }
    },
  },
  {
    title: "what the source says of a row that came back is news, although it was before that",
    async body(session, db) {
      for (const hard_deletes of ["invalidate", "new_record"] as const) {
        const config = { ...timestamp, hard_deletes };
        const back = rows([1, "a", 1], [2, "b", 1]);
        const later = rows([1, "a", 1], [2, "c", 4]);
        for (const [today, query] of [
          [5, back],
          [6, rows([1, "a", 1])],
          [7, back],
          [8, later],
          [9, later],
          [10, rows([1, "a", 1], [2, "d", 10])],
        ] as const) {
          await snap(session, db, config, today, query);
        }
        const versions = (await history(session, ", dbt_updated_at")) as unknown[][];
        const gone = hard_deletes === "new_record" ? [[2, "b", text(6), text(7), text(6)]] : [];
        assert.deepEqual(versions.slice(1), [
          [2, "b", text(1), text(6), text(1)],
          ...gone,
          [2, "b", text(7), text(8), text(1)],
          [2, "c", text(8), text(10), text(4)],
          [2, "d", text(10), null, text(10)],
        ]);
        await session.run("drop table shop.kept");
      }
    },
  },
];
