import type { Transformation } from "./types.ts";

const ORDER: readonly Transformation[] = ["constant", "identity", "transformation", "aggregation"];
export const weightOf = (transformation: Transformation): number => ORDER.indexOf(transformation);
export const stronger = (a: Transformation, b: Transformation): Transformation =>
  weightOf(a) >= weightOf(b) ? a : b;

/** Kinds of the syntax tree that fold many rows into one value. */
const AGGREGATES = new Set([
  "aggregate_function",
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "group_concat",
  "string_agg",
  "list_agg",
  "array_agg",
  "count_if",
  "sum_if",
  "stddev",
  "stddev_pop",
  "stddev_samp",
  "variance",
  "var_pop",
  "var_samp",
  "median",
  "mode",
  "first",
  "last",
  "any_value",
  "approx_distinct",
  "approx_count_distinct",
  "approx_percentile",
  "percentile",
  "percentile_cont",
  "percentile_disc",
  "logical_and",
  "logical_or",
  "skewness",
  "array_concat_agg",
  "array_unique_agg",
  "bool_xor_agg",
  "bitwise_and_agg",
  "bitwise_or_agg",
  "bitwise_xor_agg",
  "json_array_agg",
  "json_object_agg",
  "within_group",
]);
export const isAggregate = (kind: string): boolean => AGGREGATES.has(kind);

/** Aggregates that the parser knows as functions only. */
const AGGREGATE_FUNCTIONS =
  /^(list|histogram|quantile(_cont|_disc)?|arg_(min|max)(_null)?|(min|max)_by|bool_(and|or)|every|sumkahan|fsum|favg|product|entropy|kurtosis(_pop)?|mad|corr|covar_(pop|samp)|regr_\w+|bit_(and|or|xor)|bitstring_agg|array_agg|jsonb?_(object_)?agg|json_group_(array|object|structure)|xmlagg|approx_\w+|reservoir_quantile|sem)$/i;
export const isAggregateFunction = (name: string): boolean => AGGREGATE_FUNCTIONS.test(name);
