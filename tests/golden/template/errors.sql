{{ ref('a', 'b', 'c') }} {{ ref(1) }} {{ ref(['a']) }} {{ ref() }} {{ ref }};
# error: 1:18 ARGUMENT_EXTRA, 1:33 ARGUMENT_TYPE, 1:46 ARGUMENT_TYPE, 1:59 ARGUMENT_MISSING, 1:71 ARGUMENT_MISSING

{{ reff('a') }} {{ unknown }} {{ target.nam }} {{ this() }};
# error: 1:4 NAME_UNKNOWN, 1:20 NAME_UNKNOWN, 1:34 FIELD_UNKNOWN, 1:51 NAME_NOT_CALLABLE

select {{ ref('a')
from b;
# error: 1:8 TEMPLATE_UNCLOSED_TAG

select {{ ref('a') from {{ ref('b') }} {{ nope }};
# error: 1:8 TEMPLATE_UNCLOSED_TAG, 1:43 NAME_UNKNOWN

select {{ ref('a) }} where x = '{{ var("x") }}' {{ nope }};
# error: 1:15 TEMPLATE_SYNTAX, 1:52 NAME_UNKNOWN

{{#if is_incremental}} {{#each var('x') as y}} {{/if}} {{/each}} {{ nope }};
# error: 1:27 TEMPLATE_UNCLOSED_SECTION, 1:59 TEMPLATE_UNEXPECTED_CLOSE, 1:69 NAME_UNKNOWN

{{/if}} {{else}} {{#is_incremental}}{{else}}{{else}}{{/is_incremental}};
# error: 1:4 TEMPLATE_UNEXPECTED_CLOSE, 1:11 TEMPLATE_SYNTAX, 1:47 TEMPLATE_SYNTAX

{{#is_incremental}} {{ nope }} {{/is_incremental}} {{#is_incremental}};
# error: 1:24 NAME_UNKNOWN, 1:55 TEMPLATE_UNCLOSED_SECTION

{{ }} {{ ref('a' }} {{ ref('a') ) }} {{ a b }} {{ 1 + 2 }} {{ 'a' | upper }} {{ 'a' if b else 'c' }};
# error: 1:4 TEMPLATE_SYNTAX, 1:18 TEMPLATE_SYNTAX, 1:33 TEMPLATE_SYNTAX, 1:43 TEMPLATE_SYNTAX, 1:53 TEMPLATE_SYNTAX, 1:67 TEMPLATE_SYNTAX, 1:85 TEMPLATE_SYNTAX

{{=<% %>=}} {{- ref('a') -}} {{ ref('a') -}};
# error: 1:4 TEMPLATE_SYNTAX, 1:15 TEMPLATE_SYNTAX, 1:42 TEMPLATE_SYNTAX

{% if x %} {# c #} {%- for a in b %} {% endfor %} {% endif %};
# error: 1:1 TEMPLATE_JINJA, 1:12 TEMPLATE_JINJA, 1:20 TEMPLATE_JINJA

select '{%' like '{#', {'a': 1};
select '{%' like '{#', {'a': 1}

{{#if nope(}}{{ nope }}{{/if}};
# error: 1:12 TEMPLATE_SYNTAX

{{#for x in xs}}{{/for}} {{elif x}} {{#each x in xs}}{{/each}} {{^each xs}}{{/each}};
# error: 1:4 TEMPLATE_SYNTAX, 1:28 TEMPLATE_SYNTAX, 1:47 TEMPLATE_SYNTAX, 1:67 TEMPLATE_SYNTAX

{{ 12345678901234567890 }} {{ ref(§) }} {{ x.y.z() }};
# error: 1:4 TEMPLATE_SYNTAX, 1:35 TEMPLATE_SYNTAX, 1:44 TEMPLATE_SYNTAX

{{ forever('x') }};
# error: 18:27 MACRO_RECURSION

{{ ping }};
# error: 20:23 MACRO_RECURSION

{{ join('a') }};
# error: 1:4 VALUE_KIND

{{.}} {{ first }};
# error: 1:3 NAME_UNKNOWN, 1:10 NAME_UNKNOWN
