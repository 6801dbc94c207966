import type { ShippedTest } from "./shipped-test.ts";

/**
 * The tests that dbt brings, with what its SQL finds: every row that is returned is a failure, and all but `not_null` leave nulls out.
 * Beside each query stands what one pass over the relation can tell.
 */
export const dbtTests: readonly ShippedTest[] = [
  {
    name: "not_null",
    says: "No row has null in the column.",
    example: { column: "geo", arguments: {} },
    sql: `
{{! macro fails_not_null(column_name) }}
{{ column(column_name) }} is null

{{! macro test_not_null(model, column_name) }}
select *
from {{ model }}
where {{ column(column_name) }} is null
`,
  },
  {
    name: "unique",
    says: "No value of the column is there twice. Each value that is counts as one failure.",
    example: { column: "observation_key", arguments: {} },
    sql: `
{{! macro key_unique(column_name) }}
{{ column(column_name) }}

{{! macro test_unique(model, column_name) }}
select
    {{ column(column_name) }} as unique_field,
    count(*) as n_records
from {{ model }}
where {{ column(column_name) }} is not null
group by {{ column(column_name) }}
having count(*) > 1
`,
  },
  {
    name: "accepted_values",
    says: "Every value of the column is one of `values`; numbers with `quote: false`. Each value that is not counts as one failure.",
    example: { column: "sex", arguments: { values: ["F", "M", "T"] } },
    sql: `
{{! macro fails_accepted_values(column_name, values, quote=true) }}
{{ column(column_name) }} not in (
    {{#each values as value}}{{#if quote}}{{ literal('' ~ value) }}{{else}}{{ raw(value) }}{{/if}}{{^last}}, {{/last}}{{/each}}
)

{{! macro test_accepted_values(model, column_name, values, quote=true) }}
with all_values as (
    select
        {{ column(column_name) }} as value_field,
        count(*) as n_records
    from {{ model }}
    group by {{ column(column_name) }}
)
select *
from all_values
where value_field not in (
    {{#each values as value}}{{#if quote}}{{ literal('' ~ value) }}{{else}}{{ raw(value) }}{{/if}}{{^last}}, {{/last}}{{/each}}
)
`,
  },
  {
    name: "relationships",
    says: "Every value of the column is in the column `field` of `to`.",
    example: { column: "geo", arguments: { to: "ref('dim_geo')", field: "geo" } },
    sql: `
{{! macro fails_relationships(column_name, to, field) }}
{{ column(column_name) }} is not null and {{ column(column_name) }} not in (
    select parent.{{ identifier(field) }} from {{ to }} as parent where parent.{{ identifier(field) }} is not null
)

{{! macro test_relationships(model, column_name, to, field) }}
with parent as (
    select {{ column(field) }} as to_field
    from {{ to }}
)
select *
from {{ model }}
where {{ column(column_name) }} is not null
  and {{ column(column_name) }} not in (select to_field from parent where to_field is not null)
`,
  },
];
