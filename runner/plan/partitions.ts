import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import { didYouMean } from "../base/nearest.ts";

/** What `partition_by` names as SQL: a column quoted, an expression as it stands. */
export function partitionExpressions(
  { config }: ModelNode,
  columns: readonly string[],
  dialect: Dialect,
): string[] {
  const { partitioning } = config;
  if (partitioning !== null) {
    const field = dialect.quoteIdentifier(partitioning.field);
    const { granularity, interval } = partitioning;
    if (granularity !== null) return [`date_trunc('${granularity}', ${field})`];
    return [interval === null ? field : `floor(${field} / ${interval}.0)`];
  }
  const known = new Map(columns.map((name) => [dialect.identifierKey(name), name]));
  return config.partition_by.map((entry) => {
    const column = known.get(dialect.identifierKey(entry));
    return column === undefined ? entry : dialect.quoteIdentifier(column);
  });
}

/** A single word that is no column is a mistake; whatever else is no column is an expression. */
export function checkPartitions(node: ModelNode, columns: readonly string[], dialect: Dialect): Problem[] {
  const known = new Set(columns.map((name) => dialect.identifierKey(name)));
  return node.config.partition_by
    .filter((entry) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(entry) && !known.has(dialect.identifierKey(entry)))
    .map((entry) => ({
      ...node.place,
      code: "COLUMN_UNKNOWN",
      message: `partition_by names "${entry}", which the model does not have`,
      hint: didYouMean(entry, columns) ?? `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`,
    }));
}
