import { throwProblems } from "../../base/errors.ts";
import type { Relation, SnapshotNode } from "../../graph/types.ts";
import { checkIndexColumns, indexSteps } from "../indexes.ts";
import { nodeQuery } from "../node-query.ts";
import type { PlanContext } from "../plan-context.ts";
import { counted, statement } from "../statement.ts";
import type { Column, CurrentRelation, NodePlan, Step } from "../step.ts";
import { temporaryName } from "../temporary-name.ts";
import { checkSnapshot } from "./check-snapshot.ts";
import { duplicatesQuery, versionId, versionsQuery, vocabulary } from "./snapshot-sql.ts";
import type { SnapshotParts } from "./snapshot-sql.ts";

export type SnapshotContext = Pick<PlanContext, "dialect"> & {
  readonly queryColumns: readonly Column[];
  /** When the run looked, in milliseconds since 1970. */
  readonly now: number;
};

/**
 * Keeps the history of a query (slowly changing dimension, type 2): rows that changed since the last run are closed and added again,
 * in one transaction. Never rebuilt: what it holds cannot be queried again.
 * @throws ProjectError when configuration, query and table do not fit each other
 */
export function planSnapshot(
  node: SnapshotNode,
  sql: string,
  current: CurrentRelation,
  { dialect, queryColumns, now }: SnapshotContext,
): NodePlan {
  const columns = queryColumns.map(({ name }) => name);
  const all = [
    ...columns,
    ...Object.values(node.config.snapshot_meta_column_names),
    ...(current?.columns ?? []).map(({ name }) => name),
  ];
  throwProblems([
    ...checkSnapshot(node, columns, current, dialect),
    ...checkIndexColumns(node, all, dialect),
  ]);
  const query = nodeQuery(sql);
  const beside = (suffix: string): Relation =>
    dialect.temporaryRelation(
      temporaryName(`${node.relation.identifier}${suffix}`, dialect.maxIdentifierLength),
    );
  const [fresh, versions, gone] = [beside("__source"), beside("__versions"), beside("__gone")];
  const held = new Set(current?.columns.map(({ name }) => dialect.identifierKey(name)));
  const compared = comparedColumns(node, columns, dialect);
  const parts: SnapshotParts = {
    node,
    dialect,
    columns,
    compared: compared.map((name) => dialect.quoteIdentifier(name)),
    retyped: retypedColumns(compared, queryColumns, current?.columns ?? [], dialect),
    isColumnNew: current !== null && compared.some((name) => !held.has(dialect.identifierKey(name))),
    now: nowAs(node, queryColumns, now, dialect),
    fresh,
  };
  const isFirst = current === null;
  const made = [
    fresh,
    ...(isFirst ? [] : [versions]),
    ...(isFirst || node.config.hard_deletes === "ignore" ? [] : [gone]),
  ];
  const start: Step[] = [
    ...made.map((table) => statement("drop what an earlier run may have left", dialect.drop(table, "table"))),
    statement("look at the source", dialect.createTableAs(fresh, query, "temporary")),
    {
      kind: "assert-empty",
      label: "see that keys are unique",
      sql: duplicatesQuery(parts),
      code: "SNAPSHOT_KEY_DUPLICATE",
      message: `rows of snapshot "${node.name}" cannot be told apart`,
      hint: "unique_key must identify a row; in a history, together with updated_at",
    },
    ...heldTypeSteps(parts, current?.columns ?? [], queryColumns),
  ];
  const work =
    current === null
      ? [
          counted("create the table", dialect.createTableAs(node.relation, firstQuery(parts), "new")),
          ...indexSteps(node, node.relation, dialect),
        ]
      : updateSteps(parts, current.columns, queryColumns, versions, gone);
  return {
    uniqueId: node.uniqueId,
    description: `snapshot (${node.config.strategy})`,
    query,
    transaction: true,
    temporary: made,
    steps: [
      ...start,
      ...work,
      ...made.map((table) => statement("drop the temporary table", dialect.drop(table, "table"))),
    ],
  };
}

/**
 * A column keeps the type that it had first. Values that it would change, as a whole number does 9.7, are refused: they would be kept as
 * what the source never said, and be news in each run.
 */
