import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isMap, parseDocument, stringify, visit } from "yaml";
import { parseYaml } from "../../../../runner/project/yaml.ts";

/** `yaml` judges: the same value, or mistakes where it finds some. */
function agrees(text: string): void {
  const read = parseYaml("a.yml", text);
  const found = judged(text);
  if (found === undefined) assert.ok(read.problems.length > 0, JSON.stringify(text));
  else assert.deepEqual([read.value, read.problems], [found.value, []], JSON.stringify(text));
}

function judged(text: string): { readonly value: unknown } | undefined {
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS() };
  } catch {
    return undefined; // an alias of nothing
  }
}

/** Nothing we know has such a key; where it is no mistake, both libraries make a text of it, each another. */
function hasMapAsKey(text: string): boolean {
  let found = false;
  visit(parseDocument(text), { Pair: (_, { key }) => void (found ||= isMap(key)) });
  return found;
}

describe("YAML is read fast, and as the library reads it that tells the mistakes", () => {
  test("words, numbers, dates and texts of the core schema", () => {
    const scalars = [
      "0o17",
      "017",
      "1_000",
      "yes",
      "no",
      "on",
      "2010-01-01",
      "0x1F",
      ".5",
      "-.5",
      "1.",
      "1e3",
      "~",
      "<<",
      "+1",
      "+.5",
      "-0",
      "-0x1F",
      "+0o7",
      "0b11",
      "1e999",
      "1.5e-3",
      "!",
      ".inf",
      ".nan",
      "True",
      "NULL",
      "1:30",
      "'it''s'",
      '"x\\ty"',
      "x #y",
      "x#y",
      "!!str 1",
      "!x 1",
      "@x",
      "`x`",
      "%x",
    ];
    for (const scalar of scalars) agrees(`a: ${scalar}\n`);
  });
  test("shapes and mistakes", () => {
    const texts = [
      "",
      "# only a comment\n",
      "---\na: 1\n...\n",
      "a: 1\n---\nb: 2\n",
      "{a: 1, a: 2}",
      "a: 1\na: 2\n",
      "a:\n  - b\n  -c\n",
      "a: |\n  x\n  y\n",
      "a: >-\n  x\n  y\n",
      "? a\n: b\n",
      "- - a\n  - b\n",
      "a: [b,\n  c]\n",
      "\ta: b\n",
      "a: b\r\nc: d\r\n",
      "\ufeffa: b\n",
      "a: &x 1\nb: *x\n",
      "a: *x\n",
      "__proto__: {a: 1}\n",
      "constructor: 2\n",
      "a: 'x\n",
      "a: [1, 2\n",
      ">1\n#",
      "|+\n\n    ",
      " |\n#",
      "a: |+ # all\n  b\n\n\n",
      "a:\n  - #- x\n\n- b\n",
      "-\n  -   \n- b\n",
      "- - # x\n  - b\n- c\n",
      "--- a\n",
      "--- a\n---\n",
      "---\u00a0\n",
      "---.inf\n",
      "\n\ufeffa: b\n",
      "a: b\rc: d\n",
      "a: [b]:\n",
      "a: |2-\n    x\n",
    ];
    for (const text of texts) agrees(text);
  });
  test("whatever can be written", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(40, 80, 0), (value, lineWidth) =>
        agrees(stringify(value, { lineWidth })),
      ),
      { numRuns: 500 },
    );
  });
  // Without null as a key: it is "" to one and "null" to the other, and names nothing we know in either. What `yaml` refuses may
  // be read here all the same, as block texts that are indented too little are; what it reads is read alike.
  test("whatever can be typed", () => {
    const word = fc.constantFrom(
      ..."a|b: |- |  |\n|{|}|[|]|, |'|#| |>|1|? |&|*|!|%|@|\t".split("|"),
      "|",
      '"',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const text = words.join("");
        const found = judged(text);
        if (found === undefined || hasMapAsKey(text)) return;
        if (!JSON.stringify(found.value ?? null).includes('"":')) agrees(text);
      }),
      { numRuns: 3000 },
    );
  });
  test("braces without quotes are told as what they are", () => {
    for (const text of ['a: b\nc: {{ doc("x") }}\n', "a:\n  - {{ x }}\n", "a: [{{x}}]\n"]) {
      const [problem, ...others] = parseYaml("a.yml", text).problems;
      assert.deepEqual(others, []);
      assert.match(problem!.message, /^a map cannot be a key: \{\{ … \}\} without quotes/);
      const before = text.split("\n")[problem!.line - 1]!.slice(0, problem!.column - 1);
      assert.match(before, /(: |- |\[)\{$/);
    }
  });
});
