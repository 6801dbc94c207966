import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CORE_SCHEMA, load } from "js-yaml";
import { loadEntries } from "../../../../runner/project/repeated-entries.ts";

const whole = (text: string): unknown => load(text, { schema: CORE_SCHEMA });

/** What comes of `read`; undefined: a mistake, or a file that has to be read as a whole. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Whether entries were read one by one; they are then what js-yaml finds in the whole file. */
function agrees(text: string): boolean {
  const found = attempt(() => loadEntries(text, whole));
  if (found !== undefined) assert.deepEqual(found, attempt(() => whole(text)) ?? "a mistake", text);
  return found !== undefined;
}

const entry = (name: string, description: string): string =>
  `  - name: ${name}
    description: ${description}
    columns:
      - {name: id, description: "An id."}
      - name: geo
        data_tests: [not_null]
`;

/** Parts of files, whole and torn. */
const LINES = `
- name: a
- name: b
- name: null
- name: 1
- name:
- x
- - name: a
  name: a
  description: x
  description: "x
  description: 'x
  y"
  y'
  - y
  columns:
  columns: [
  columns: []
  ]
]
    more
  meta: |
  meta: {a: 1}
  - name: c
    - name: c
      type: x
    - {name: c}
# c
  # c

    
C
a: 1
`;

describe("entries that were read before are not read again", () => {
  test("what is the same is one object", () => {
    const file = (...entries: string[]): string => `version: 2\n\nmodels:\n${entries.join("")}`;
    const texts = [
      file(entry("a", "One."), entry("b", "One."), entry("c", "Two.")),
      file(entry("d", "One."), entry("e", "Three.")),
    ];
    const read: string[] = [];
    const [first, second] = texts.map(
      (text) =>
        loadEntries(text, (left) => {
          read.push(left);
          return whole(left);
        }) as { models: { name: string; columns: object }[] },
    );
    assert.deepEqual([first, second], texts.map(whole));
    assert.deepEqual(read, [texts[0], file("  - name: e\n    description: Three.\n    columns:\n")]);
    const columns = second!.models[0]!.columns;
    assert.ok(second!.models.every((model) => model.columns === columns));
    assert.deepEqual(Object.keys(second!.models[0]!), ["name", "description", "columns"]);
  });
  test("other files are read as a whole", () => {
    for (const text of [
      "",
      "models: []\n",
      "models:\n",
      "version: 2\n",
      "models:\n  - a\nseeds:\n  - name: b\n",
    ])
      assert.equal(loadEntries(text, whole), undefined, text);
  });
  test("whatever the lines are", () => {
    const lines = fc.constantFrom(...LINES.slice(1, -1).split("\n"));
    const blocks = fc.constantFrom(
      "- name: a\n  description: x\n  columns:\n    - name: c\n",
      "- name: b\n  description: x\n  columns:\n    - name: c\n",
      "- name: b\n  columns:\n  - name: c\n  - name: d\n",
      '- name: b\n  description: "x\n',
      '- name: b\n  description: y"\n',
      '- name: a\n  columns: ["\n  columns:\n    - b"]\n',
      '- name: a\n  columns:\n    - b"]\n',
      "- name: a\n  columns:\n    - [b,\n",
      "- name: a\n    b\n",
    );
    const part = fc.oneof(
      blocks,
      lines.map((line) => `${line}\n`),
    );
    let some = 0;
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("", "  "),
        fc.constantFrom("", "version: 2\n\n", "# c\n"),
        fc.boolean(),
        (parts, indent, head, isCut) => {
          const list = parts.join("").replaceAll(/^(?=.)/gm, indent);
          if (agrees(`${head}models:\n${isCut ? list.slice(0, -1) : list}`)) some++;
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 500) },
    );
    assert.ok(some > 10, `${some}`);
  });
});
