import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDocument, stringify } from "yaml";
import { readPlainYaml } from "../../../../runner/project/fast-yaml.ts";

/** `yaml` judges: whatever is read here, it reads too, and in the same way. Returns whether it was read. */
function isReadAlike(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const document = parseDocument(text);
  assert.deepEqual(document.errors, [], JSON.stringify(text));
  assert.deepStrictEqual(plain.value, document.toJS(), JSON.stringify(text));
  return true;
}

const typical = `# people begin files with comments
version: 2

models:
  - name: dim_geo
    description: Eurostat's codes; EU27_2020 and the like. # as published
    config: {materialized: table, tags: [mart, "a b"], meta: {owner: 'it''s me', since: 2020-01-01}}
    columns:
    - {name: geo, description: "True: not a country.", data_tests: [unique, not_null]}
    - name: value
      description: >
        The mean of what was published,
        in per cent.
      data_tests:
        - not_null
        - accepted_values: {values: [1, 2.5, null, true]}
        - relationships:
            to: ref('dim_geo')
            field: geo
  -
    name: other
    description: |-
      first line
      # no comment
seeds:
`;

test("a typical property file is read without yaml, and as yaml reads it", () => {
  assert.ok(isReadAlike(typical));
});

test("what is not plain is left to yaml", () => {
  const others = [
    "a: &x 1\nb: *x",
    "a: !!str 1",
    "a: 0x1f",
    "a: 1e3",
    "a: |+\n  x\n",
    'a: "\\n"',
    "a: b\n  c",
    "a: [\n  b]",
    "\ta: b",
    "a: b\r\n",
    "---\na: b",
    "? a\n: b",
    "__proto__: 1",
    "<<: {a: 1}",
    "a: >\n  x\n\n  y\n",
    "a: >\n  x\n    y\n",
  ];
  for (const text of others) assert.equal(readPlainYaml(text), undefined, text);
});

test("mistakes are left to yaml, which tells them", () => {
  for (const text of [
    "a: b: c",
    "a: [b",
    "a: 'b",
    "a: 1\na: 2",
    "a:\n  b: 1\n c: 2",
    "- a\nb: c",
    "a: {b: 1}}",
    "a: `b",
    "a: @b",
    "a: %b",
  ]) {
    assert.equal(readPlainYaml(text), undefined, text);
  }
});

// Pieces that mean something to YAML, in any order: mostly nonsense, and nonsense must never get a value of its own.
const pieces = fc.constantFrom(
  ..."\n|\n  |\n    |\n   |- |-| |a: |b: |name: |c:|:|x|null|true|1|1.5|-2|0x1f|1e3|2020-01-01|~|.5|'|''|\"|[|]|{|}|, |,| #c|#|# c\n|&a |*a|!t |? ".split(
    "|",
  ),
  ..."--- ;---;...;%;@;é;\\;ref('x');+;<<: ;y z;0o7;.inf;=;/;(;a: |\n;a: >\n  x\n;- >-\n  x\n;b: |-\n    y\n;  x\n;    y\n;\n\n;|;>".split(
    ";",
  ),
);

test("any text: where a value is found, yaml finds the same", () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { minLength: 1, maxLength: 14 }),
      (parts) => void isReadAlike(parts.join("")),
    ),
    { numRuns: 5000 },
  );
});

test("any data: what yaml wrote is read back, or left to it", () => {
  const scalar = fc.oneof(
    fc.constantFrom<unknown>(
      "a",
      "it's",
      "a: b",
      "x # y",
      "null",
      "- x",
      "",
      '"q"',
      "a, b",
      " lead",
      "1",
      "ä ö",
      null,
      true,
    ),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("name", "tests", "a-b", "c.d", "null", "columns"), tie("tree"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  let read = 0;
  fc.assert(
    fc.property(tree, fc.boolean(), (value, inline) => {
      if (isReadAlike(stringify(value, inline ? { collectionStyle: "flow", lineWidth: 0 } : {}))) read++;
    }),
    { numRuns: 2000 },
  );
  assert.ok(read > 50, `${read} texts were read`);
});
