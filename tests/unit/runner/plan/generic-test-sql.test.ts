import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { createCompiler } from "../../../../runner/plan/compile.ts";
import { createSourceFinder } from "../../../../runner/plan/source-relations.ts";
import { linkProject, testsOf } from "../../../support/link-project.ts";

/** Macros that do everything with their relation that comes to something else for another one, or might. */
const macros = {
  plain: "select * from {{ model }} where {{ column(column_name) }} is null",
  twice: "select * from {{ model }}{{ model }} union all select * from {{ other }} x",
  name: "select '{{ model.identifier }}' from {{ model }}",
  branch: "{{#if model.identifier == 'a'}}select 1{{else}}select 2 from {{ model }}{{/if}}",
  compared: `select {{#if model == '"main"."a"'}}1{{else}}2{{/if}} from {{ model }}`,
  chosen: "{{#if model}}select 1 from {{ model }}{{else}}select 2{{/if}}",
  data: "select {{ literal(model) }} from {{ model }}",
  joined: "select * from {{ join([model, column(column_name)], ' x where ') }}",
  quoted: `select "{{ model }}" from {{ model }}`,
  within: "select '{{ model }}' from {{ model }}",
  comment: "-- {{ model }}\nselect * from {{ model }} /* {{ model }} */",
  dollar: "select $x${{ model }}$x$ from {{ model }}",
  beside:
    "select {{ column(column_name) }}{{ model }} from {{ model }} where {{ literal(column_name) }}{{ column_name }}",
  nested: "select * from ({{ test_plain(model, column_name) }}) where {{ test_name(model, column_name) }}",
  constant: "select 1",
  nothing: "-- {{ model }}",
  partial: "select *\n  {{> test_plain}}\n",
  shared: "select {{ test_constant(1, 2) }} from {{ model }}",
};

test("is for each relation what it is when it is rendered by itself", async () => {
  const names = ["a", "b", "c d", "e'f", "g--h", "ephemeral", "off"];
  const asked = Object.keys(macros).flatMap<unknown>((name) =>
    name === "twice" ? [{ twice: { other: "ref('a')" } }, { twice: { other: "ref('b')" } }] : [name],
  );
  const files: Record<string, string> = {
    "models/schema.yml": JSON.stringify({
      models: names.map((name) => ({
        name,
        config: { enabled: name !== "off" },
        columns: [
          { name: "id", data_tests: asked },
          { name: "e", data_tests: ["plain", { plain: { config: { where: "id > 1" }, name: `w ${name}` } }] },
          { name: "odd name", data_tests: ["plain", "beside", "data"] },
        ],
      })),
      sources: [{ name: "raw", tables: [{ name: "t", columns: [{ name: "id", data_tests: asked }] }] }],
    }),
  };
  for (const name of names)
    files[`models/${name}.sql`] =
      `${name === "ephemeral" ? "{{ config(materialized='ephemeral') }}" : ""}select 1 as id`;
  for (const [name, sql] of Object.entries(macros))
    files[`macros/${name}.sql`] =
      `{{! macro test_${name}(model, column_name${name === "twice" ? ", other" : ""}) }}\n${sql}\n`;
  const linked = await linkProject(files);
  const input = {
    project: linked.project,
    parsed: linked,
    dialect: duckdb,
    sources: createSourceFinder(linked.project.landing, duckdb),
    env: {},
    isIncremental: () => false,
    invocationId: "i",
    startedAt: "2025-01-01T00:00:00Z",
  };
  const outcome = (compile: () => { compiledCode: string }): string => {
    try {
      return compile().compiledCode;
    } catch (error) {
      return String(error);
    }
  };
  const [filled, rendered] = [createCompiler(input), createCompiler(input)];
  const tests = testsOf(linked);
  assert.ok(tests.length > 100);
  for (const node of tests)
    assert.equal(
      outcome(() => filled.compileNode(node)),
      outcome(() => rendered.compile(node.uniqueId)),
      node.rawCode,
    );
});
