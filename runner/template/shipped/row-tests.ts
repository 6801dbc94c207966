import type { ShippedTest } from "./shipped-test.ts";

/** Of the rows and columns of a relation. */
export const rowTests: readonly ShippedTest[] = [
  {
    name: "rows_satisfy",
    says: "`expression` is true of every row, or null. On a column, it is what follows the column's name.",
    example: { arguments: { expression: "period_start <= period_end" } },
    sql: `
{{! macro fails_rows_satisfy(expression, column_name=none) }}
not ({{#if column_name != none}}{{ column(column_name) }} {{/if}}{{ expression }})
`,
  },
  {
    name: "rows_unique",
    says: "No combination of `columns` is there twice, nulls being equal. Each that is counts as one failure.",
    example: { arguments: { columns: ["geo", "sex", "year"] } },
    sql: `
{{! macro key_rows_unique(columns) }}
row({{ named(columns) }})

{{! macro test_rows_unique(model, columns) }}
select {{ named(columns) }}, count(*) as n_records
from {{ model }}
group by {{ named(columns) }}
having count(*) > 1

{{! macro named(columns) }}
{{#each columns as name}}{{ column(name) }}{{^last}}, {{/last}}{{/each}}
`,
  },
  {
    name: "row_count_between",
    says: "There are at least `min_value` and at most `max_value` rows; one bound is enough.",
    example: { arguments: { min_value: 1 } },
    anyOf: ["min_value", "max_value"],
    sql: `
{{! macro measure_row_count_between() }}
count(*)

{{! macro fails_row_count_between(measured, min_value=none, max_value=none) }}
{{ outside(measured, min_value, max_value) }}
`,
  },
  {
    name: "row_count_equal",
    says: "There are as many rows as in `to`.",
    example: { arguments: { to: "ref('stg_observations')" } },
    sql: `
{{! macro measure_row_count_equal() }}
count(*)

{{! macro fails_row_count_equal(measured, to) }}
{{ measured }} <> (select count(*) from {{ to }})
`,
  },
  {
    name: "row_count_near",
    says: "There are as many rows as in `to`, or as when this test last did not fail, give or take `max_share` of these. Without anything to compare with it passes.",
    example: { arguments: { max_share: 0.1, to: "source('eurostat', 'demo_pjan', vintage='previous')" } },
    sql: `
{{! macro measure_row_count_near() }}
count(*)

{{! macro fails_row_count_near(measured, test_id, max_share, to=none) }}
abs({{ measured }} - {{ count_before(test_id, to) }}) > {{ literal(max_share) }} * {{ count_before(test_id, to) }}

{{! macro count_before(test_id, to) }}
{{#if to != none}}(select nullif(count(*), 0) from {{ to }}){{else}}(
    select measured from meta.test_results
    where test_id = {{ literal(test_id) }} and status in ('pass', 'warn') and measured is not null
    order by checked_at desc limit 1
){{/if}}
`,
  },
  {
    name: "columns_are",
    says: "The columns are `columns`, in this order unless `ordered` is false; there is no other unless `others`.",
    example: { arguments: { columns: ["geo", "sex", "year", "percentage"] } },
    sql: `
{{! macro test_columns_are(model, columns, ordered=true, others=false) }}
with wanted as (
    select unnest({{ listed(columns) }}) as wanted_column, generate_subscripts({{ listed(columns) }}, 1) as wanted_position
)
select wanted_column, wanted_position, column_name as found_column, position as found_position
from wanted
full join {{ columns_of(model) }} as found on found.column_name = wanted.wanted_column
where found.column_name is null{{#unless others}} or wanted.wanted_column is null{{/unless}}{{#if ordered}} or found.position <> wanted.wanted_position{{/if}}
`,
  },
];
