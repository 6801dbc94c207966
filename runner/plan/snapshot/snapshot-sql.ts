import type { Dialect } from "../../dialects/dialect.ts";
import type { Relation, SnapshotNode } from "../../graph/types.ts";

/** What the queries of one snapshot are made of; identifiers quoted. */
export type SnapshotParts = {
  readonly node: SnapshotNode;
  readonly dialect: Dialect;
  /** The source's columns now, as the query gives them. */
  readonly columns: readonly string[];
  /** Columns that `check` compares, which of them have another type in the table, and whether the table lacks one of them. */
  readonly compared: readonly string[];
  readonly retyped: readonly string[];
  readonly isColumnNew: boolean;
  /** When the run looked, as an SQL timestamp. */
  readonly now: string;
  /** The source as it is now, in a temporary table. */
  readonly fresh: Relation;
};

/** dbt's `dbt_scd_id`: the md5 of the key's columns and the time, as text, joined with `|`. */
export const versionId = (keys: readonly string[], at: string, dialect: Dialect): string =>
  dialect.md5([...keys, at].map((part) => `coalesce(cast(${part} as varchar), '')`).join(" || '|' || "));

/** Names and expressions that recur, quoted. */
export function vocabulary({ node, dialect, now }: Pick<SnapshotParts, "node" | "dialect" | "now">) {
  const { config } = node;
  const quote = (name: string): string => dialect.quoteIdentifier(name);
  const names = config.snapshot_meta_column_names;
  const validTo = quote(names.dbt_valid_to);
  const end = config.dbt_valid_to_current;
  return {
    keys: config.unique_key.map(quote),
    /** When the source says that a row changed, else when we looked. */
    updated: config.updated_at === null ? now : quote(config.updated_at),
    scdId: quote(names.dbt_scd_id),
    updatedAt: quote(names.dbt_updated_at),
    validFrom: quote(names.dbt_valid_from),
    validTo,
    isDeleted: quote(names.dbt_is_deleted),
    notesDeletes: config.hard_deletes === "new_record",
    /** The end of a row that holds still, of the type of `like`. */
    open: (like: string): string =>
      end === null ? `nullif(${like}, ${like})` : `coalesce(nullif(${like}, ${like}), ${end})`,
    isOpen: end === null ? `(${validTo} is null)` : `(${validTo} is null or ${validTo} = ${end})`,
  };
}

/** Rows of the source that say two things of one key at one time; there may be none. */
export function duplicatesQuery(parts: SnapshotParts): string {
  const { keys, updated } = vocabulary(parts);
  const by = parts.node.config.updated_at === null ? keys : [...keys, updated];
  return `select ${by.join(", ")}, count(*) as copies from ${parts.dialect.quoteRelation(parts.fresh)}
group by ${by.join(", ")} having count(*) > 1 limit 1`;
}

/**
 * The versions to add, one row each: the source's columns, then `statloom_from` and `statloom_to` (null: holds still), and
 * `statloom_old`, the id of the row that the first new version of a key closes.
 *
 * A source that is itself a history gives several rows a key: those newer than what is kept come in their order, each closing the one
 * before. A row older than what is kept counts when it is the newest of its key, as of the time we looked. `check` leaves out what
 * does not differ from the version before it.
 */
