import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProjectError } from "../../../../runner/base/errors.ts";
import { parseMacroFile } from "../../../../runner/template/parse-macro-file.ts";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import type { TemplateNode } from "../../../../runner/template/types.ts";
import { mustacheSketch } from "./full-outline.ts";
import { render, thrown } from "./workbench.ts";
import { anyText } from "../../../support/any-text.ts";

/** The tree in one line: text as it is, tags by what they are. */
function sketch(nodes: readonly TemplateNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === "text") return node.text;
      if (node.kind === "output") return `<${node.at}>`;
      if (node.kind === "partial") return `<${node.indent}>${node.name}>`;
      return `<${node.mode} ${sketch(node.children)}|${sketch(node.otherwise)}>`;
    })
    .join("");
}
const tree = (text: string): string => sketch(parseTemplate("a.sql", text).template.nodes);

test("text without tags is one node, byte by byte", () => {
  const text = "select 1\r\n -- } { }} {\n";
  assert.deepEqual(parseTemplate("a.sql", text), {
    template: { file: "a.sql", text, nodes: [{ kind: "text", at: 0, text }] },
    problems: [],
  });
  assert.deepEqual(parseTemplate("a.sql", "").template.nodes, []);
});

test("a tag that holds only a section or a comment takes its line with it, as mustache has it", () => {
  assert.equal(tree("a\n  {{#x}}\n  b\n  {{/x}}\nc"), "a\n<section   b\n|>c");
  assert.equal(tree("a\r\n{{! c }}\r\nb"), "a\r\nb");
  assert.equal(tree("a {{#x}}\nb{{/x}}\n"), "a <section \nb|>\n");
  assert.equal(tree("{{#x}}{{/x}}\n{{y}}\n"), "<section |><15>\n");
  assert.equal(tree("{{#if x}}\na\n{{else}}\nb\n{{/if}}\n"), "<if a\n|b\n>");
  assert.equal(tree("  {{> m }}\n{{x}} {{> m}}"), "  <  >m>\n<13> <>m>");
});

test("braces and quotes within texts and maps end nothing", () => {
  assert.equal(tree("{{ f('}}', \"{{\", {'a': {'b': {}}}) }}x"), "<3>x");
  assert.equal(tree("{{#f('}}')}}a{{/f}}"), "<section a|>");
  assert.equal(tree("{{! it's }}a{{! isn't }}"), "a");
  assert.equal(tree("{{{ {'a': 1} }}}x"), "<4>x");
});

test("a mistake in one tag hides none of the others, and each has its place", () => {
  const { problems } = parseTemplate("m.sql", "{{ a( }}\n {{#if }}{{ b) }}{{/if}}\n{{/c}}\n{% set x = 1 %}");
  assert.deepEqual(
    problems.map(({ line, column, code }) => `${line}:${column} ${code}`).toSorted(),
    [
      "1:7 TEMPLATE_SYNTAX",
      "2:8 TEMPLATE_SYNTAX",
      "2:14 TEMPLATE_SYNTAX",
      "3:4 TEMPLATE_UNEXPECTED_CLOSE",
      "4:1 TEMPLATE_JINJA",
    ].toSorted(),
  );
});

test("messages say what was found and the way out", () => {
  const [problem] = thrown("select {{ ref('x' | upper) }}");
  assert.equal(problem?.message, '"|" was found where "," or ")" is expected');
  assert.equal(problem?.hint, "there are no filters: use an SQL function, or a macro");
  assert.equal(thrown("{{#if x}}{{/each}}").at(-1)?.hint, "the open section is closed by {{/if}}");
  assert.equal(
    thrown("{% for x in y %}")[0]?.hint,
    "write {{#each list as item}}…{{/each}}; first, last and index are known inside",
  );
  assert.equal(thrown("{{ reff('a') }}")[0]?.hint, 'did you mean "ref"?');
});

test("nesting without end is a mistake, not a crash", () => {
  const sections = parseTemplate("a.sql", "{{#x}}".repeat(5000) + "{{/x}}".repeat(5000));
  assert.deepEqual(
    sections.problems.map(({ code }) => code),
    ["TEMPLATE_SYNTAX"],
  );
  for (const open of ["(", "[", "{a:", "not ", "f("]) {
    const { problems } = parseTemplate("a.sql", `{{ ${open.repeat(20_000)} }}`);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["TEMPLATE_SYNTAX"],
      open,
    );
  }
});

