/** Tests of dbt_utils and dbt_expectations, by the shipped ones that say the same; their arguments have other names. */
const SHIPPED: Readonly<Record<string, string>> = {
  accepted_range: "values_between",
  at_least_one: "values_exist",
  equal_rowcount: "row_count_equal",
  expression_is_true: "rows_satisfy",
  mutually_exclusive_ranges: "ranges_disjoint",
  not_empty_string: "length_between",
  not_null_proportion: "null_share_between",
  recency: "values_recent",
  relationships_where: "relationships",
  sequential_values: "values_sequential",
  unique_combination_of_columns: "rows_unique",
  expect_column_distinct_values_to_equal_set: "values_are",
  expect_column_value_lengths_to_be_between: "length_between",
  expect_column_values_to_be_between: "values_between",
  expect_column_values_to_be_in_set: "accepted_values",
  expect_column_values_to_be_of_type: "type_is",
  expect_column_values_to_be_unique: "unique",
  expect_column_values_to_match_regex: "values_match",
  expect_column_values_to_not_be_null: "not_null",
  expect_compound_columns_to_be_unique: "rows_unique",
  expect_row_values_to_have_recent_data: "values_recent",
  expect_table_columns_to_match_ordered_list: "columns_are",
  expect_table_row_count_to_be_between: "row_count_between",
  expect_table_row_count_to_equal_other_table: "row_count_equal",
};

/** What a test that hands know from a package of dbt's is called here. */
export function shippedFor(name: string): string | undefined {
  const shipped = Object.hasOwn(SHIPPED, name) ? SHIPPED[name] : undefined;
  return shipped && `here it is "${shipped}", which is shipped: see the list of tests for its arguments`;
}
