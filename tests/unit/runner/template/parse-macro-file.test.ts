import assert from "node:assert/strict";
import { test } from "node:test";
import { builtinMacros } from "../../../../runner/template/builtin-macros.ts";
import { parseMacroFile } from "../../../../runner/template/parse-macro-file.ts";

const parse = (text: string): ReturnType<typeof parseMacroFile> => parseMacroFile("macros/m.sql", text);
const codes = (text: string): string[] =>
  parse(text).problems.map(({ line, column, code }) => `${line}:${column} ${code}`);

test("each declaration names a macro; blank lines around its text are left out, indentation is not", () => {
  const { macros, problems } = parse(
    "{{! What this file is. }}\n\n{{! macro a(x, y='b', z={'k': [1]}) }}\n\n  one\n  two\n\n{{! macro b() }}three\n{{!macro c(q,)}}",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    macros.map(({ name, body, place: { line, column } }) => ({ name, body, line, column })),
    [
      { name: "a", body: "  one\n  two", line: 3, column: 11 },
      { name: "b", body: "three", line: 8, column: 11 },
      { name: "c", body: "", line: 9, column: 10 },
    ],
  );
  assert.deepEqual(
    macros[0]?.parameters.map(({ name, required }) => [name, required]),
    [
      ["x", true],
      ["y", false],
      ["z", false],
    ],
  );
});

test("a mistake in a body has its place in the file", () => {
  assert.deepEqual(codes("{{! macro a() }}\nx\n{{! macro b() }}\n{{#if}}"), [
    "4:6 TEMPLATE_SYNTAX",
    "4:4 TEMPLATE_UNCLOSED_SECTION",
  ]);
});

test("declarations that cannot be read are told, and the macros around them are kept", () => {
  const text =
    "{{! macro }}\n{{! macro a }}\n{{! macro b(x=1, y) }}\n{{! macro c(x, x) }}\n{{! macro d(x=y) }}\n{{! macro e(1) }}\n{{! macro ok() }}1";
  assert.deepEqual(codes(text), [
    "1:11 MACRO_SYNTAX",
    "2:13 MACRO_SYNTAX",
    "3:18 MACRO_SYNTAX",
    "4:16 MACRO_SYNTAX",
    "5:15 MACRO_SYNTAX",
    "6:13 MACRO_SYNTAX",
  ]);
  assert.deepEqual(
    parse(text).macros.map(({ name }) => name),
    ["ok"],
  );
});

test("text before the first macro would be lost, so it is a mistake", () => {
  assert.deepEqual(codes("{{! a comment }}\n select 1\n{{! macro a() }}"), ["2:2 MACRO_SYNTAX"]);
  assert.deepEqual(codes("select 1"), ["1:1 MACRO_SYNTAX"]);
  assert.deepEqual(codes("{% macro a() %}x{% endmacro %}"), ["1:1 TEMPLATE_JINJA"]);
  assert.deepEqual(codes("\n"), []);
});

test("nothing is wrong with what is shipped, which is parsed when it is looked into", () => {
  const files = new Map(builtinMacros().map(({ template: { file, text } }) => [file, text]));
  const whole = [...files].flatMap(([file, text]) => {
    const { macros, problems } = parseMacroFile(file, text, "statloom");
    assert.deepEqual(problems, []);
    return macros;
  });
  assert.deepEqual(
    builtinMacros().map(({ kind, name, package: of, parameters, template, body, place }) => ({
      kind,
      name,
      package: of,
      parameters,
      template,
      body,
      place,
    })),
    whole,
  );
  assert.ok(whole.length > 50);
});