function heldTypeSteps(
  { node, dialect, fresh }: SnapshotParts,
  table: readonly Column[],
  queryColumns: readonly Column[],
): Step[] {
  const held = new Map(table.map((column) => [dialect.identifierKey(column.name), column]));
  return queryColumns.flatMap(({ name, type }): Step[] => {
    const kept = held.get(dialect.identifierKey(name));
    if (kept === undefined || kept.type === type) return [];
    const quoted = dialect.quoteIdentifier(name);
    // As text, since not every type can be compared.
    const text = (value: string): string => `cast(${value} as ${dialect.type("text")})`;
    const asKept = `cast(cast(${quoted} as ${kept.type}) as ${type})`;
    return [
      {
        kind: "assert-empty",
        label: `see that "${name}" can be kept as ${kept.type}`,
        sql: `select ${quoted} from ${dialect.quoteRelation(fresh)} where ${text(quoted)} is distinct from ${text(asKept)} limit 1`,
        casts: true,
        code: "SNAPSHOT_TYPE",
        message: `"${name}" is ${type} now, and snapshot "${node.name}" keeps it as ${kept.type}, which would change its value`,
        hint: `change the column, and build again: ${dialect.changeColumnType(node.relation, { name: kept.name, type })}`,
      },
    ];
  });
}

/** `all`: everything but the key. */
function comparedColumns(
  { config }: SnapshotNode,
  columns: readonly string[],
  dialect: SnapshotContext["dialect"],
): readonly string[] {
  if (config.check_cols !== "all") return config.check_cols ?? [];
  const keys = new Set(config.unique_key.map((name) => dialect.identifierKey(name)));
  return columns.filter((name) => !keys.has(dialect.identifierKey(name)));
}

/** Those whose values have another type in the table: rows of two types are not compared, single values are. */
function retypedColumns(
  names: readonly string[],
  query: readonly Column[],
  table: readonly Column[],
  dialect: SnapshotContext["dialect"],
): readonly string[] {
  const typesOf = (columns: readonly Column[]): Map<string, string> =>
    new Map(columns.map(({ name, type }) => [dialect.identifierKey(name), type]));
  const [given, held] = [typesOf(query), typesOf(table)];
  return names
    .filter((name) => given.get(dialect.identifierKey(name)) !== held.get(dialect.identifierKey(name)))
    .map((name) => dialect.quoteIdentifier(name));
}

/** The time of the run as the source's own times are written: a date where they are dates. */
function nowAs(
  { config }: SnapshotNode,
  columns: readonly Column[],
  now: number,
  dialect: SnapshotContext["dialect"],
): string {
  const key = config.updated_at === null ? null : dialect.identifierKey(config.updated_at);
  const type = columns.find(({ name }) => dialect.identifierKey(name) === key)?.type;
  // To the millisecond: two runs within a second are two times.
  const text = new Date(now).toISOString().slice(0, 23).replace("T", " ");
  const zoned = type !== undefined && /with time zone/i.test(type);
  return `cast(${dialect.literal(zoned ? `${text}+00` : text)} as ${type ?? dialect.type("timestamp")})`;
}

/** The columns that a snapshot adds to each new version, in dbt's order. */
function versionColumns(parts: SnapshotParts): readonly (readonly [name: string, value: string])[] {
  const words = vocabulary(parts);
  return [
    [words.scdId, versionId(words.keys, "statloom_from", parts.dialect)],
    [words.updatedAt, "statloom_updated"],
    [words.validFrom, "statloom_from"],
    [words.validTo, `coalesce(statloom_to, ${words.open("statloom_from")})`],
    ...(words.notesDeletes ? ([[words.isDeleted, "'False'"]] as const) : []),
  ];
}

function firstQuery(parts: SnapshotParts): string {
  const list = parts.columns.map((name) => parts.dialect.quoteIdentifier(name));
  const added = versionColumns(parts).map(([name, value]) => `${value} as ${name}`);
  return `select ${[...list, ...added].join(", ")} from (\n${versionsQuery(parts, true)}\n) as versions`;
}

