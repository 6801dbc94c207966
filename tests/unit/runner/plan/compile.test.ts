import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { createCompiler } from "../../../../runner/plan/compile.ts";
import type { Compiler } from "../../../../runner/plan/compile.ts";
import { withCtes } from "../../../../runner/plan/ephemeral.ts";
import { createSourceFinder } from "../../../../runner/plan/source-relations.ts";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import { PROJECT_FILE, linkProject } from "../../../support/link-project.ts";

async function compilerOf(
  files: Record<string, string>,
  incremental: readonly string[] = [],
): Promise<Compiler> {
  const linked = await linkProject(files);
  return createCompiler({
    project: linked.project,
    parsed: linked,
    dialect: duckdb,
    sources: createSourceFinder(linked.project.landing, duckdb),
    env: {},
    isIncremental: ({ name }) => incremental.includes(name),
    invocationId: "i",
    startedAt: "2025-01-01T00:00:00Z",
  });
}

/** What compiling a node throws, as `file:line:column CODE message`. */
function mistakes(compile: () => unknown): string[] {
  try {
    compile();
    return [];
  } catch (error) {
    assert.ok(error instanceof ProjectError, String(error));
    return error.message.split("\n");
  }
}

describe("a node compiles", () => {
  test("to what a first run or a later one sends", async () => {
    const files = {
      "models/a.sql":
        "{{ config(materialized='incremental') }}select 1{{#is_incremental}} where id > (select max(id) from {{ this }}){{/is_incremental}}",
      "models/b.sql": "{{#if is_incremental()}}never{{else}}always{{/if}}",
    };
    const first = await compilerOf(files);
    assert.equal(first.compile("model.shop.a").compiledCode, "select 1");
    const later = await compilerOf(files, ["a"]);
    assert.equal(
      later.compile("model.shop.a").compiledCode,
      'select 1 where id > (select max(id) from "main"."a")',
    );
    assert.equal(later.compile("model.shop.b").compiledCode, "always");
  });
  test("once, however often it is asked for", async () => {
    const compiler = await compilerOf({ "models/a.sql": "select 1" });
    assert.equal(compiler.compile("model.shop.a"), compiler.compile("model.shop.a"));
  });
  test("by macros that come to something else in each, though they are called in the same words", async () => {
    const own = {
      self: "{{ this }} {{ x }}",
      given: "{{ x }}{{#if is_incremental()}} again{{/if}}",
      deep: "{{ self(x) }} {{ given(x) }}",
      plain: "{{ x }} {{ var('since') }} {{ target.schema }}",
    };
    const files: Record<string, string> = {
      "sql_project.yaml": `${PROJECT_FILE}vars: {since: 2010}\n`,
      "macros/script.ts": "let count = 0;\nexport const counted = () => String(++count);\n",
    };
    for (const [name, sql] of Object.entries(own))
      files[`macros/${name}.sql`] = `{{! macro ${name}(x) }}${sql}`;
    for (const name of ["a", "b"])
      files[`models/${name}.sql`] =
        "{{ config(materialized='incremental') }}{{ self('x') }} {{ given('x') }} {{ deep('x') }} {{ plain('x') }} " +
        "{{#each ['y', 'z'] as x}}{{ plain(x) }} {{/each}}{{ counted() }}";
    const compiler = await compilerOf(files, ["b"]);
    const end = 'x 2010 "main" y 2010 "main" z 2010 "main"';
    assert.deepEqual(
      ["a", "b"].map((name) => compiler.compile(`model.shop.${name}`).compiledCode),
      [`"main"."a" x x "main"."a" x x ${end} 1`, `"main"."b" x x again "main"."b" x x again ${end} 2`],
    );
  });
  test("without the semicolon and the byte order mark that people and editors add", async () => {
    const compiler = await compilerOf({ "models/a.sql": "\uFEFFselect ';' ;;\n ; \n" });
    assert.equal(compiler.compile("model.shop.a").compiledCode, "select ';'");
  });
  test("to a query, or not at all", async () => {
    const compiler = await compilerOf({
      "models/a.sql": "",
      "models/b.sql": "{{ config(tags='x') }} -- nothing\n/* here */ ;",
    });
    for (const name of ["a", "b"])
      assert.match(
        mistakes(() => compiler.compile(`model.shop.${name}`))[0]!,
        new RegExp(`^models/${name}\\.sql:1:1 QUERY_EMPTY`),
      );
    assert.match(
      mistakes(() => compiler.compileInline(parseTemplate("inline", " ").template))[0]!,
      /^inline:1:1 QUERY_EMPTY/,
    );
  });
  test("inline SQL like a model's, without a this", async () => {
    const compiler = await compilerOf({
      "models/a.sql": "{{ config(materialized='ephemeral') }} select 1 as x",
    });
    const inline = (sql: string): string =>
      compiler.compileInline(parseTemplate("inline", sql).template).compiledCode;
    assert.equal(
      inline("from {{ ref('a') }};"),
      'with "__dbt__cte__a" as (\nselect 1 as x\n)\nfrom "__dbt__cte__a"',
    );
    assert.deepEqual(
      mistakes(() => inline("from\n {{ ref('ab') }}")),
      ['inline:2:5 REF_UNKNOWN no model, seed or snapshot is named "ab"', '    did you mean "a"?'],
    );
    assert.deepEqual(
      mistakes(() => inline("from {{ source('raw', 'x') }}")),
      ['inline:1:9 SOURCE_UNKNOWN no source table is declared as "raw.x"'],
    );
  });
});

