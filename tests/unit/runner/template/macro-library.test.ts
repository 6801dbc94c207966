import assert from "node:assert/strict";
import { test } from "node:test";
import { createMacroLibrary } from "../../../../runner/template/macro-library.ts";
import { parseMacroFile } from "../../../../runner/template/parse-macro-file.ts";
import type { Macro } from "../../../../runner/template/types.ts";
import { library, mistakes, render } from "./workbench.ts";

const macros = (text: string, packageName: string | null = null): Macro[] =>
  parseMacroFile(`${packageName ?? "macros"}/m.sql`, text, packageName).macros;

test("the macro of the engine comes first, the default one last", () => {
  const { library: made } = createMacroLibrary(
    "duckdb",
    macros("{{! macro a() }}{{! macro duckdb__a() }}{{! macro default__b() }}{{! macro postgres__c() }}"),
  );
  assert.equal(made.find("a", null)?.name, "duckdb__a");
  assert.equal(made.find("b", null)?.name, "default__b");
  assert.equal(made.find("c", null), undefined);
});

test("the project's macros come before shipped ones, and a package's own before the project's", () => {
  const own = macros("{{! macro test_unique(model, column_name) }}mine{{! macro a() }}project");
  const { library: made } = createMacroLibrary("duckdb", [
    ...own,
    ...macros("{{! macro a() }}package{{! macro b() }}", "pkg"),
  ]);
  assert.equal(made.find("test_unique", null)?.package, null);
  assert.equal(made.find("test_unique", "statloom")?.package, "statloom");
  assert.equal(made.find("a", null)?.package, null);
  assert.equal(made.find("a", null, "pkg")?.package, "pkg");
  assert.equal(made.find("b", null), undefined);
  assert.equal(made.find("b", "pkg")?.package, "pkg");
});

test("two macros of a name, and names that templates have already, are mistakes", () => {
  const { problems } = library({
    macros: "{{! macro a() }}\n{{! macro a() }}\n{{! macro literal(x) }}\n{{! macro ref(x) }}",
  });
  assert.deepEqual(
    problems.map(({ line, code }) => `${line} ${code}`),
    ["2 MACRO_TWICE", "3 MACRO_RESERVED", "4 MACRO_RESERVED"],
  );
});

test("a macro that dbt would ask and nobody asks here is a mistake, of one's own alone", () => {
  const text = "{{! macro default__generate_database_name(custom, node) }}x";
  const { problems } = library({ macros: text });
  assert.deepEqual(
    problems.map(({ line, code }) => `${line} ${code}`),
    ["1 MACRO_UNUSED"],
  );
  assert.deepEqual(createMacroLibrary("duckdb", macros(text, "pkg")).problems, []);
});

test("mistakes within a macro are told once, in its file, whoever calls it", () => {
  const bench = { macros: "{{! macro a(x) }}\n{{ nope }} {{ x }} {{ ref() }}" };
  assert.deepEqual(mistakes("{{ a(1) }} {{ a(2) }}", bench), ["2:4 NAME_UNKNOWN", "2:23 ARGUMENT_MISSING"]);
});

test("a macro knows its parameters, not what stands around its call", () => {
  const bench = { macros: "{{! macro a() }}{{ c }}" };
  assert.deepEqual(mistakes("{{#each ['x'] as c}}{{ a() }}{{/each}}", bench), ["1:20 NAME_UNKNOWN"]);
});

test("scripts get JSON and return SQL, lists and maps", () => {
  const scripts = [
    {
      kind: "script" as const,
      name: "show",
      package: null,
      file: "macros/show.ts",
      text: "",
      required: 1,
      call(this: { engine: string; literal(value: string): string }, ...args: readonly unknown[]) {
        return `${this.engine} ${this.literal(JSON.stringify(args))}`;
      },
    },
    {
      kind: "script" as const,
      name: "rows",
      package: null,
      file: "macros/rows.ts",
      text: "",
      required: 0,
      call: () => [{ a: "x", n: 1 }],
    },
    {
      kind: "script" as const,
      name: "boom",
      package: null,
      file: "macros/boom.ts",
      text: "",
      required: 0,
      call: () => {
        throw new Error("no luck");
      },
    },
    {
      kind: "script" as const,
      name: "later",
      package: null,
      file: "macros/later.ts",
      text: "",
      required: 0,
      call: async () => "x",
    },
    {
      kind: "script" as const,
      name: "forgot",
      package: null,
      file: "macros/forgot.ts",
      text: "",
      required: 0,
      call: () => undefined,
    },
  ];
  const bench = { scripts, vars: { d: { k: ["it's"] } } };
  assert.equal(
    render("{{ show('a', var('d'), ref('t'), n=2) }}", bench),
    `duckdb '["a",{"k":["it''s"]},"\\"main\\".\\"t\\"",{"n":2}]'`,
  );
  assert.equal(
    render("{{#each rows() as r}}{{ r.a }}{{ r.n }}{{/each}}{{#rows}}{{ a }}{{/rows}}", bench),
    "x1x",
  );
  assert.deepEqual(mistakes("{{ show() }}", bench), ["1:4 ARGUMENT_MISSING"]);
  for (const name of ["boom", "later", "forgot"])
    assert.deepEqual(mistakes(`{{ ${name}() }}`, bench), ["1:4 MACRO_FAILED"]);
});
