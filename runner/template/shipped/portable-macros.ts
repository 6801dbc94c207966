/**
 * What engines spell differently, or round and cut differently, for models that are to mean the same on all of them. Arguments are SQL, given
 * as text: `{{ round_to('percentage - before', 2) }}`. A macro of the same name in the project takes their place.
 */
export const portableMacros = `
{{! macro round_to(value, digits=0) }}
cast(round(cast({{ value }} as decimal(28, 10)), {{ digits }}) as double precision)

{{! macro regexp_group(text, pattern, group=1) }}
{{ regexp_group_by_engine(text, pattern, group) }}

{{! macro duckdb__regexp_group_by_engine(text, pattern, group) }}
nullif(regexp_extract({{ text }}, '{{ pattern }}', {{ group }}), '')

{{! macro postgres__regexp_group_by_engine(text, pattern, group) }}
nullif((regexp_match({{ text }}, '{{ pattern }}'))[{{ group }}], '')

{{! macro dateadd(part, count, date) }}
({{ date }} + {{ count }} * interval '1 {{ part }}')

{{! macro datediff(part, start, end) }}
{{ datediff_by_engine(part, start, end) }}

{{! macro duckdb__datediff_by_engine(part, start, end) }}
date_diff('{{ part }}', cast({{ start }} as timestamp), cast({{ end }} as timestamp))

{{! macro postgres__datediff_by_engine(part, start, end) }}
{{#if part == 'year'}}cast(extract(year from cast({{ end }} as timestamp)) - extract(year from cast({{ start }} as timestamp)) as bigint){{else}}{{#if part == 'month'}}cast(12 * (extract(year from cast({{ end }} as timestamp)) - extract(year from cast({{ start }} as timestamp))) + extract(month from cast({{ end }} as timestamp)) - extract(month from cast({{ start }} as timestamp)) as bigint){{else}}cast(extract(epoch from date_trunc('{{ part }}', cast({{ end }} as timestamp)) - date_trunc('{{ part }}', cast({{ start }} as timestamp))) / extract(epoch from interval '1 {{ part }}') as bigint){{/if}}{{/if}}

{{! macro last_day(date, part='month') }}
cast(date_trunc('{{ part }}', cast({{ date }} as timestamp)) + interval '1 {{ part }}' - interval '1 day' as date)

{{! macro listagg(value, separator=', ', order_by=none) }}
string_agg(cast({{ value }} as varchar), '{{ separator }}' order by {{#if order_by == none}}{{ value }}{{else}}{{ order_by }}{{/if}})

{{! macro date_series(start, end, part='day') }}
(select cast(step as date) as day from generate_series(cast({{ start }} as timestamp), cast({{ end }} as timestamp), interval '1 {{ part }}') as steps(step))
`;