test("a chain of thousands of ephemeral models is compiled from its end", async () => {
  const length = 2000;
  const files = Array.from({ length }, (_, i) => [
    `models/m${i}.sql`,
    `{{ config(materialized='ephemeral') }} select ${i === 0 ? "1 as n" : `n from {{ ref('m${i - 1}') }}`}`,
  ]);
  const compiler = await compilerOf(Object.fromEntries(files) as Record<string, string>);
  assert.equal(compiler.compile(`model.shop.m${length - 1}`).ctes.length, length - 1);
});

describe("CTEs of ephemeral models", () => {
  const join = (sql: string): string => withCtes(sql, [{ id: "x", name: '"x"', sql: "select 1" }]);
  test("come first, past spaces and comments", () => {
    assert.equal(join("select 2"), 'with "x" as (\nselect 1\n)\nselect 2');
    assert.equal(
      join("\n-- with\n/* with\n */ select 2"),
      '\n-- with\n/* with\n */ with "x" as (\nselect 1\n)\nselect 2',
    );
  });
  test("join the query's own", () => {
    assert.equal(join("WITH a as (select 2) from a"), 'WITH "x" as (\nselect 1\n), a as (select 2) from a');
    assert.equal(join('with"a" as (select 2) from a'), 'with "x" as (\nselect 1\n),"a" as (select 2) from a');
    assert.equal(
      join("with\n recursive a as (select 2) from a"),
      'with\n recursive "x" as (\nselect 1\n), a as (select 2) from a',
    );
    assert.equal(
      join("with -- deep\nrecursive a as (select 2) from a"),
      'with -- deep\nrecursive "x" as (\nselect 1\n), a as (select 2) from a',
    );
    assert.equal(
      join("with recursive_not as (select 2) from a"),
      'with "x" as (\nselect 1\n), recursive_not as (select 2) from a',
    );
  });
  test("are found a place for at once, however much space there is", () => {
    const space = " \n".repeat(20_000);
    assert.equal(
      join(`with${space}a as (select 2) from a`),
      `with "x" as (\nselect 1\n),${space}a as (select 2) from a`,
    );
    assert.equal(join(`${space}from a`), `${space}with "x" as (\nselect 1\n)\nfrom a`);
  });
  test("do not mistake a name that begins like one", () => {
    assert.equal(join("withdraw()"), 'with "x" as (\nselect 1\n)\nwithdraw()');
  });
});