function updateSteps(
  parts: SnapshotParts,
  table: readonly Column[],
  queryColumns: readonly Column[],
  versions: Relation,
  gone: Relation,
): Step[] {
  const { node, dialect } = parts;
  const words = vocabulary(parts);
  const target = dialect.quoteRelation(node.relation);
  const list = parts.columns.map((name) => dialect.quoteIdentifier(name));
  const added = versionColumns(parts);
  const into = [...list, ...added.map(([name]) => name)].join(", ");
  const values = [...list, ...added.map(([, value]) => value)].join(", ");
  const from = dialect.quoteRelation(versions);
  return [
    ...columnSteps(parts, table, queryColumns),
    statement("find new versions", dialect.createTableAs(versions, versionsQuery(parts, false), "temporary")),
    ...deleteSteps(parts, table, gone),
    statement(
      "close what they replace",
      `update ${target} as held set ${words.validTo} = versions.statloom_from from ${from} as versions
where held.${words.scdId} = versions.statloom_old and versions.statloom_nth = 1`,
    ),
    counted("add them", `insert into ${target} (${into}) select ${values} from ${from} as versions`),
  ];
}

/** New columns of the source are added; those that are gone stay, empty in new versions. */
function columnSteps(
  { node, dialect }: SnapshotParts,
  table: readonly Column[],
  queryColumns: readonly Column[],
): Step[] {
  const held = new Set(table.map(({ name }) => dialect.identifierKey(name)));
  const isNew = ({ name }: Column): boolean => !held.has(dialect.identifierKey(name));
  const steps = queryColumns
    .filter(isNew)
    .map((column) => statement(`add the column "${column.name}"`, dialect.addColumn(node.relation, column)));
  const deleted = {
    name: node.config.snapshot_meta_column_names.dbt_is_deleted,
    type: dialect.type("text"),
  };
  if (node.config.hard_deletes !== "new_record" || !isNew(deleted)) return steps;
  const fill = `update ${dialect.quoteRelation(node.relation)} set ${dialect.quoteIdentifier(deleted.name)} = 'False'`;
  return [
    ...steps,
    statement(`add the column "${deleted.name}"`, dialect.addColumn(node.relation, deleted)),
    statement("what was kept so far was there", fill),
  ];
}

/** Keys that the source no longer has: closed, or closed and followed by a row that says so, with the values it had last. */
function deleteSteps(parts: SnapshotParts, table: readonly Column[], gone: Relation): Step[] {
  const { node, dialect, now, fresh } = parts;
  if (node.config.hard_deletes === "ignore") return [];
  const words = vocabulary(parts);
  const target = dialect.quoteRelation(node.relation);
  const match = dialect.sameRow("source", "held", words.keys);
  const stillThere = words.notesDeletes ? ` and held.${words.isDeleted} <> 'True'` : "";
  const find = `select held.* from (select * from ${target} where ${words.isOpen}) as held
where not exists (select 1 from ${dialect.quoteRelation(fresh)} as source where ${match})${stillThere}`;
  const from = dialect.quoteRelation(gone);
  const close = `update ${target} as held set ${words.validTo} = ${now} from ${from} as gone
where held.${words.scdId} = gone.${words.scdId}`;
  const steps = [
    statement("find what is gone", dialect.createTableAs(gone, find, "temporary")),
    statement("close what is gone", close),
  ];
  if (!words.notesDeletes) return steps;
  const meta = new Map([
    [words.scdId, versionId(words.keys, now, dialect)],
    [words.updatedAt, now],
    [words.validFrom, now],
    [words.validTo, words.open(now)],
    [words.isDeleted, "'True'"],
  ]);
  const own = new Set(Array.from(meta.keys(), (name) => dialect.identifierKey(name)));
  const kept = table
    .map(({ name }) => dialect.quoteIdentifier(name))
    .filter((name) => !own.has(dialect.identifierKey(name)));
  const note = `insert into ${target} (${[...kept, ...meta.keys()].join(", ")})
select ${[...kept, ...meta.values()].join(", ")} from ${from} as gone`;
  return [...steps, statement("note that it is gone", note)];
}
