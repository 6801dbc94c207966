import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";

type Found = { readonly code: string; readonly message: string; readonly hint?: string };

/** Configurations of an incremental model that contradict themselves; known before anything runs. */
export function checkIncremental(node: ModelNode, dialect: Dialect): Problem[] {
  const { config } = node;
  if (config.materialized !== "incremental") return [];
  const strategy = config.incremental_strategy;
  const found: Found[] = [];
  if (strategy === "merge" && !dialect.supportsMerge) {
    found.push({
      code: "STRATEGY_UNSUPPORTED",
      message: `${dialect.name} cannot merge`,
      hint: 'use incremental_strategy "delete+insert"',
    });
  }
  if (config.merge_update_columns && config.merge_exclude_columns) {
    found.push({
      code: "CONFIG_CONFLICT",
      message: "merge_update_columns and merge_exclude_columns contradict each other",
      hint: "keep one of the two",
    });
  }
  const ofMerge = [
    "merge_update_columns",
    "merge_exclude_columns",
    "merge_update_condition",
    "merge_insert_condition",
  ] as const;
  for (const key of ofMerge) {
    if (config[key] && strategy !== "merge") {
      found.push({
        code: "CONFIG_UNUSED",
        message: `${key} has no meaning with incremental_strategy "${strategy}"`,
        hint: 'set incremental_strategy to "merge", or remove it',
      });
    }
  }
  found.push(...checkMicrobatch(config));
  if (strategy === "insert_overwrite" && config.partition_by.length === 0 && config.partitioning === null) {
    found.push({
      code: "CONFIG_MISSING",
      message: "insert_overwrite needs partition_by",
      hint: "name the columns or expressions whose values are replaced together: partition_by=['geo']",
    });
  }
  if (config.partition_by.length > 0 && strategy !== "insert_overwrite") {
    found.push({
      code: "CONFIG_UNUSED",
      message: `partition_by has no meaning with incremental_strategy "${strategy}"`,
      hint: 'set incremental_strategy to "insert_overwrite", or remove it',
    });
  }
  if (config.unique_key.length > 0 && (strategy === "insert_overwrite" || strategy === "microbatch")) {
    found.push({
      code: "CONFIG_UNUSED",
      message: `unique_key has no meaning with incremental_strategy "${strategy}"`,
      hint: "it replaces whole partitions or batches: remove unique_key",
    });
  }
  if (config.incremental_predicates.length > 0 && strategy !== "merge" && strategy !== "delete+insert") {
    found.push({
      code: "CONFIG_UNUSED",
      message: `incremental_predicates has no meaning with incremental_strategy "${strategy}"`,
      hint: 'set incremental_strategy to "merge" or "delete+insert", or remove it',
    });
  }
  return found.map((problem) => ({ ...node.place, ...problem }));
}

function checkMicrobatch(config: ModelNode["config"]): Found[] {
  const examples = { event_time: "'ordered_at'", begin: "'2024-01-01'", batch_size: "'day'" } as const;
  const keys = Object.keys(examples) as (keyof typeof examples)[];
  if (config.incremental_strategy === "microbatch") {
    return keys
      .filter((key) => config[key] === null)
      .map((key) => ({
        code: "CONFIG_MISSING",
        message: `microbatch needs ${key}`,
        hint: `${key}=${examples[key]}`,
      }));
  }
  return (["begin", "batch_size", "concurrent_batches"] as const)
    .filter((key) => config[key] !== null && config[key] !== false)
    .map((key) => ({
      code: "CONFIG_UNUSED",
      message: `${key} has no meaning with incremental_strategy "${config.incremental_strategy}"`,
      hint: 'set incremental_strategy to "microbatch", or remove it',
    }));
}

/** The way out where a query asks for a column that it gives itself, and the table does not have. */
export const oldTableHint = ({ config: { on_schema_change: onChange } }: ModelNode): string =>
  /^(append_new|sync_all)_columns$/.test(onChange)
    ? `rebuild the table with --full-refresh: on_schema_change "${onChange}" adds columns after the query has run`
    : 'rebuild the table with --full-refresh; with on_schema_change "append_new_columns" a build adds new columns, as long as nothing asks the table for them';

/**
 * Columns that the configuration names and the model does not have: `columns` of what is written, `given` of the query, `held` of the table,
 * where what is no longer given may still be excluded from a merge.
 */
export function checkConfigColumns(
  node: ModelNode,
  columns: readonly string[],
  dialect: Dialect,
  given: readonly string[] = columns,
  held: readonly string[] = [],
): Problem[] {
  const known = new Set(columns.map((name) => dialect.identifierKey(name)));
  const kept = new Set(held.map((name) => dialect.identifierKey(name)));
  const named = (["unique_key", "merge_update_columns", "merge_exclude_columns"] as const).flatMap((key) =>
    (node.config[key] ?? []).map((name) => ({ key: key as string, name })),
  );
  const { event_time, incremental_strategy } = node.config;
  if (incremental_strategy === "microbatch" && event_time)
    named.push({ key: "event_time", name: event_time });
  const isGiven = new Set(given.map((name) => dialect.identifierKey(name)));
  return named
    .filter(({ name }) => !known.has(dialect.identifierKey(name)))
    .filter(({ key, name }) => key !== "merge_exclude_columns" || !kept.has(dialect.identifierKey(name)))
    .map(({ key, name }) =>
      isGiven.has(dialect.identifierKey(name))
        ? {
            ...node.place,
            code: "COLUMN_MISSING",
            message: `${key} names "${name}", which the table ${dialect.quoteRelation(node.relation)} does not have yet`,
            hint: oldTableHint(node),
          }
        : {
            ...node.place,
            code: "COLUMN_UNKNOWN",
            message: `${key} names "${name}", which the model does not have`,
            hint:
              didYouMean(name, columns) ??
              (/[\s(|]/.test(name)
                ? "an expression is given a name in the query, and that name stands here"
                : `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`),
          },
    );
}

/**
 * Columns of the table that the query no longer gives: they would fill with nulls unseen. Columns that only the query
 * has are left out, as dbt does by default.
 */
export function checkQueryColumns(
  node: ModelNode,
  tableColumns: readonly string[],
  queryColumns: readonly string[],
  dialect: Dialect,
): Problem[] {
  const given = new Set(queryColumns.map((name) => dialect.identifierKey(name)));
  const missing = tableColumns.filter((name) => !given.has(dialect.identifierKey(name)));
  if (missing.length === 0) return [];
  const names = missing.map((name) => `"${name}"`).join(", ");
  const table = dialect.quoteRelation(node.relation);
  return [
    {
      ...node.place,
      code: "COLUMN_MISSING",
      message: `the query gives no column ${names}, which the table ${table} has`,
      hint: "select it again, or rebuild the table with --full-refresh",
    },
  ];
}
