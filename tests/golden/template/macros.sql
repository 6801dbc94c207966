select {{ rounded('x') }}, {{ rounded('y', 3) }}, {{ rounded(column='z', digits=-1) }};
select round(x, 2), round(y, 3), round(z, -1)

# engine: duckdb
{{ now() }} {{ now }};
now() now()

# engine: postgres
{{ now() }} {{ default__now() }};
current_timestamp current_timestamp

{{ columns_of(['a', 'b'], prefix='x_') }};
"x_a", "x_b"

# vars: {"cs": ["a\"", "b"]}
{{ columns_of(var('cs')) }};
"a""", "b"

{{ rounded() }} {{ rounded('x', 1, 2) }} {{ rounded('x', digts=1) }} {{ rounded('x', column=1) }} {{ rounded(digits=1, 'x') }};
# error: 1:4 ARGUMENT_MISSING, 1:36 ARGUMENT_EXTRA, 1:58 ARGUMENT_UNKNOWN, 1:86 ARGUMENT_TWICE, 1:120 ARGUMENT_ORDER

{{ rounded }} {{ round('x') }};
# error: 1:4 ARGUMENT_MISSING, 1:18 NAME_UNKNOWN

{{ statloom.test_not_null(ref('a'), 'geo') }};
select *
from "main"."a"
where "geo" is null

{{ nowhere.rounded('x') }} {{ statloom.test_nul() }};
# error: 1:4 NAME_UNKNOWN, 1:31 NAME_UNKNOWN

# vars: {"first": "2010"}
select 1
where {{ dated('x') }}
  {{> now }};
select 1
where x >= '2010'
  and x is not null
  now()

# vars: {"first": "2010", "c": [{"column": "x"}]}
{{#var('c')}}
  {{> dated }}
{{/var}};
'x' >= '2010'
    and 'x' is not null

{{> dated }};
# error: 1:5 ARGUMENT_MISSING

{{#if is_late()}}late{{else}}early{{/if}};
early

# incremental: true
{{#if is_late}}late{{else}}early{{/if}};
late

{{ union_of(['a', 'b']) }};
select * from "main"."a"
union all
select * from "main"."b"
