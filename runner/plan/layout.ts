import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import type { Dialect, PartitionNames } from "../dialects/dialect.ts";
import type { ModelNode, Partitioning, Relation, RelationNode } from "../graph/types.ts";
import { counted, statement } from "./statement.ts";
import type { Step } from "./step.ts";
import { temporaryName } from "./temporary-name.ts";

/** More of them make every query slow to plan, and may be more than the server can lock at once. */
const MOST_PARTITIONS = 1000;

/** How the engine divides a node's table; null: it does not. */
export const partitioningOf = (node: RelationNode, dialect: Dialect): Partitioning | null =>
  node.resourceType === "model" && dialect.partitions !== null ? node.config.partitioning : null;

/** Makes `target` of what a query gives, kept and divided as the model says. */
export function tableSteps(
  node: ModelNode,
  target: Relation,
  query: string,
  label: string,
  dialect: Dialect,
): { readonly steps: readonly Step[]; readonly temporary: readonly Relation[] } {
  if (partitioningOf(node, dialect) === null) {
    const how = node.config.unlogged ? "unlogged" : "new";
    return { steps: [counted(label, dialect.createTableAs(target, query, how))], temporary: [] };
  }
  const name = temporaryName(`${node.relation.identifier}__rows`, dialect.maxIdentifierLength);
  const fresh = dialect.temporaryRelation(name);
  const from = dialect.quoteRelation(fresh);
  return {
    temporary: [fresh],
    steps: [
      statement("drop what an earlier run may have left", dialect.drop(fresh, "table")),
      statement("query its rows", dialect.createTableAs(fresh, query, "temporary")),
      ...emptyTable(node, target, fresh, dialect),
      ...partitionSteps(node, target, from, dialect),
      counted(label, `insert into ${dialect.quoteRelation(target)} select * from ${from}`),
      statement("drop the temporary table", dialect.drop(fresh, "table")),
    ],
  };
}

/** An empty table with the columns of another, divided as the model says; its partitions come with rows. */
export function emptyTable(node: ModelNode, target: Relation, like: Relation, dialect: Dialect): Step[] {
  const by = partitioningOf(node, dialect);
  const none = `select * from ${dialect.quoteRelation(like)} where 1 = 0`;
  const sql =
    by === null
      ? dialect.createTableAs(target, none, node.config.unlogged ? "unlogged" : "new")
      : dialect.partitions!.createTable(target, like, by);
  return [statement("create the table", sql)];
}

/** Makes the partitions of `target` that rows of `from` (a quoted relation, or a query with an alias) want. */
export function partitionSteps(
  { relation, ...node }: ModelNode,
  target: Relation,
  from: string,
  dialect: Dialect,
): Step[] {
  const by = partitioningOf({ relation, ...node }, dialect);
  if (by === null) return [];
  const names: PartitionNames = {
    base: relation.identifier,
    isBeside: target.identifier !== relation.identifier,
    unlogged: node.config.unlogged,
  };
  return [
    {
      kind: "assert-empty",
      label: "see that there are not too many partitions",
      sql: dialect.partitions!.tooMany(from, by, MOST_PARTITIONS),
      code: "PARTITIONS_TOO_MANY",
      message: `the rows of "${node.name}" would need more than ${MOST_PARTITIONS} partitions`,
      hint: "divide it more coarsely: another granularity, interval or field",
    },
    {
      kind: "statements-of",
      label: "make the partitions that are missing",
      sql: dialect.partitions!.missing(target, from, by, names),
    },
  ];
}

/** What is added to must be divided as the model says now. */
export function samePartitions(node: ModelNode, dialect: Dialect): Step[] {
  const by = partitioningOf(node, dialect);
  if (by === null) return [];
  return [
    {
      kind: "assert-empty",
      label: "see that it is divided as the model says",
      sql: dialect.partitions!.differs(node.relation, by),
      code: "PARTITIONS_CHANGED",
      message: `the table of "${node.name}" is not divided by ${by.type} of "${by.field}"`,
      hint: "rebuild it with --full-refresh",
    },
  ];
}

/** Partitions of what was built beside get their own names, once the old ones are gone. */
export function renamePartitions(node: RelationNode, dialect: Dialect): Step[] {
  if (partitioningOf(node, dialect) === null) return [];
  const sql = dialect.partitions!.rename(node.relation);
  return [{ kind: "statements-of", label: "give its partitions their names", sql }];
}

/** Ways to keep a table, said of what is none, or against each other; known before anything runs. */
export function checkLayout({ config, place }: ModelNode, dialect: Dialect): Problem[] {
  const { materialized, partitioning, unlogged, indexes } = config;
  const isTable = materialized === "table" || materialized === "incremental";
  const unused = [
    ...(unlogged && !isTable ? ["unlogged"] : []),
    ...(partitioning && !isTable ? [`partition_by with type "${partitioning.type}"`] : []),
  ].map((key) => ({
    ...place,
    code: "CONFIG_UNUSED",
    message: `${key} has no meaning with materialized "${materialized}"`,
    hint: 'set materialized to "table" or "incremental", or remove it',
  }));
  if (partitioning === null || dialect.partitions === null) return unused;
  const without = indexes.filter(({ unique, columns }) => unique && !columns.includes(partitioning.field));
  return [
    ...unused,
    ...without.map(({ columns }) => ({
      ...place,
      code: "CONFIG_CONFLICT",
      message: `the unique index on ${columns.map((name) => `"${name}"`).join(", ")} lacks "${partitioning.field}", by which the table is divided`,
      hint: `add "${partitioning.field}" to it: a server sees to uniqueness within one partition only`,
    })),
  ];
}

/** A field to divide by that the table will not have. */
export function checkPartitionField(
  node: RelationNode,
  columns: readonly string[],
  dialect: Dialect,
): Problem[] {
  const by = partitioningOf(node, dialect);
  if (by === null || columns.includes(by.field)) return [];
  return [
    {
      ...node.place,
      code: "COLUMN_UNKNOWN",
      message: `partition_by names "${by.field}", which the model does not have`,
      hint:
        didYouMean(by.field, columns) ?? `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`,
    },
  ];
}