export function versionsQuery(parts: SnapshotParts, isFirst: boolean): string {
  const { node, dialect, columns, compared, isColumnNew, now, fresh } = parts;
  const words = vocabulary(parts);
  const { keys, updated } = words;
  const byKey = keys.map((key) => `source.${key}`).join(", ");
  const isCheck = node.config.strategy === "check";
  const list = columns.map((name) => dialect.quoteIdentifier(name));
  const sourceUpdated = node.config.updated_at === null ? updated : `source.${updated}`;
  const target = dialect.quoteRelation(node.relation);
  const current = isFirst
    ? ""
    : `,
held as ${heldRows(parts)},
past as (
  select ${keys.join(", ")}, max(${words.validTo}) as statloom_until
  from ${target} where not ${words.isOpen} group by ${keys.join(", ")}
)`;
  const join = isFirst
    ? ""
    : `left join held on ${dialect.sameRow("source", "held", keys)} left join past on ${dialect.sameRow("source", "past", keys)}`;
  // What stands for "there is such a row": an id is never null.
  const known = isFirst ? "1 = 0" : `held.${words.scdId} is not null`;
  const gone = isFirst || !words.notesDeletes ? "1 = 0" : `${known} and held.${words.isDeleted} = 'True'`;
  // A row that has a time at last is news of one that had none. What came before a row that is there, or before one that was closed when the source lost it, is no news.
  const isOld = isFirst
    ? "1 = 0"
    : `case when ${known} then coalesce(${sourceUpdated} <= held.${words.validFrom}, ${sourceUpdated} is null) else coalesce(${sourceUpdated} < past.statloom_until, 1 = 0) end`;
  // A row that came back holds from then on, later than the source says: what the source says of it since is news all the same.
  const isLate = isFirst ? "1 = 0" : `${known} and ${sourceUpdated} > held.${words.updatedAt}`;
  const from = isFirst ? sourceUpdated : `case when ${isOld} then ${now} else ${sourceUpdated} end`;
  // Compared with the version before: an earlier one of this run, else what is held.
  const changedSinceHeld = isColumnNew ? "1 = 1" : differsFromHeld(parts);
  const changed = isCheck
    ? `statloom_nth > 1 and ${compared.length === 0 ? "1 = 0" : "statloom_differs"}
    or statloom_nth = 1 and (statloom_is_new or statloom_is_changed)`
    : `statloom_is_new or statloom_is_changed or statloom_is_newer`;
  // All of them at once: PostgreSQL gives 1,664 columns at most, and a table may have 1,600 of its own.
  const row = `row(${compared.join(", ")})`;
  const differsFromLast =
    isCheck && compared.length > 0
      ? `,\n    ${row} is distinct from lag(${row}) over by_key as statloom_differs`
      : "";
  return `with source as (select * from ${dialect.quoteRelation(fresh)})${current},
candidates as (
  select ${list.map((name) => `source.${name}`).join(", ")}, ${sourceUpdated} as statloom_updated,
    ${from} as statloom_from, ${isFirst ? "cast(null as varchar)" : `held.${words.scdId}`} as statloom_old,
    not (${known}) as statloom_is_new,
    ${isFirst ? "1 = 0" : isCheck ? `(${gone}) or (${changedSinceHeld})` : `(${gone}) or (${isLate})`} as statloom_is_changed,
    not (${isOld}) as statloom_is_newer,
    row_number() over (partition by ${byKey} order by ${sourceUpdated} desc) as statloom_last
  from source ${join}
),
ordered as (
  select *, row_number() over by_key as statloom_nth${differsFromLast}
  from candidates where statloom_is_newer or statloom_last = 1
  window by_key as (partition by ${keys.join(", ")} order by statloom_updated)
),
versions as (select * from ordered where ${changed})
select ${list.join(", ")}, statloom_updated, statloom_from, statloom_old,
  lead(statloom_from) over (partition by ${keys.join(", ")} order by statloom_updated) as statloom_to,
  row_number() over (partition by ${keys.join(", ")} order by statloom_updated) as statloom_nth
from versions`;
}

/** From so many columns on they are compared as one value: the two sides of a join would be more than the 1,664 columns that PostgreSQL gives. */
const WIDE = 400;

/** What is held, in as few columns as it takes where there are many. */
function heldRows(parts: SnapshotParts): string {
  const { node, dialect, compared, retyped, isColumnNew } = parts;
  const words = vocabulary(parts);
  const from = `from ${dialect.quoteRelation(node.relation)} where ${words.isOpen}`;
  if (parts.columns.length < WIDE) return `(select * ${from})`;
  const times = [words.validFrom, words.updatedAt];
  const own = [...words.keys, words.scdId, ...times, ...(words.notesDeletes ? [words.isDeleted] : [])];
  const alike = compared.filter((column) => !retyped.includes(column));
  const more = isColumnNew || alike.length === 0 ? [] : [`row(${alike.join(", ")}) as statloom_row`];
  // Made by itself: a server that looks through it would have all columns on its way to the comparison.
  return `materialized (select ${[...new Set([...own, ...retyped, ...more])].join(", ")} ${from})`;
}

function differsFromHeld({ columns, compared, retyped }: SnapshotParts): string {
  if (compared.length === 0) return "1 = 0";
  const isWide = columns.length >= WIDE;
  const alone = isWide ? retyped : compared;
  const alike = isWide ? compared.filter((column) => !retyped.includes(column)) : [];
  return [
    ...(alike.length === 0
      ? []
      : [`row(${alike.map((column) => `source.${column}`).join(", ")}) is distinct from held.statloom_row`]),
    ...alone.map((column) => `source.${column} is distinct from held.${column}`),
  ].join(" or ");
}
