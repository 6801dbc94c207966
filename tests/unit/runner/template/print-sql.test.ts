import assert from "node:assert/strict";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { ProjectError } from "../../../../runner/base/errors.ts";
import type { Json } from "../../../../runner/base/json.ts";
import { sqlValues } from "./sql-values.ts";
import { render, thrown } from "./workbench.ts";
import { anyText } from "../../../support/any-text.ts";

const nasty = fc.constantFrom(
  "'",
  '"',
  "\\",
  "*",
  "/",
  "-",
  "\n",
  "\r",
  "$",
  "{{",
  "}}",
  "a",
  "e",
  " ",
  "é",
  "😀",
  ";",
  "''",
  "*/",
  "--",
);
const nastyText = fc.oneof(
  anyText(),
  fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join("")),
);

/** Every place where data can stand: what is written there, and what a reader of the SQL must find. */
const places: readonly { template: string; found: (data: string) => string | string[] }[] = [
  { template: "{{ var('d') }} ", found: (data) => data },
  { template: "= {{ literal(var('d')) }},", found: (data) => data },
  { template: "'{{ var('d') }}' ", found: (data) => data },
  { template: "'a''{{ var('d') }}\\' ", found: (data) => `a'${data}\\` },
  { template: "'%{{ word(var('d')) }}{{ var('d') }}%' ", found: (data) => `%${data}${data}%` },
  { template: " e'\\'{{ var('d') }}\\n' ", found: (data) => `'${data}n` },
  { template: " U.e'{{ var('d') }}' ", found: (data) => data },
  { template: "\"{{ var('d') }}\" ", found: (data) => data },
  { template: '"a""{{ var(\'d\') }}b" ', found: (data) => `a"${data}b` },
  { template: "{{ identifier(var('d')) }} ", found: (data) => data },
  { template: "{{ identifier('t_' ~ var('d')) }} ", found: (data) => `t_${data}` },
  { template: "-- it's {{ var('d') }}\n", found: () => "comment" },
  { template: "/* it's {{ var('d') }} */ ", found: () => "comment" },
  { template: "/*/* {{ var('d') }}*/{{ var('d') }}*/ ", found: () => "comment" },
  { template: "/*{{ var('d') }}/ */ ", found: () => "comment" },
  { template: "'x'{{ var('d') }}", found: (data) => ["x", data] },
  { template: "{{ var('d') }}'x' ", found: (data) => [data, "x"] },
  { template: "{{ join(['-', var('d')], ' || ') }} ", found: (data) => data },
  { template: "'{{ both('x', var('d')) }}' ", found: (data) => `x${data}x` },
  { template: "{{> quoted }} ", found: (data) => `%${data}%` },
];
const macros = `
{{! macro word(value) }}{{ value }}
{{! macro both(edge, value) }}{{ edge }}{{ word(value) }}{{ edge }}
{{! macro quoted() }}'%{{ var('d') }}%'`;

test("data stays what it is wherever it is printed, whatever stands before it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...places), { minLength: 1, maxLength: 6 }),
      nastyText,
      (chosen, data) => {
        const sql = render(chosen.map(({ template }) => template).join(" "), { vars: { d: data }, macros });
        assert.deepEqual(
          sqlValues(sql),
          chosen.flatMap(({ found }) => found(data)),
        );
      },
    ),
    { numRuns: 2000 },
  );
});

test("within dollar quotes data either stays what it is or is refused", () => {
  fc.assert(
    fc.property(nastyText, (data) => {
      try {
        assert.deepEqual(sqlValues(render("$q$ {{ var('d') }} $q$ 'end'", { vars: { d: data } })), [
          ` ${data} `,
          "end",
        ]);
      } catch (error) {
        assert.ok(error instanceof ProjectError && data.includes("$"), String(error));
      }
    }),
  );
});

test("a whole file's worth of text before the data is read in linear time", () => {
  const filler = "select 'a', \"b\" /* c */ -- d\n".repeat(2000);
  const start = performance.now();
  const sql = render(`${filler}{{ var('d') }} `.repeat(20), { vars: { d: "x'y" } });
  assert.ok(performance.now() - start < 20_000);
  assert.equal(sql.match(/'x''y'/g)?.length, 20);
});

test("DuckDB reads data back as it was given", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const texts = fc
    .sample(nastyText, { numRuns: 200, seed: 7 })
    .filter((text) => !text.includes("\u0000") && !/\p{Surrogate}/u.test(text));
  const template =
    "select {{ var('d') }}, '{{ var('d') }}', e'{{ var('d') }}' -- {{ var('d') }}\n /* {{ var('d') }} */";
  const sql = texts.map((d) => render(template, { vars: { d } })).join("\nunion all ");
  const rows = (await connection.runAndReadAll(sql)).getRows();
  assert.deepEqual(
    rows,
    texts.map((text) => [text, text, text]),
  );
  connection.closeSync();
  instance.closeSync();
});

test("maps have no form in SQL, within lists neither", () => {
  const messages = (d: Json): string[] =>
    thrown("select {{ var('d') }}", { vars: { d } }).map(({ message }) => message);
  assert.deepEqual(messages({ x: 1 }), ["a map has no form in SQL"]);
  assert.deepEqual(messages(["a", [{ x: 1 }]]), ["a list of maps has no form in SQL"]);
});
