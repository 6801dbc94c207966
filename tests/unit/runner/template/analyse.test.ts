import assert from "node:assert/strict";
import { test } from "node:test";
import { literalOf } from "../../../../runner/template/literal-of.ts";
import { analyse } from "../../../../runner/template/analyse.ts";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import { analysis, library, specs } from "./workbench.ts";
import type { Bench } from "./workbench.ts";

/** `name(arguments)` of each call, `?` for what is not literal. */
const calls = (template: string, bench: Bench = {}): string[] =>
  analysis(template, bench).calls.map(({ name, args, viaMacro }) => {
    const shown = args.map(
      ({ name: key, value }) => `${key === null ? "" : `${key}=`}${JSON.stringify(literalOf(value)) ?? "?"}`,
    );
    return `${name}(${shown.join(", ")})${viaMacro === null ? "" : ` in ${viaMacro}`}`;
  });

test("references are found in every branch, in arguments and in conditions", () => {
  assert.deepEqual(
    calls(
      "{{#is_incremental}}{{ ref('a') }}{{else}}{{ ref('p', 'b') }}{{/is_incremental}}{{#if not var('x')}}{{ this.schema }}{{/if}}{{ literal(source('s', 't')) }}",
    ),
    ["is_incremental()", 'ref("a")', 'ref("p", "b")', 'var("x")', "this()", 'source("s", "t")'],
  );
});

test("places are those of the call", () => {
  const [, second] = analysis("{{ ref('a') }}\n  {{ ref(\n 'b') }}").calls;
  assert.deepEqual(second?.place, { file: "models/m.sql", line: 2, column: 6 });
});

test("a tag that stands in many places is wrong, and used, in each of them", () => {
  const tag = "{{ ref(x, 'b', 1) }}";
  const wrong = (text: string): string[] =>
    analysis(text).problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
  assert.deepEqual(wrong(tag), ["1:8 NAME_UNKNOWN", "1:16 ARGUMENT_EXTRA"]);
  assert.deepEqual(wrong(`a\n b ${tag}\n{{#if true}}${tag}{{/if}}`), [
    "2:11 NAME_UNKNOWN",
    "2:19 ARGUMENT_EXTRA",
    "3:20 NAME_UNKNOWN",
    "3:28 ARGUMENT_EXTRA",
  ]);
  const [first, second] = analysis("{{ref('a')}}\n  {{ref('a')}}").calls;
  assert.deepEqual([first?.place.line, second?.place.line, second?.at], [1, 2, 17]);
});

const macros = `
{{! macro direct(x) }}{{ ref(x) }}{{ ref('fixed') }}
{{! macro through(name, prefix='stg_') }}{{ direct(prefix ~ name) }}
{{! macro map_of(x) }}{{ ref(x.model) }}
{{! macro all_of(tables) }}{{#each tables as t}}{{ direct(t) }}{{/each}}
{{! macro hidden(x) }}{{#each ['p', 'q'] as x}}{{ ref(x) }}{{/each}}{{ ref(x) }}
{{! macro loop_a(x) }}{{#if x}}{{ loop_b(x) }}{{/if}}{{ ref('from_a') }}
{{! macro loop_b(x) }}{{#if x}}{{ loop_a(x) }}{{/if}}{{ ref('from_b') }}
{{! macro twice(x) }}{{ direct(x) }}{{ direct(x) }}
{{! macro duckdb__dispatched() }}{{ ref('duck') }}
{{! macro default__dispatched() }}{{ ref('other') }}
`;

test("references in macros count for the caller, with what the caller gave", () => {
  const bench = { macros };
  assert.deepEqual(calls("{{ through('geo') }}", bench), [
    'ref("stg_geo") in direct',
    'ref("fixed") in direct',
  ]);
  assert.deepEqual(calls("{{ through(name='geo', prefix='') }}", bench)[0], 'ref("geo") in direct');
  assert.deepEqual(calls("{{ map_of({'model': 'm'}) }}", bench), ['ref("m") in map_of']);
  assert.deepEqual(calls("{{ map_of({}) }}{{ map_of(var('x')) }}", bench), [
    "ref(?) in map_of",
    'var("x")',
    "ref(?) in map_of",
  ]);
  assert.deepEqual(calls("{{ twice('a') }}", bench), ['ref("a") in direct', 'ref("fixed") in direct']);
  assert.deepEqual(analysis("{{ through('a') }}{{ dispatched }}", bench).macros, [
    "direct",
    "duckdb__dispatched",
    "through",
  ]);
  assert.deepEqual(calls("{{ dispatched() }}", bench), ['ref("duck") in duckdb__dispatched']);
});

test("a loop over a literal list is a reference for each item, within macros too", () => {
  assert.deepEqual(calls("{{#each ['a', 'b'] as t}}{{ ref('x_' ~ t) }}{{/each}}"), [
    'ref("x_a")',
    'ref("x_b")',
  ]);
  assert.deepEqual(
    calls("{{#each [['a', 'b'], ['c']] as l}}{{ all_of(l) }}{{/each}}", { macros }).filter(
      (call) => !call.includes("fixed"),
    ),
    ['ref("a") in direct', 'ref("b") in direct', 'ref("c") in direct'],
  );
  assert.deepEqual(calls("{{ hidden('own') }}", { macros }), [
    'ref("p") in hidden',
    'ref("q") in hidden',
    'ref("own") in hidden',
  ]);
  assert.deepEqual(calls("{{#each var('xs') as t}}{{ ref(t) }}{{/each}}"), ['var("xs")', "ref(?)"]);
});

test("macros that call each other are known by all they use, wherever one begins", () => {
  const { library: made } = library({ macros });
  for (const name of ["loop_a", "loop_b", "loop_a"]) {
    const { template } = parseTemplate("models/m.sql", `{{ ${name}(true) }}`);
    const found = analyse(template, made, specs);
    assert.deepEqual(
      found.calls.map(({ viaMacro }) => String(viaMacro)).sort((a, b) => (a < b ? -1 : 1)),
      ["loop_a", "loop_b"],
      name,
    );
    assert.deepEqual(found.macros, ["loop_a", "loop_b"]);
  }
});

test("what hands know from dbt and is not there has a hint of its own", () => {
  const hintOf = (name: string): string | undefined => analysis(`{{ ${name} }}`).problems[0]?.hint;
  assert.match(hintOf("dbt.dateadd('day', 1, 'x')")!, /by their name alone/);
  assert.match(hintOf("exceptions.raise_compiler_error('x')")!, /throws an Error/);
  assert.match(hintOf("flags.FULL_REFRESH")!, /known in models, tests, macros and hooks/);
  assert.match(hintOf("model.name")!, /the hooks of these/);
  assert.match(hintOf("graph.nodes")!, /results, each with its node/);
  assert.equal(
    hintOf("project_name"),
    'dbt knows "project_name", this version does not: write it out, or write a macro in TypeScript',
  );
  assert.match(hintOf("projekt")!, /^a value from outside/);
});
