import type { ShippedTest } from "./shipped-test.ts";

/** Of time series and of statistics that are published in editions. `group_by` names the columns that tell one series from another. */
export const seriesTests: readonly ShippedTest[] = [
  {
    name: "values_sequential",
    says: "Within each group the numbers rise by `step` from row to row; none is missing, none is there twice.",
    example: { column: "year", arguments: { group_by: ["geo"] } },
    sql: `
{{! macro test_values_sequential(model, column_name, step=1, group_by=[]) }}
with followed as (
    select
        {{#each group_by as name}}{{ column(name) }}, {{/each}}{{ column(column_name) }} as value_field,
        lead({{ column(column_name) }}) over ({{ partitioned(group_by) }}order by {{ column(column_name) }}) as next_value
    from {{ model }}
    where {{ column(column_name) }} is not null
)
select *
from followed
where next_value - value_field <> {{ literal(step) }}

{{! macro partitioned(columns) }}
{{#if columns}}partition by {{ named(columns) }} {{/if}}
`,
  },
  {
    name: "periods_contiguous",
    says: "Between the first and the last date of each group no `period` is missing.",
    example: { column: "period_start", arguments: { period: "year", group_by: ["geo"] } },
    oneOf: { period: ["day", "week", "month", "quarter", "year"] },
    sql: `
{{! macro test_periods_contiguous(model, column_name, period, group_by=[]) }}
with periods as (
    select distinct {{#each group_by as name}}{{ column(name) }}, {{/each}}date_trunc({{ literal(period) }}, {{ column(column_name) }}) as period_field
    from {{ model }}
    where {{ column(column_name) }} is not null
),
followed as (
    select *, lead(period_field) over ({{ partitioned(group_by) }}order by period_field) as next_period
    from periods
)
select *
from followed
where next_period > period_field + interval '{{#if period == 'quarter'}}3 month{{else}}{{#if period == 'week'}}7 day{{else}}1 {{ period }}{{/if}}{{/if}}'
`,
  },
  {
    name: "ranges_disjoint",
    says: "Within each group no range from `lower_bound` to `upper_bound` reaches into the next; an end that is null is open. With `gaps: none` each begins where the one before ends.",
    example: { arguments: { lower_bound: "dbt_valid_from", upper_bound: "dbt_valid_to", group_by: ["geo"] } },
    oneOf: { gaps: ["allowed", "none"] },
    sql: `
{{! macro test_ranges_disjoint(model, lower_bound, upper_bound, group_by=[], gaps='allowed') }}
with followed as (
    select
        {{#each group_by as name}}{{ column(name) }}, {{/each}}{{ column(lower_bound) }} as range_start,
        {{ column(upper_bound) }} as range_end,
        lead({{ column(lower_bound) }}) over (
            {{ partitioned(group_by) }}order by {{ column(lower_bound) }}, {{ column(upper_bound) }}
        ) as next_start
    from {{ model }}
)
select *
from followed
where range_start > range_end
   or next_start < range_end
   or (range_end is null and next_start is not null){{#if gaps == 'none'}}
   or next_start > range_end{{/if}}
`,
  },
  {
    name: "sums_add_up",
    says: "Within each group the value at `total` is the sum of those at `parts` (all others, where none are named), give or take `tolerance`, or `tolerance_share` of the total if that is more. A group in which the total or one of the parts has no value is left out, unless `missing: zero`. With `to`, the dimension's hierarchy, each code is the sum of those whose `parent` it is: of the rows of `to` with `to_where`, such as `column_name = 'geo'` in `source('eurostat', 'demo_pjan', part='dimensions')`.",
    example: {
      column: "value",
      arguments: { dimension: "sex", total: "T", parts: ["F", "M"], group_by: ["geo", "year"], tolerance: 1 },
    },
    anyOf: ["total", "to"],
    oneOf: { missing: ["skip", "zero"] },
    sql: `
{{! macro test_sums_add_up(model, column_name, dimension, group_by, total=none, parts=[], to=none, code='code', parent='parent', to_where=none, tolerance=0, tolerance_share=0, missing='skip') }}
{{#if to != none}}{{ sums_along(model, column_name, dimension, group_by, to, code, parent, to_where, missing) }}{{else}}with compared as (
    select
        {{#each group_by as name}}{{ column(name) }}, {{/each}}
        sum(case when {{ column(dimension) }} = {{ literal(total) }} then {{ column(column_name) }} end) as total_value,
        sum(case when {{ is_part(dimension, total, parts) }} then {{ column(column_name) }} end) as sum_of_parts,
        count(distinct case when {{ is_part(dimension, total, parts) }} and {{ column(column_name) }} is not null then {{ column(dimension) }} end) as parts_found,
        count(distinct case when {{ is_part(dimension, total, parts) }} then {{ column(dimension) }} end) as parts_known
    from {{ model }}
    {{#if group_by}}group by {{ named(group_by) }}{{/if}}
){{/if}}
select *, sum_of_parts - total_value as difference
from compared
where abs(total_value - sum_of_parts) > greatest({{ literal(tolerance) }}, {{ literal(tolerance_share) }} * abs(total_value)){{#if missing == 'skip'}}
  and parts_found = {{#if parts}}{{ how_many(parts) }}{{else}}parts_known{{/if}}{{/if}}

{{! macro sums_along(model, column_name, dimension, group_by, to, code, parent, to_where, missing) }}
with observed as (
    select
        {{#each group_by as name}}{{ column(name) }}, {{/each}}{{ column(dimension) }} as code_field,
        sum({{ column(column_name) }}) as value_field
    from {{ model }}
    group by {{#each group_by as name}}{{ column(name) }}, {{/each}}{{ column(dimension) }}
),
hierarchy as (
    select distinct {{ column(code) }} as part_code, {{ column(parent) }} as total_code
    from {{ to }}
    where {{ column(parent) }} is not null and {{ column(parent) }} <> {{ column(code) }}{{#if to_where != none}} and ({{ raw(to_where) }}){{/if}}
),
known as (
    select total_code, count(*) as parts_known
    from hierarchy
    where part_code in (select code_field from observed)
    group by total_code
),
compared as (
    select
        {{#each group_by as name}}totals.{{ identifier(name) }}, {{/each}}totals.code_field as total_code,
        totals.value_field as total_value, known.parts_known,
        sum(parts.value_field) as sum_of_parts, count(parts.value_field) as parts_found
    from observed as totals
    join known on known.total_code = totals.code_field
    join hierarchy on hierarchy.total_code = totals.code_field
    join observed as parts on parts.code_field = hierarchy.part_code{{#each group_by as name}} and parts.{{ identifier(name) }} is not distinct from totals.{{ identifier(name) }}{{/each}}
    group by {{#each group_by as name}}totals.{{ identifier(name) }}, {{/each}}totals.code_field, totals.value_field, known.parts_known
)

{{! macro is_part(dimension, total, parts) }}
{{#if parts}}{{ column(dimension) }} in {{ literal(parts) }}{{else}}{{ column(dimension) }} <> {{ literal(total) }}{{/if}}

{{! macro how_many(values) }}
array_length({{ listed(values) }}, 1)
`,
  },
  {
    name: "revised_share_between",
    says: "Of the rows that `to`, an earlier edition, has too (by `key`), a share between `min_share` and `max_share` has another value in the column, beyond `tolerance`. An edition before there was any passes.",
    example: {
      column: "value",
      arguments: {
        to: "source('eurostat', 'demo_pjan', vintage='previous')",
        key: ["geo", "sex", "time_period"],
        max_share: 0.2,
      },
    },
    sql: `
{{! macro test_revised_share_between(model, column_name, to, key, max_share, min_share=0, tolerance=0) }}
with newer as (
    select {{ named(key) }}, {{ column(column_name) }} as newer_value from {{ model }}
),
older as (
    select {{ named(key) }}, {{ column(column_name) }} as older_value from {{ to }}
),
revised as (
    select
        count(*) as rows_compared,
        count(case
            when newer_value is null and older_value is null then null
            when newer_value is null or older_value is null then 1
            when abs(newer_value - older_value) > {{ literal(tolerance) }} then 1
        end) as rows_revised
    from newer
    join older on {{#each key as name}}newer.{{ identifier(name) }} = older.{{ identifier(name) }}{{^last}} and {{/last}}{{/each}}
)
select rows_revised, rows_compared, 1.0 * rows_revised / nullif(rows_compared, 0) as revised_share
from revised
where (rows_compared > 0 and (1.0 * rows_revised / rows_compared > {{ literal(max_share) }} or 1.0 * rows_revised / rows_compared < {{ literal(min_share) }}))
   or (rows_compared = 0 and exists (select 1 from older))
`,
  },
  {
    name: "shares_near",
    says: "The shares of the column's codes differ from those in `to` by `max_distance` at most: half the sum of the differences, 0 when they are the same, 1 when no code is common.",
    example: {
      column: "geo",
      arguments: { to: "source('eurostat', 'demo_pjan', vintage='previous')", max_distance: 0.05 },
    },
    sql: `
{{! macro test_shares_near(model, column_name, to, max_distance) }}
with {{ counted(model, column_name, to) }},
compared as (
    select
        sum(older) as older_rows,
        0.5 * sum(abs(coalesce(newer / nullif(all_newer, 0), 0) - coalesce(older / nullif(all_older, 0), 0))) as distance
    from by_value
)
select distance
from compared
where older_rows > 0 and distance > {{ literal(max_distance) }}

{{! macro counted(model, column_name, to) }}
both_editions as (
    select {{ column(column_name) }} as value_field, 1.0 as newer, 0.0 as older from {{ model }} where {{ column(column_name) }} is not null
    union all
    select {{ column(column_name) }}, 0.0, 1.0 from {{ to }} where {{ column(column_name) }} is not null
),
by_value as (
    select
        value_field, sum(newer) as newer, sum(older) as older,
        sum(sum(newer)) over () as all_newer, sum(sum(older)) over () as all_older
    from both_editions
    group by value_field
)
`,
  },
  {
    name: "distribution_near",
    says: "The distribution of the numbers or dates differs from that in `to` by `max_distance` at most: the largest difference between the shares of rows up to a value (Kolmogorov and Smirnov), 0 when they are the same.",
    example: {
      column: "value",
      arguments: { to: "source('eurostat', 'demo_pjan', vintage='previous')", max_distance: 0.1 },
    },
    sql: `
{{! macro test_distribution_near(model, column_name, to, max_distance) }}
with {{ counted(model, column_name, to) }},
cumulated as (
    select
        value_field, all_older,
        abs(
            coalesce(sum(newer) over (order by value_field) / nullif(all_newer, 0), 0)
            - coalesce(sum(older) over (order by value_field) / nullif(all_older, 0), 0)
        ) as distance
    from by_value
)
select max(distance) as distance
from cumulated
having max(all_older) > 0 and max(distance) > {{ literal(max_distance) }}
`,
  },
  {
    name: "measure_usual",
    says: "`measure`, an aggregate over the rows, is what this test's earlier runs make likely: within `sensitivity` standard deviations of their mean, or with `method: median` as many median deviations (scaled to be comparable) of their median, or `minimum_change` if that is more. Of its last `window` runs that did not fail; `season` compares with runs in the same hour, weekday, month or quarter alone. Until there are `minimum_history` it passes.",
    example: { arguments: { measure: "count(*)", sensitivity: 3, minimum_history: 7, season: "weekday" } },
    oneOf: { method: ["mean", "median"], season: ["hour", "weekday", "month", "quarter"] },
    sql: `
{{! macro measure_measure_usual(measure='count(*)') }}
{{ measure }}

{{! macro fails_measure_usual(measured, test_id, measure='count(*)', method='mean', sensitivity=3, minimum_history=7, window=60, season=none, minimum_change=0) }}
{{ measured }} is null or exists (
    with history as (
        select measured as earlier from meta.test_results
        where test_id = {{ literal(test_id) }} and status in ('pass', 'warn') and measured is not null{{#if season != none}}
          and extract({{ season_field(season) }} from checked_at) = extract({{ season_field(season) }} from cast({{ literal(run_started_at) }} as timestamp)){{/if}}
        order by checked_at desc limit {{ literal(window) }}
    ),
    {{#if method == 'median'}}middle as (
        select percentile_cont(0.5) within group (order by earlier) as centre from history
    ),
    usual as (
        select max(centre) as centre, 1.4826 * percentile_cont(0.5) within group (order by abs(earlier - centre)) as deviation, count(*) as runs
        from history cross join middle
    ){{else}}usual as (
        select avg(earlier) as centre, stddev_samp(earlier) as deviation, count(*) as runs from history
    ){{/if}}
    select 1 from usual
    where runs >= {{ literal(minimum_history) }}
      and abs({{ measured }} - centre) > greatest({{ literal(sensitivity) }} * coalesce(deviation, 0), {{ literal(minimum_change) }})
)

{{! macro season_field(season) }}
{{#if season == 'weekday'}}dow{{else}}{{ season }}{{/if}}
`,
  },
];
