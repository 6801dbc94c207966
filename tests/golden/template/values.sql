# vars: {"d": "2010-01-01"}
where x >= {{ var('d') }} and y = '{{ var('d') }}' and z = date '{{ var("d") }}';
where x >= '2010-01-01' and y = '2010-01-01' and z = date '2010-01-01'

# vars: {"d": "it's \"so\""}
{{ var('d') }} '{{ var('d') }}' "{{ var('d') }}" like '%{{ var('d') }}%' '{{ this.schema }}';
'it''s "so"' 'it''s "so"' "it's ""so""" like '%it''s "so"%' 'main'

# vars: {"d": "*/ drop\n--x"}
/* {{ var('d') }} */ -- {{ var('d') }};
/* * / drop --x */ -- */ drop --x

# vars: {"xs": ["a", "b'c"], "n": 5, "b": true, "z": null}
x in {{ var('xs') }} and {{ var('n') }} {{ var('b') }} {{ var('z') }} '{{ var('n') }}' t_{{ var('n') }};
x in ('a', 'b''c') and 5 true null '5' t_5

# vars: {"n": -1}
1 -{{ var('n') }} e'{{ var('n') }}';
1 - -1 e'-1'

# vars: {"d": "\\' or 1=1 --"}
select e'{{ var('d') }}', '{{ var('d') }}', U&'{{ var('d') }}';
select e'\\'' or 1=1 --', '\'' or 1=1 --', U&'\\'' or 1=1 --'

# vars: {"d": "x"}
select 'a'{{ var('d') }};
select 'a' 'x'

select {{ var('m', 'it\'s a default') }};
select 'it''s a default'

# vars: {"d": "x"}
select e{{ var('d') }};
# error: 1:12 VALUE_PLACE

# vars: {"d": "analytics"}
select * from {{ var('d') }}.t, {{ identifier(var('d')) }}.t, t.{{ identifier(var('d')) }};
# error: 1:18 VALUE_PLACE

# vars: {"d": "analytics"}
select * from {{ identifier(var('d')) }}.t, {{ identifier('t_' ~ var('d')) }}, {{ raw(var('d')) }}.u;
select * from "analytics".t, "t_analytics", analytics.u

# vars: {"xs": ["a"], "m": {"a": 1}, "z": null}
'{{ var('xs') }}';
# error: 1:5 VALUE_PLACE

# vars: {"z": null}
'{{ var('z') }}';
# error: 1:5 VALUE_PLACE

# vars: {"m": {"a": "x"}}
{{ var('m') }};
# error: 1:4 VALUE_PLACE

# vars: {"d": "a$b"}
$q$ {{ var('d') }} $q$;
# error: 1:8 VALUE_PLACE

# vars: {"d": "a'b"}
$q$ {{ var('d') }} $q$ {{ var('d') }};
$q$ a'b $q$ 'a''b'

# vars: {"d": "a'b"}
'{{ literal(var('d')) }}' {{ literal('x') }} '{{ literal('x') }}';
'a''b' 'x' 'x'

# vars: {"d": "a'b"}
{{ like_it('x', var('d')) }} {{ word(var('d')) }} '{{ word(var('d')) }}' '{{ word(word(var('d'))) }}';
x like '%a''b%' 'a''b' 'a''b' 'a''b'

{{ ['a', 'b'] }};
# error: 1:4 VALUE_KIND

{{ {'a': 1}.a }};
# error: 1:12 TEMPLATE_SYNTAX

{{ 'a' < 1 }};
# error: 1:8 VALUE_KIND
