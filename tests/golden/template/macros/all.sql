{{! Macros for the cases of this folder. }}
{{! macro rounded(column, digits=2) }}
round({{ column }}, {{ digits }})

{{! macro default__now() }}
current_timestamp

{{! macro duckdb__now() }}
now()

{{! macro columns_of(names, prefix='') }}
{{#each names as name}}{{ identifier(prefix ~ name) }}{{^last}}, {{/last}}{{/each}}

{{! macro like_it(column, word) }}
{{ column }} like '%{{ word }}%'

{{! macro word(value) }}{{ value }}
{{! macro forever(x) }}{{ forever(x) }}
{{! macro ping() }}{{ pong() }}
{{! macro pong() }}{{ ping() }}
{{! macro dated(column) }}
{{ column }} >= {{ var('first') }}
  and {{ column }} is not null
{{! macro is_late() }}{{#is_incremental}}true{{/is_incremental}}
{{! macro union_of(tables) }}
{{#each tables as t}}
select * from {{ ref(t) }}
{{^last}}
union all
{{/last}}
{{/each}}
