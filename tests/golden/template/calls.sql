select * from {{ ref('a') }};
select * from "main"."a"

select * from {{ ref("pkg", 'a') }} join {{ source('eurostat', 'hlth') }};
select * from "main"."a" join "eurostat"."hlth"

{{ config(materialized='table', meta={'a': {'b': 1}}, tags=['x', "y"],) }}select 1;
select 1

{{
  config(
    materialized = 'incremental',
    unique_key = ['geo', 'period'],
    pre_hook = "set x = '}}'",
  )
}}
select 1;
select 1

select {{{ ref('a') }}} {{& ref('b') }} {{ ref ( 'c' ) }};
select "main"."a" "main"."b" "main"."c"

select '{{ '{{' }} {{ "}}" }}';
select '{{ }}'

select {{ 'it''s' }};
# error: 1:15 TEMPLATE_SYNTAX

select {{ 'it\'s' }} {{ "a\tb" }} {{ '\d+' }} {{ '\u00e9' }};
select it's a	b \d+ é

select {{ 1 }} {{ -2.5 }} {{ 1e3 }} {{ true }} {{ False }} {{ none }};
select 1 -2.5 1000 true false null

{{ this }} {{ this.schema }} '{{ this.identifier }}';
"main"."me" "main" 'me'

{{#if target.name == 'dev' and not is_incremental()}}a{{/if}}{{#if 1 < 2 or var('x')}}b{{/if}};
ab

{{ identifier('a' ~ '_' ~ 'b') }} {{ column('geo') }} {{ column('lower(geo)') }} {{ literal(['a', 1]) }};
"a_b" "geo" lower(geo) ('a', 1)

{{ join(['a', 'b'], ' || ') }} {{ join(var('xs')) }};
# error: 1:40 VAR_UNKNOWN

# vars: {"xs": ["a'b", 2]}
{{ join(['a', 'b'], ' || ') }} in ({{ join(var('xs')) }});
a || b in ('a''b', 2)
