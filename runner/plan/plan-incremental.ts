import { throwProblems } from "../base/errors.ts";
import type { Dialect, MergeSpec } from "../dialects/dialect.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import type { Problem } from "../base/problems.ts";
import { checkConfigColumns, checkIncremental } from "./check-incremental.ts";
import { doubleUpdateSteps } from "./double-updates.ts";
import { isIncremental } from "./is-incremental.ts";
import { checkPartitionField, partitionSteps, partitioningOf, samePartitions } from "./layout.ts";
import { nodeQuery } from "./node-query.ts";
import { checkPartitions, partitionExpressions } from "./partitions.ts";
import type { PlanContext } from "./plan-context.ts";
import { planTable } from "./plan-table.ts";
import { quarantineSteps } from "./quarantine.ts";
import { reconcileColumns } from "./reconcile-columns.ts";
import type { Reconciled } from "./reconcile-columns.ts";
import { counted, statement } from "./statement.ts";
import type { CurrentRelation, NodePlan, Step } from "./step.ts";
import { temporaryName } from "./temporary-name.ts";

/**
 * Adds to the table what the query gives; builds it whole the first time, on a full refresh and in place of a view.
 * @throws ProjectError when configuration, query and table do not fit each other
 */
export function planIncremental(
  node: ModelNode,
  sql: string,
  current: CurrentRelation,
  context: PlanContext,
): NodePlan {
  const { dialect, fullRefresh, queryColumns } = context;
  throwProblems(checkIncremental(node, dialect));
  if (current === null || !isIncremental(node, current, fullRefresh)) {
    throwProblems(
      queryColumns
        ? checkNames(
            node,
            queryColumns.map(({ name }) => name),
            dialect,
          )
        : [],
    );
    const why =
      current === null
        ? "first build"
        : current.kind === "table"
          ? "full refresh"
          : `replaces a ${current.kind}`;
    return planTable(node, sql, current, context, `incremental (${why})`);
  }
  const reconciled = reconcileColumns(node, current.columns, queryColumns, dialect);
  const given = queryColumns?.map(({ name }) => name);
  const held = current.columns.map(({ name }) => name);
  throwProblems([...checkNames(node, reconciled.columns, dialect, given, held), ...reconciled.problems]);
  return planAddition(node, nodeQuery(sql), reconciled, context);
}

/** A dry run knows no columns. */
function checkNames(
  node: ModelNode,
  columns: readonly string[],
  dialect: Dialect,
  given?: readonly string[],
  held?: readonly string[],
): Problem[] {
  if (columns.length === 0) return [];
  return [
    ...checkConfigColumns(node, columns, dialect, given, held),
    ...checkPartitions(node, columns, dialect),
    ...checkPartitionField(node, columns, dialect),
  ];
}

function planAddition(
  node: ModelNode,
  query: string,
  { columns, steps: alterations, warnings }: Reconciled,
  { dialect, quarantine, queryColumns }: PlanContext,
): NodePlan {
  const strategy = node.config.incremental_strategy;
  const common = { uniqueId: node.uniqueId, description: `incremental (${strategy})`, query, warnings };
  // As in dbt: without a key nothing can be replaced, so everything is added.
  const appends =
    strategy === "append" || (strategy !== "insert_overwrite" && node.config.unique_key.length === 0);
  if (appends && alterations.length === 0 && partitioningOf(node, dialect) === null && !quarantine) {
    const insert = dialect.insert(node.relation, columns, dialect.subquery(query));
    return { ...common, transaction: false, temporary: [], steps: [counted("append the rows", insert)] };
  }
  const { identifier } = node.relation;
  const fresh = dialect.temporaryRelation(temporaryName(identifier, dialect.maxIdentifierLength));
  return {
    ...common,
    transaction: true,
    temporary: [fresh],
    steps: [
      statement("drop what an earlier run may have left", dialect.drop(fresh, "table")),
      statement("query what is new", dialect.createTableAs(fresh, query, "temporary")),
      ...(quarantine
        ? quarantineSteps(node, fresh, quarantine, { dialect, columns: queryColumns ?? [], isWhole: false })
        : []),
      // After the query, which may read the table as it was.
      ...alterations,
      ...samePartitions(node, dialect),
      ...(strategy === "merge" || appends ? [] : deleteSteps(node, fresh, columns, dialect)),
      ...partitionSteps(node, node.relation, dialect.quoteRelation(fresh), dialect),
      ...(strategy === "merge" && !appends
        ? mergeSteps(node, fresh, mergeSpec(node, columns, dialect), dialect)
        : [counted("insert it", dialect.insert(node.relation, columns, dialect.quoteRelation(fresh)))]),
      statement("drop the temporary table", dialect.drop(fresh, "table")),
    ],
  };
}

const mergeSteps = (node: ModelNode, fresh: Relation, spec: MergeSpec, dialect: Dialect): Step[] => [
  ...doubleUpdateSteps(node, fresh, spec, dialect),
  ...dialect.merge(node.relation, fresh, spec).map((sql) => counted("merge it", sql)),
];

function deleteSteps(node: ModelNode, fresh: Relation, columns: readonly string[], dialect: Dialect): Step[] {
  const { unique_key, incremental_predicates, incremental_strategy } = node.config;
  if (incremental_strategy === "insert_overwrite") {
    const partitions = partitionExpressions(node, columns, dialect);
    const sql = dialect.deletePartitions(node.relation, fresh, partitions);
    return [statement("delete the partitions that it replaces", sql)];
  }
  return dialect
    .deleteMatching(node.relation, fresh, unique_key, incremental_predicates)
    .map((sql) => statement("delete what it replaces", sql));
}

function mergeSpec(node: ModelNode, columns: readonly string[], dialect: Dialect): MergeSpec {
  const { unique_key, merge_update_columns, merge_exclude_columns, incremental_predicates } = node.config;
  const { merge_update_condition, merge_insert_condition } = node.config;
  // Keys are equal where a row matches; writing them again would only cost.
  const kept = new Set(
    [...unique_key, ...(merge_exclude_columns ?? [])].map((name) => dialect.identifierKey(name)),
  );
  return {
    keys: unique_key,
    columns,
    update: merge_update_columns ?? columns.filter((name) => !kept.has(dialect.identifierKey(name))),
    predicates: incremental_predicates,
    updateIf: merge_update_condition,
    insertIf: merge_insert_condition,
  };
}
