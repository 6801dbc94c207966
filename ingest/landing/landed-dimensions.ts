/** What every observation has besides its dimensions; a dimension of such a name has another column. */
const MEASURES: ReadonlySet<string> = new Set([
  "period_start",
  "period_end",
  "frequency",
  "value",
  "value_text",
  "status",
  "confidentiality",
]);

/**
 * The dimensions among the columns of the observations, in their order. One without categories leaves no row among the categories,
 * but a column here. `year` may be one that only the folders needed. What is no table of observations (a catalogue) has dimensions only
 * where it has categories.
 */
export const dimensionColumns = (
  columns: readonly string[],
  withCategories: ReadonlySet<string>,
  partitionBy: readonly string[],
): string[] => {
  const isObservations = columns.includes("value") && columns.includes("status");
  return columns.filter(
    (name) =>
      withCategories.has(name) ||
      (isObservations &&
        !(MEASURES.has(name) || name.startsWith("_") || (name === "year" && partitionBy.includes(name)))),
  );
};
