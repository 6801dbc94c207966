import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import type { BatchColumn } from "./batch-source.ts";

/** Every partition is a file with a header, a footer and a buffer while it is written: many small ones help nobody. */
const MOST_PARTITIONS = 1000;

/** Throws a UsageError unless `partitionBy` names columns with codes, few enough together. */
export function checkPartitions(columns: readonly BatchColumn[], partitionBy: readonly string[]): void {
  const known = columns.filter((column) => column.kind === "code").map(({ name }) => name);
  let most = 1;
  for (const name of partitionBy) {
    const column = columns.find((candidate) => candidate.name === name);
    if (column?.kind !== "code") {
      throw new UsageError(
        "PARTITION_UNKNOWN",
        `the document has no dimension "${name}" to partition by`,
        didYouMean(name, known) ?? `it has ${known.join(", ")}`,
      );
    }
    most *= column.codes.length;
  }
  if (most > MOST_PARTITIONS) {
    throw new UsageError(
      "PARTITIONS_TOO_MANY",
      `partitioning by ${partitionBy.join(", ")} would make up to ${most.toLocaleString("en-US")} files, at most ${MOST_PARTITIONS.toLocaleString("en-US")} are allowed`,
      "partition by fewer columns, or by one with fewer codes",
    );
  }
}
