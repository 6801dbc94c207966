import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import type { BatchColumn } from "./batch-source.ts";

/** Every partition is a file with a header, a footer and a buffer while it is written: many small ones help nobody. */
const MOST_PARTITIONS = 1000;

/** Folders by the year that a period starts in; where a dimension is called so, it is meant. */
const YEAR = "year";

/** The columns with one more where they are partitioned by a year that none of them is: text, as all codes. */
export function withYear(
  columns: readonly BatchColumn[],
  partitionBy: readonly string[],
): readonly BatchColumn[] {
  if (!partitionBy.includes(YEAR) || columns.some(({ name }) => name === YEAR)) return columns;
  const start = columns.find(({ name }) => name === "period_start");
  if (start?.kind !== "derived") return columns;
  const values = start.values.map((date) => date?.slice(0, 4) ?? null);
  return [...columns, { kind: "derived", name: YEAR, from: start.from, type: "text", values }];
}

/** Throws a UsageError unless `partitionBy` names columns with codes, few enough together. */
export function checkPartitions(columns: readonly BatchColumn[], partitionBy: readonly string[]): void {
  const all = withYear(columns, partitionBy);
  const known = columns.filter((column) => column.kind === "code").map(({ name }) => name);
  if (columns.some(({ name }) => name === "period_start")) known.push(YEAR);
  let most = 1;
  for (const name of partitionBy) {
    const column = all.find((candidate) => candidate.name === name);
    if (column === undefined || !(column.kind === "code" || name === YEAR)) {
      throw new UsageError(
        "PARTITION_UNKNOWN",
        `the document has no dimension "${name}" to partition by`,
        didYouMean(name, known) ?? `it has ${known.join(", ")}`,
      );
    }
    most *=
      column.kind === "code"
        ? column.codes.length
        : column.kind === "derived"
          ? new Set(column.values).size
          : 1;
  }
  if (most > MOST_PARTITIONS) {
    throw new UsageError(
      "PARTITIONS_TOO_MANY",
      `partitioning by ${partitionBy.join(", ")} would make up to ${most.toLocaleString("en-US")} files, at most ${MOST_PARTITIONS.toLocaleString("en-US")} are allowed`,
      "partition by fewer columns, or by one with fewer codes",
    );
  }
}