const lines = ["{{#x}}", "{{/x}}", "{{#if y}}", "{{/if}}", "{{else}}", "{{! c }}", "{{z}}", "{{> m}}", "a"];
const blanks = ["", " ", "\n", "\n", " \n", "\r\n", "\n\t", "\n \n", "\u00a0", "\f"];
const laidOut = fc
  .array(fc.tuple(fc.constantFrom(...blanks), fc.constantFrom(...lines), fc.constantFrom(...blanks)), {
    maxLength: 14,
  })
  .map((parts) => parts.flat().join(""));

test("nesting, and which lines vanish, is what mustache says of every character", () => {
  let sound = 0;
  const whole = (nodes: readonly TemplateNode[]): string =>
    nodes
      .map((node) => {
        if (node.kind === "text") return node.text;
        if (node.kind !== "section") return `<${node.at}>`;
        const otherwise = whole(node.otherwise);
        return `<${node.at} ${whole(node.children)}${otherwise && `|${otherwise}`}>`;
      })
      .join("");
  fc.assert(
    fc.property(laidOut, (text) => {
      const { template, problems } = parseTemplate("a.sql", text);
      if (problems.length > 0) return;
      sound++;
      // Of an empty second branch nothing is left in the tree.
      assert.equal(whole(template.nodes), mustacheSketch(text).replaceAll("|>", ">"));
      for (const node of flatten(template.nodes))
        if (node.kind === "text") assert.equal(text.slice(node.at, node.at + node.text.length), node.text);
    }),
    { numRuns: 1500 },
  );
  assert.ok(sound > 100, `${sound} of the texts had no mistake`);
});

const flatten = (nodes: readonly TemplateNode[]): TemplateNode[] =>
  nodes.flatMap((node) =>
    node.kind === "section" ? [node, ...flatten(node.children), ...flatten(node.otherwise)] : [node],
  );

const scraps = [
  ..."{}#^/>!&=%'\"\\()[],:.~|-\n \r".split(""),
  "{{",
  "}}",
  "{{{",
  "}}}",
  "{{#",
  "{{/",
  "{{^",
  "{{!",
  "{%",
  "%}",
  "{#",
  "#}",
  "if ",
  "each ",
  " as ",
  "else",
  "unless ",
  "x",
  "ref(",
  "'a'",
  "1",
  "macro m(",
  "not ",
  " and ",
  "==",
  "is_incremental",
  "var('d')",
  "target.name",
  "{{! macro m(a, b=1) }}",
  "{{/if}}",
  "{{#if x}}",
  "{{else}}",
  "null",
  "é",
];
const anyTemplate = fc.oneof(
  fc.array(fc.constantFrom(...scraps), { maxLength: 30 }).map((parts) => parts.join("")),
  anyText({ maxLength: 40 }),
);

test("no text whatever makes the parser fail with anything but problems", () => {
  fc.assert(
    fc.property(anyTemplate, (text) => {
      const first = parseTemplate("a.sql", text);
      const { template, problems } = first;
      // Tags that were read before are read no other way.
      if (text.includes("}}")) {
        parseTemplate("a.sql", text);
        assert.deepEqual(parseTemplate("a.sql", text), first);
      }
      for (const { line, column } of problems) assert.ok(line >= 1 && column >= 1);
      if (problems.length === 0 && !text.includes("{{")) assert.equal(sketch(template.nodes), text);
      parseMacroFile("m.sql", text);
    }),
    { numRuns: 5000 },
  );
});

test("no text whatever makes rendering fail with anything but problems", () => {
  fc.assert(
    fc.property(anyTemplate, anyTemplate, (text, macros) => {
      try {
        render(text, { vars: { d: ["'", { x: 1 }] }, macros });
      } catch (error) {
        if (!(error instanceof ProjectError)) throw error;
      }
    }),
    { numRuns: 5000 },
  );
});

test("what an unclosed quote costs grows with the length of the file alone", () => {
  const start = process.cpuUsage();
  parseTemplate("a.sql", "{{ f('a) }} {{ 'b' ".repeat(5000));
  parseTemplate("a.sql", "{{".repeat(50_000));
  parseTemplate("a.sql", "{# ".repeat(50_000));
  parseTemplate("a.sql", "{{#x}}\n".repeat(5000));
  const spent = process.cpuUsage(start).user / 1000;
  assert.ok(spent < 3000, `${spent} ms of processor time`);
});
