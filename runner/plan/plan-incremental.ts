import { throwProblems } from "../base/errors.ts";
import type { Dialect, MergeSpec } from "../dialects/dialect.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import { checkConfigColumns, checkIncremental, checkQueryColumns } from "./check-incremental.ts";
import { isIncremental } from "./is-incremental.ts";
import { nodeQuery } from "./node-query.ts";
import type { PlanContext } from "./plan-context.ts";
import { planTable } from "./plan-table.ts";
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
    throwProblems(queryColumns ? checkConfigColumns(node, queryColumns, dialect) : []);
    const why =
      current === null ? "first build" : current.kind === "view" ? "replaces a view" : "full refresh";
    return planTable(node, sql, current, context, `incremental (${why})`);
  }
  throwProblems([
    ...checkConfigColumns(node, current.columns, dialect),
    ...(queryColumns ? checkQueryColumns(node, current.columns, queryColumns, dialect) : []),
  ]);
  return planAddition(node, nodeQuery(sql), current.columns, context);
}

function planAddition(
  node: ModelNode,
  query: string,
  columns: readonly string[],
  { dialect }: PlanContext,
): NodePlan {
  const strategy = node.config.incremental_strategy;
  const common = { uniqueId: node.uniqueId, description: `incremental (${strategy})`, query };
  // As in dbt: without a key nothing can be replaced, so everything is added.
  if (strategy === "append" || node.config.unique_key.length === 0) {
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
      ...(strategy === "merge" ? [] : [deleteStep(node, fresh, dialect)]),
      strategy === "merge"
        ? counted("merge it", dialect.merge(node.relation, fresh, mergeSpec(node, columns, dialect)))
        : counted("insert it", dialect.insert(node.relation, columns, dialect.quoteRelation(fresh))),
      statement("drop the temporary table", dialect.drop(fresh, "table")),
    ],
  };
}

function deleteStep(node: ModelNode, fresh: Relation, dialect: Dialect): Step {
  const { unique_key, incremental_predicates } = node.config;
  const sql = dialect.deleteMatching(node.relation, fresh, unique_key, incremental_predicates);
  return statement("delete what it replaces", sql);
}

function mergeSpec(node: ModelNode, columns: readonly string[], dialect: Dialect): MergeSpec {
  const { unique_key, merge_update_columns, merge_exclude_columns, incremental_predicates } = node.config;
  // Keys are equal where a row matches; writing them again would only cost.
  const kept = new Set(
    [...unique_key, ...(merge_exclude_columns ?? [])].map((name) => dialect.identifierKey(name)),
  );
  return {
    keys: unique_key,
    columns,
    update: merge_update_columns ?? columns.filter((name) => !kept.has(dialect.identifierKey(name))),
    predicates: incremental_predicates,
  };
}
