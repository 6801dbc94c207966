# incremental: true
select 1 {{#is_incremental}}and 2{{/is_incremental}}{{^is_incremental}}and 3{{/is_incremental}};
select 1 and 2

select 1 {{#is_incremental()}}and 2{{/is_incremental()}}{{^is_incremental()}}and 3{{/is_incremental}};
select 1 and 3

select 1
  {{#is_incremental}}
  and 2
  {{/is_incremental}}
  {{^is_incremental}}
  and 3
  {{/is_incremental}}
from x;
select 1
  and 3
from x

{{#if is_incremental}}a{{else}}b{{/if}} {{#unless is_incremental}}c{{/unless}} {{^if is_incremental}}d{{else}}e{{/if}};
b c d

select 1
{{#if is_incremental}}
  , 2
{{else}}
  , 3
{{/if}}
from x;
select 1
  , 3
from x

{{#each ['a', 'b', 'c'] as c}}{{index}}{{c}}{{#first}}!{{/first}}{{^last}}, {{/last}}{{/each}};
0a!, 1b, 2c

{{#each [] as c}}{{c}}{{else}}none{{/each}};
none

{{#['a', 'b']}}{{.}}{{^last}}, {{/last}}{{/['a', 'b']}};
a, b

# vars: {"cs": [{"name": "x", "type": "int"}, {"name": "y", "type": "date"}]}
{{#var('cs')}}{{ identifier(name) }} {{ raw(type) }}{{^last}}, {{/last}}{{/var}};
"x" int, "y" date

# vars: {"cs": [{"name": "x", "inner": [1, 2]}]}
{{#each var('cs') as c}}{{ c.name }}:{{#each c.inner as i}}{{ i }}{{^last}},{{/last}}{{/each}}{{/each}};
'x':1,2

# vars: {"m": {"a": 1, "b": {"c": "x"}}}
{{#var('m')}}{{ a }} {{ b.c }} {{#b}}{{ c }} {{ a }}{{/b}}{{/var}};
1 'x' 'x' 1

# vars: {"e": "", "z": 0, "f": false}
{{#var('e')}}1{{/var}}{{#var('z')}}2{{/var}}{{#var('f')}}3{{/var}}{{^var('f')}}4{{/var}};
4

# vars: {"cs": [{"name": "x"}]}
{{#var('cs')}}{{ nme }}{{/var}};
# error: 1:18 NAME_UNKNOWN

# vars: {"cs": [{"name": "x"}]}
{{#each var('cs') as c}}{{ c.nme }}{{ name }}{{/each}};
# error: 1:39 NAME_UNKNOWN

# vars: {"cs": [{"name": "x"}]}
{{#each var('cs') as c}}{{ c.nme }}{{/each}};
# error: 1:28 FIELD_UNKNOWN

{{#each target as c}}{{ c }}{{/each}};
# error: 1:4 VALUE_KIND

{{! a comment: it's {{ fine }}
select 1;
select 1

a {{! a
 comment }} b;
a  b
