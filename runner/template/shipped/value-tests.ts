import type { ShippedTest } from "./shipped-test.ts";

/** Of the values of a column. Nulls are left out: `not_null` and `null_share_between` look at these. */
export const valueTests: readonly ShippedTest[] = [
  {
    name: "values_between",
    says: "Every value lies between `min_value` and `max_value`, both allowed unless `exclusive`; one bound is enough.",
    example: { column: "percentage", arguments: { min_value: 0, max_value: 100 } },
    anyOf: ["min_value", "max_value"],
    sql: `
{{! macro fails_values_between(column_name, min_value=none, max_value=none, exclusive=false) }}
{{ outside(column(column_name), min_value, max_value, exclusive) }}

{{! macro outside(measured, min_value, max_value, exclusive=false) }}
{{#if min_value != none}}{{ measured }} {{#if exclusive}}<={{else}}<{{/if}} {{ literal(min_value) }}{{/if}}{{#if min_value != none and max_value != none}} or {{/if}}{{#if max_value != none}}{{ measured }} {{#if exclusive}}>={{else}}>{{/if}} {{ literal(max_value) }}{{/if}}
`,
  },
  {
    name: "length_between",
    says: "Every text is between `min_value` and `max_value` characters long; one bound is enough.",
    example: { column: "geo", arguments: { min_value: 2, max_value: 9 } },
    anyOf: ["min_value", "max_value"],
    sql: `
{{! macro fails_length_between(column_name, min_value=none, max_value=none) }}
{{ outside(length_of(column(column_name)), min_value, max_value) }}

{{! macro length_of(text) }}
length({{ text }})
`,
  },
  {
    name: "values_match",
    says: "Every text has a part that matches the regular expression `regex`, or with `negate` none has.",
    example: { column: "geo", arguments: { regex: "^[A-Z]{2}$" } },
    sql: `
{{! macro fails_values_match(column_name, regex, negate=false) }}
{{#unless negate}}not {{/unless}}{{ text_matches(column(column_name), regex) }}

{{! macro default__text_matches(text, regex) }}
({{ text }} ~ {{ literal(regex) }})

{{! macro duckdb__text_matches(text, regex) }}
regexp_matches({{ text }}, {{ literal(regex) }})
`,
  },
  {
    name: "values_exist",
    says: "At least one row has a value.",
    example: { column: "percentage", arguments: {} },
    sql: `
{{! macro measure_values_exist(column_name) }}
count({{ column(column_name) }})

{{! macro fails_values_exist(column_name, measured) }}
{{ measured }} = 0
`,
  },
  {
    name: "values_include",
    says: "Each of `values` is there; numbers with `quote: false`.",
    example: { column: "sex", arguments: { values: ["F", "M"] } },
    sql: `
{{! macro test_values_include(model, column_name, values, quote=true) }}
with wanted as (
    select unnest({{ listed(values, quote) }}) as missing_value
)
select missing_value
from wanted
where missing_value not in (select {{ column(column_name) }} from {{ model }} where {{ column(column_name) }} is not null)

{{! macro listed(values, quote=true) }}
array[{{#each values as value}}{{#if quote}}{{ literal('' ~ value) }}{{else}}{{ raw(value) }}{{/if}}{{^last}}, {{/last}}{{/each}}]
`,
  },
  {
    name: "values_are",
    says: "The values are exactly `values`: none is missing, there is no other. Numbers with `quote: false`.",
    example: { column: "sex", arguments: { values: ["F", "M", "T"] } },
    sql: `
{{! macro test_values_are(model, column_name, values, quote=true) }}
with wanted as (
    select unnest({{ listed(values, quote) }}) as wanted_value
),
found as (
    select distinct {{ column(column_name) }} as found_value
    from {{ model }}
    where {{ column(column_name) }} is not null
)
select wanted_value as missing_value, found_value as other_value
from wanted
full join found on found_value = wanted_value
where wanted_value is null or found_value is null
`,
  },
  {
    name: "values_recent",
    says: "The newest date or instant is at most `count` times `period` older than the run; there is one.",
    example: { column: "period_end", arguments: { count: 2, period: "year" } },
    oneOf: { period: ["minute", "hour", "day", "week", "month", "year"] },
    sql: `
{{! macro measure_values_recent(column_name) }}
extract(epoch from (cast({{ literal(run_started_at) }} as timestamp) - cast(max({{ column(column_name) }}) as timestamp)))

{{! macro fails_values_recent(column_name, measured, count, period) }}
{{ measured }} is null or {{ measured }} / {{ seconds_of(period) }} > {{ literal(count) }}

{{! macro seconds_of(period) }}
{{#if period == 'minute'}}60.0{{/if}}{{#if period == 'hour'}}3600.0{{/if}}{{#if period == 'day'}}86400.0{{/if}}{{#if period == 'week'}}604800.0{{/if}}{{#if period == 'month'}}2629746.0{{/if}}{{#if period == 'year'}}31556952.0{{/if}}
`,
  },
  {
    name: "null_share_between",
    says: "The share of rows with null lies between `min_share` and `max_share`.",
    example: { column: "percentage", arguments: { max_share: 0.1 } },
    sql: `
{{! macro measure_null_share_between(column_name) }}
avg(case when {{ column(column_name) }} is null then 1.0 else 0.0 end)

{{! macro fails_null_share_between(column_name, measured, max_share, min_share=0) }}
{{ outside(measured, min_share, max_share) }}
`,
  },
  {
    name: "type_is",
    says: "The column has the type `type`, as the engine spells it.",
    example: { column: "period_start", arguments: { type: "date" } },
    sql: `
{{! macro test_type_is(model, column_name, type) }}
select column_name, data_type, {{ literal(type) }} as wanted_type
from {{ columns_of(model) }} as columns_of_model
where lower(column_name) = lower({{ literal(column_name) }})
  and lower(data_type) <> lower({{ literal(type) }})

{{! macro duckdb__columns_of(model) }}
(select column_name, column_type as data_type, row_number() over () as position from (describe select * from {{ model }}))

{{! macro default__columns_of(model) }}
(
    select column_name, data_type, ordinal_position as position
    from information_schema.columns
    where table_schema = {{ literal(model.schema) }} and table_name = {{ literal(model.identifier) }}
)
`,
  },
];
