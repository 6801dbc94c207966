import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Adapter, Session } from "../../../runner/adapters/adapter.ts";
import { OperationError } from "../../../runner/base/errors.ts";
import { buildSnapshot } from "../../../runner/execute/build-snapshot.ts";
import type { SnapshotConfig } from "../../../runner/graph/types.ts";
import { snapshotNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";
import { failure } from "./errors.ts";

type Config = Partial<SnapshotConfig>;
export const timestamp: Config = { strategy: "timestamp", updated_at: "changed" };
export const check: Config = { strategy: "check", check_cols: ["value"] };

/** `day(3)` as SQL, and as text that a cell has. */
const day = (n: number): string => `timestamp '2024-01-${String(n).padStart(2, "0")} 00:00:00'`;
export const text = (n: number): string => `2024-01-${String(n).padStart(2, "0")} 00:00:00`;

/** Takes a snapshot of rows `(id, value, changed)` on a day of January 2024; 9.5 is the ninth at noon. */
export async function snap(
  session: Session,
  db: Adapter,
  config: Config,
  today: number,
  query: string,
): Promise<number | null> {
  const node = snapshotNode("kept", config);
  const now = Math.round(Date.UTC(2024, 0, 1) + (today - 1) * 86_400_000);
  const { rows } = await buildSnapshot(node, query, now, await context(session, db));
  assert.deepEqual(Array.from((await session.listRelations("shop")).keys()), ["kept"]);
  return rows;
}

export const rows = (
  ...list: readonly (readonly [id: number | string, value: string | null, changed: number])[]
): string =>
  `select * from (values ${list
    .map(
      ([id, value, changed]) =>
        `(${id}, ${value === null ? "cast(null as varchar)" : `'${value}'`}, ${day(changed)})`,
    )
    .join(", ")}) as t(id, value, changed)`;

/** id, value, from, to of every version. */
export const history = async (session: Session, more = ""): Promise<unknown> =>
  (
    await session.query(
      `select id, value, dbt_valid_from, dbt_valid_to${more} from shop.kept order by id, dbt_valid_from, dbt_valid_to`,
    )
  ).rows;

export const snapshotCases: readonly ContractCase[] = [
  {
    title: "what is gone is noted to the millisecond, in the type of updated_at",
    async body(session, db) {
      const gone = 9 + 905 / 86_400_000;
      for (const type of ["timestamp", "timestamp with time zone"]) {
        const typed = (query: string): string =>
          `select id, value, cast(changed as ${type}) as changed from (${query}) as of_type`;
        const config: Config = { ...timestamp, hard_deletes: "new_record" };
        await snap(session, db, config, 5, typed(rows([1, "a", 1], [2, "b", 2])));
        await snap(session, db, config, gone, typed(rows([1, "a", 1])));
        const { rows: found } = await session.query(
          "select cast(date_part('epoch', dbt_valid_from) * 1000 as bigint) from shop.kept where dbt_is_deleted = 'True'",
        );
        assert.deepEqual(found, [[String(Date.UTC(2024, 0, 9) + 905)]], type);
        await session.run("drop table shop.kept");
      }
    },
  },
  {
    title: "a timestamp snapshot closes what changed and adds it again; dbt_scd_id is dbt's",
    async body(session, db) {
      assert.equal(await snap(session, db, timestamp, 5, rows([1, "a", 1], [2, "b", 2])), 2);
      assert.equal(await snap(session, db, timestamp, 9, rows([1, "A", 7], [2, "B", 2], [3, "c", 8])), 2);
      assert.deepEqual(await history(session), [
        [1, "a", text(1), text(7)],
        [1, "A", text(7), null],
        [2, "b", text(2), null],
        [3, "c", text(8), null],
      ]);
      const ids = await session.query(
        "select dbt_scd_id, dbt_updated_at from shop.kept order by id, dbt_valid_from",
      );
      const md5 = (id: number, n: number): string =>
        createHash("md5")
          .update(`${id}|${text(n)}`)
          .digest("hex");
      assert.deepEqual(ids.rows, [
        [md5(1, 1), text(1)],
        [md5(1, 7), text(7)],
        [md5(2, 2), text(2)],
        [md5(3, 8), text(8)],
      ]);
      const names = (await session.query("select * from shop.kept")).columns.map(({ name }) => name);
      assert.deepEqual(names.slice(3), ["dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to"]);
      assert.equal(await snap(session, db, timestamp, 10, rows([1, "A", 7], [2, "B", 2], [3, "c", 8])), 0);
    },
  },
  {
    title: "a check snapshot compares columns, nulls too, as of the time it looked",
    async body(session, db) {
      await snap(session, db, check, 5, rows([1, "a", 1], [2, null, 1], [3, "c", 1], [4, null, 1]));
      await snap(session, db, check, 6, rows([1, "a", 9], [2, "b", 1], [3, null, 1], [4, null, 9]));
      assert.deepEqual(await history(session), [
        [1, "a", text(5), null],
        [2, null, text(5), text(6)],
        [2, "b", text(6), null],
        [3, "c", text(5), text(6)],
        [3, null, text(6), null],
        [4, null, text(5), null],
      ]);
      const all = { ...check, check_cols: "all" } as const;
      await snap(session, db, all, 7, rows([1, "a", 9], [2, "b", 1], [3, null, 1], [4, null, 9]));
      const changed = (await history(session)) as unknown[][];
      assert.deepEqual(
        changed.filter(([, , from]) => from === text(7)).map(([id]) => id),
        [1, 4],
      );
    },
  },
  {
    title: "a key of several columns is compared as a row, nulls equal",
    async body(session, db) {
      const config = { ...check, unique_key: ["id", "part"], check_cols: ["value"] };
      const query = (v: string): string =>
        `select * from (values (1, 'a', '${v}'), (1, null, '${v}'), (2, 'a', 'x')) as t(id, part, value)`;
      await snap(session, db, config, 5, query("x"));
      await snap(session, db, config, 6, query("y"));
      assert.deepEqual(
        (
          await session.query(
            "select id, part, value from shop.kept where dbt_valid_to is null order by 1, 2, 3",
          )
        ).rows,
        [
          [1, "a", "y"],
          [1, null, "y"],
          [2, "a", "x"],
        ],
      );
      assert.equal((await session.query("select * from shop.kept")).rows.length, 5);
    },
  },
  {
    title: "a source that is a history gives each change of a key its own version",
    async body(session, db) {
      const early = rows([1, "a", 1], [1, "b", 2], [2, "x", 1]);
      const late = rows([1, "a", 1], [1, "b", 2], [1, "c", 3], [1, "c", 4], [1, "d", 6], [2, "x", 1]);
      const expected = (skipsSame: boolean): unknown => [
        [1, "a", text(1), text(2)],
        [1, "b", text(2), text(3)],
        [1, "c", text(3), text(skipsSame ? 6 : 4)],
        ...(skipsSame ? [] : [[1, "c", text(4), text(6)]]),
        [1, "d", text(6), null],
        [2, "x", text(1), null],
      ];
      for (const config of [timestamp, { ...check, updated_at: "changed" }]) {
        const isCheck = config.strategy === "check";
        await snap(session, db, config, 5, early);
        await snap(session, db, config, 9, late);
        assert.deepEqual(await history(session), expected(isCheck), config.strategy);
        await snap(session, db, config, 10, late);
        assert.deepEqual(await history(session), expected(isCheck), "again");
        await session.run("drop table shop.kept");
        await snap(session, db, config, 9, late);
        assert.deepEqual(await history(session), expected(isCheck), "all at once");
        await session.run("drop table shop.kept");
      }
    },
  },
  {
    title: "hard deletes are ignored, close a row, or are noted with the values it had",
    async body(session, db) {
      for (const strategy of [timestamp, check]) {
        const from = strategy === timestamp ? 1 : 5;
        const both = rows([1, "a", 1], [2, "b", 1]);
        const one = rows([1, "a", 1]);
        const take = async (hard_deletes: SnapshotConfig["hard_deletes"]): Promise<unknown> => {
          const config = { ...strategy, hard_deletes };
          await snap(session, db, config, 5, both);
          await snap(session, db, config, 6, one);
          await snap(session, db, config, 7, one);
          const found = await history(session, hard_deletes === "new_record" ? ", dbt_is_deleted" : "");
          await session.run("drop table shop.kept");
          return (found as unknown[][]).filter(([id]) => id === 2);
        };
        assert.deepEqual(await take("ignore"), [[2, "b", text(from), null]]);
        assert.deepEqual(await take("invalidate"), [[2, "b", text(from), text(6)]]);
        assert.deepEqual(await take("new_record"), [
          [2, "b", text(from), text(6), "False"],
          [2, "b", text(6), null, "True"],
        ]);
      }
    },
  },
  {
    title: "noting deletions from now on adds the column to what was kept",
    async body(session, db) {
      const both = rows([1, "a", 1], [2, "b", 1]);
      await snap(session, db, timestamp, 5, both);
      await snap(session, db, { ...timestamp, hard_deletes: "new_record" }, 6, rows([1, "A", 6]));
      assert.deepEqual(await history(session, ", dbt_is_deleted"), [
        [1, "a", text(1), text(6), "False"],
        [1, "A", text(6), null, "False"],
        [2, "b", text(1), text(6), "False"],
        [2, "b", text(6), null, "True"],
      ]);
    },
  },
  {
    title: "a new column of the source is added; with check all every row is a new version, as in dbt",
    async body(session, db) {
      const before = rows([1, "a", 1], [2, "b", 1]);
      const after = `select s.*, case when id = 1 then 'new' end as more from (${rows([1, "A", 6], [2, "b", 1])}) as s`;
      await snap(session, db, timestamp, 5, before);
      await snap(session, db, timestamp, 6, after);
      assert.deepEqual(await history(session, ", more"), [
        [1, "a", text(1), text(6), null],
        [1, "A", text(6), null, "new"],
        [2, "b", text(1), null, null],
      ]);
      assert.equal(
        await snap(session, db, timestamp, 7, rows([1, "Z", 7], [2, "b", 1])),
        1,
        "and may go again",
      );
      await session.run("drop table shop.kept");
      const all = { ...check, check_cols: "all" } as const;
      await snap(session, db, all, 5, before);
      assert.equal(await snap(session, db, all, 6, after), 2);
    },
  },
  {
    title: "columns and the end of current rows are named as configured",
    async body(session, db) {
      const config: Config = {
        ...timestamp,
        hard_deletes: "invalidate",
        dbt_valid_to_current: "timestamp '9999-12-31 00:00:00'",
        snapshot_meta_column_names: {
          dbt_scd_id: "id of version",
          dbt_updated_at: "updated",
          dbt_valid_from: "from",
          dbt_valid_to: "to",
          dbt_is_deleted: "deleted",
        },
      };
      await snap(session, db, config, 5, rows([1, "a", 1], [2, "b", 1]));
      await snap(session, db, config, 6, rows([1, "A", 6]));
      await snap(session, db, config, 7, rows([1, "A", 6]));
      assert.deepEqual(
        (await session.query('select id, value, "from", "to" from shop.kept order by 1, 3')).rows,
        [
          [1, "a", text(1), text(6)],
          [1, "A", text(6), "9999-12-31 00:00:00"],
          [2, "b", text(1), text(6)],
        ],
      );
    },
  },
  {
    title: "a snapshot that fails, or whose keys are not unique, leaves what was kept",
    async body(session, db) {
      await snap(session, db, timestamp, 5, rows([1, "a", 1]));
      await failure(snap(session, db, timestamp, 6, "select nope"));
      await assert.rejects(
        snap(session, db, timestamp, 6, rows([1, "b", 6], [2, "x", 6], [2, "y", 6])),
        (error) =>
          error instanceof OperationError &&
          error.code === "SNAPSHOT_KEY_DUPLICATE" &&
          /"kept" cannot be told apart: id = 2, changed = 2024-01-06 00:00:00, copies = 2/.test(
            error.message,
          ),
      );
      await assert.rejects(
        snap(session, db, check, 6, rows([2, "x", 6], [2, "y", 7])),
        /cannot be told apart: id = 2, copies = 2/,
      );
      assert.deepEqual(await history(session), [[1, "a", text(1), null]]);
      await session.run("alter table shop.kept add column bad integer");
      const bad = `select s.*, 'x' as bad from (${rows([1, "b", 6])}) as s`;
      await assert.rejects(
        snap(session, db, timestamp, 6, bad),
        (error) =>
          error instanceof OperationError && /"bad" is .* keeps it as integer,.*x/i.test(error.message),
      );
      assert.deepEqual(await history(session), [[1, "a", text(1), null]]);
    },
  },
  {
    title: "a value that the type of a kept column would change is refused, one that fits is kept",
    async body(session, db) {
      const numbers = (value: string): string => `select 1 as id, ${value} as value, ${day(5)} as changed`;
      const values = async (): Promise<unknown> =>
        (await session.query("select value from shop.kept order by dbt_valid_from")).rows.flat();
      await snap(session, db, check, 5, numbers("cast(10 as integer)"));
      await snap(session, db, check, 6, numbers("cast(10 as double precision)"));
      await snap(session, db, check, 7, numbers("cast(11 as double precision)"));
      assert.deepEqual(await values(), [10, 11]);
      await assert.rejects(
        snap(session, db, check, 8, numbers("cast(9.7 as double precision)")),
        (error) =>
          error instanceof OperationError &&
          error.code === "SNAPSHOT_TYPE" &&
          /"value" is double.* now, and snapshot "kept" keeps it as integer, .*: value = 9\.7$/i.test(
            error.message,
          ) &&
          /alter table "shop"\."kept" alter column "value" type double/i.test(error.hint ?? ""),
      );
      assert.deepEqual(await values(), [10, 11]);
      await session.run("alter table shop.kept alter column value type double precision");
      await snap(session, db, check, 9, numbers("cast(9.7 as double precision)"));
      assert.deepEqual(await values(), [10, 11, 9.7]);
    },
  },
  {
    title: "what does not fit a snapshot is told, all of it",
    async body(session, db) {
      const config = { ...check, unique_key: ["idd"], check_cols: ["valeu"], updated_at: "chnged" };
      await assert.rejects(snap(session, db, config, 5, rows([1, "a", 1])), (error) => {
        const message = (error as Error).message;
        for (const name of [
          'unique_key names "idd"',
          'check_cols names "valeu"',
          'updated_at names "chnged"',
        ]) {
          assert.ok(message.includes(name), message);
        }
        return true;
      });
      await assert.rejects(
        snap(
          session,
          db,
          timestamp,
          5,
          "select 1 as id, timestamp '2024-01-01' as changed, 1 as dbt_valid_to",
        ),
        /COLUMN_TAKEN .*"dbt_valid_to"[\s\S]*snapshot_meta_column_names: \{dbt_valid_to/,
      );
      await session.run("create table shop.kept as select 1 as id");
      await assert.rejects(
        snap(session, db, timestamp, 5, rows([1, "a", 1])),
        /SNAPSHOT_TABLE_INVALID .*lacks "dbt_scd_id"/,
      );
    },
  },
  {
    title: "a snapshot by dates keeps dates, deletions too",
    async body(session, db) {
      const config = { ...timestamp, hard_deletes: "new_record" } as const;
      const dates = (query: string): string =>
        `select id, value, cast(changed as date) as changed from (${query}) as s`;
      await snap(session, db, config, 5, dates(rows([1, "a", 1], [2, "b", 1])));
      await snap(session, db, config, 6, dates(rows([1, "A", 4])));
      assert.deepEqual(await history(session, ", dbt_is_deleted"), [
        [1, "a", "2024-01-01", "2024-01-04", "False"],
        [1, "A", "2024-01-04", null, "False"],
        [2, "b", "2024-01-01", "2024-01-06", "False"],
        [2, "b", "2024-01-06", null, "True"],
      ]);
    },
  },
  {
    title: "a row of very many columns is compared, with what is held and within a run",
    async body(session, db) {
      // Twice as many are more than PostgreSQL gives.
      const last = db.dialect.name === "postgres" ? 850 : 400;
      const columns = Array.from({ length: last + 1 }, (_, i) => `c${i}`);
      const wide = (...list: readonly (readonly [id: number, end: string, changed: number])[]): string =>
        list
          .map(
            ([id, end, changed]) =>
              `select ${id} as id, ${columns.map((name, i) => `${i === last ? end : i} as ${name}`).join(", ")}, ${day(changed)} as changed`,
          )
          .join(" union all ");
      const kept = async (): Promise<unknown> =>
        (
          await session.query(
            `select id, c${last}, dbt_valid_from, dbt_is_deleted from shop.kept order by id, dbt_valid_from`,
          )
        ).rows;
      const no = "cast(null as integer)";
      const config: Config = {
        strategy: "check",
        check_cols: columns,
        updated_at: "changed",
        hard_deletes: "new_record",
      };
      await snap(session, db, config, 2, wide([1, "7", 1], [2, no, 1]));
      const later = wide([1, "7", 2], [1, "8", 3], [1, "8", 4], [1, no, 5], [1, no, 6]);
      // A type that is another than the table's is no change of a value.
      await snap(session, db, config, 9, later.replaceAll(" 1 as c1,", " cast(1 as bigint) as c1,"));
      assert.deepEqual(await kept(), [
        [1, 7, text(1), "False"],
        [1, 8, text(3), "False"],
        [1, null, text(5), "False"],
        [2, null, text(1), "False"],
        [2, null, text(9), "True"],
      ]);
    },
  },
];
