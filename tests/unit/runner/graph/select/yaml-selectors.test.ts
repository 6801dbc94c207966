import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { namedSelectors } from "../../../../../runner/graph/select/named-selectors.ts";
import { select } from "../../../../../runner/graph/select/select.ts";
import type { Change, StateView } from "../../../../../runner/graph/select/term.ts";
import { readSelectorFile } from "../../../../../runner/project/read-selectors.ts";
import { makeGraph } from "../../../../support/make-graph.ts";
import { tempFolder, writeFiles } from "../../../../support/temp.ts";

/*  a ─► b ─► c,  d alone; both(a, b), one(b) and of_d(d) are tests */
const graph = makeGraph([
  { model: "a", tags: ["nightly"] },
  { model: "b", parents: ["a"], tags: ["nightly", "slow"] },
  { model: "c", parents: ["b"], config: { materialized: "table" } },
  { model: "d", tags: ["slow"] },
  { test: "both", parents: ["a", "b"] },
  { test: "one", parents: ["b"] },
  { test: "of_d", parents: ["d"] },
]);

function read(text: string) {
  const file = readSelectorFile(writeFiles(tempFolder(), { "selectors.yml": text }))!;
  const { selectors, problems } = namedSelectors(file);
  return { selectors, problems: [...file.problems, ...problems] };
}

const selectedBy = (text: string, typed = "selector:x", state?: () => StateView): string => {
  const { selectors, problems } = read(text);
  assert.deepEqual(problems, []);
  const { selected } = select(graph, { select: [typed], exclude: [] }, { selectors, state });
  return [...selected].map((id) => id.split(".")[2]).join(" ");
};
const x = (definition: string): string => `selectors: [{name: x, definition: ${definition}}]`;

/** A definition → what it selects, tests of selected nodes included. */
const rows: readonly (readonly [rule: string, definition: string, expected: string])[] = [
  ["a term of the command line", "c", "c"],
  ["with its operators", '"+b"', "a b both one"],
  ["key and value", "{tag: nightly}", "a b both one"],
  ["key with arguments", "{config.materialized: table}", "c"],
  ["method and value", "{method: tag, value: slow}", "b d both one of_d"],
  ["parents", "{method: fqn, value: b, parents: true}", "a b both one"],
  ["parents_depth", "{method: fqn, value: c, parents: true, parents_depth: 1}", "b c both one"],
  ["children", "{method: fqn, value: a, children: true}", "a b c both one"],
  ["children_depth", "{method: fqn, value: a, children: true, children_depth: 1}", "a b both one"],
  ["childrens_parents", "{method: fqn, value: b, childrens_parents: true}", "a b c both one"],
  ["exclude in a method", "{method: tag, value: slow, exclude: [d]}", "b both one"],
  ["exclude by another method", "{method: tag, value: slow, exclude: [{tag: nightly}]}", "d of_d"],
  ["union", "{union: [c, d]}", "c d of_d"],
  ["union without some", "{union: [{tag: nightly}, c, {exclude: [b]}]}", "a c"],
  ["intersection", "{intersection: [{tag: nightly}, {tag: slow}]}", "b both one"],
  ["intersection without some", "{intersection: [{tag: slow}, {exclude: [{tag: nightly}]}]}", "d of_d"],
  ["groups in groups", "{union: [{intersection: [{tag: nightly}, {tag: slow}]}, d]}", "b d both one of_d"],
  ["its own rule for tests", "{method: fqn, value: b, indirect_selection: cautious}", "b one"],
  [
    "the same rule in all parts holds for the whole",
    "{union: [{method: fqn, value: a, indirect_selection: cautious}, {method: fqn, value: b, indirect_selection: cautious}]}",
    "a b both one",
  ],
  ["empty", "{method: fqn, value: b, indirect_selection: empty}", "b"],
  ["a value with a comma and a plus is a value", "{method: tag, value: 'a,b+'}", ""],
];

describe("selectors.yml", () => {
  for (const [rule, definition, expected] of rows) {
    test(`${rule}: ${definition}`, () => assert.equal(selectedBy(x(definition)), expected));
  }

  const inherits = `
selectors:
  - {name: x, definition: {union: [{method: selector, value: base}, d]}}
  - {name: base, definition: {method: fqn, value: b, indirect_selection: empty}}
`;
  test("a selector inherits another, whichever stands first, and its tests are chosen by its own rule", () =>
    assert.equal(selectedBy(inherits), "b d of_d"));
  test("with operators on the command line", () =>
    assert.equal(selectedBy(inherits, "1+selector:base"), "a b"));
  test("with wildcards", () => assert.equal(selectedBy(inherits, "selector:[bx]*"), "b d of_d"));
  test("with other terms", () => assert.equal(selectedBy(inherits, "selector:x,tag:nightly"), "b"));

  const wrong: readonly (readonly [string, RegExp])[] = [
    [x("{tga: nightly}"), /:1:\d+ SELECTOR_METHOD_UNKNOWN .*did you mean "tag"/],
    [x("3"), /SELECTOR_INVALID a definition is a text or a map/],
    [x("{union: []}"), /"union" must be a list/],
    [x("{union: [a], intersection: [b]}"), /"union" stands alone, found "intersection"/],
    [x("{union: [a, {exclude: [b]}, {exclude: [c]}]}"), /two lists to exclude/],
    [x("{method: tag}"), /KEY_MISSING "value" is missing/],
    [x("{method: tag, value: a, parent: true}"), /KEY_UNKNOWN "parent" .*did you mean "parents"/],
    [x("{method: tag, value: a, indirect_selection: timid}"), /must be one of eager, cautious/],
    [x("{method: tag, value: a, parents_depth: far}"), /"parents_depth" must be a whole number/],
    [x("{method: fqn, value: a, childrens_parents: true, children: true}"), /exclude each other/],
    [x("{method: selector, value: y}"), /SELECTOR_UNKNOWN no selector is named "y"/],
    [
      "selectors: [{name: x, definition: selector:y}, {name: y, definition: selector:x}]",
      /CYCLE .*x → y → x/,
    ],
    ["selectors: [{name: x, definition: a}, {name: x, definition: b}]", /NAME_DUPLICATE/],
    [
      "selectors: [{name: x, default: true, definition: a}, {name: y, default: true, definition: b}]",
      /two selectors are the default/,
    ],
    ["selectors: [{name: x, definitoin: a}]", /KEY_UNKNOWN "definitoin"/],
  ];
  for (const [text, expected] of wrong) {
    test(`is wrong: ${text}`, () => {
      const told = read(text).problems.map(
        ({ file, line, column, code, message, hint }) =>
          `${file}:${line}:${column} ${code} ${message} ${hint}`,
      );
      assert.match(told.join("\n"), expected);
    });
  }
  test("a folder without the file has no selectors", () =>
    assert.equal(readSelectorFile(tempFolder()), undefined));
});

describe("selectors that ask an earlier state", () => {
  const changed: Record<string, Change[]> = { a: ["new"], b: ["body"], c: ["configs", "macros"] };
  const state = (): StateView => ({
    breaks: [],
    changes: ({ name }) => new Set(changed[name]),
    statuses: new Map([
      ["model.shop.a", "error"],
      ["test.shop.both", "fail"],
      ["model.shop.b", "skipped"],
    ]),
    fresher: () => new Set(),
  });
  const asked: readonly (readonly [string, string])[] = [
    ["state:new", "a both"],
    ["state:old", "b c d both one of_d"],
    ["state:modified", "a b c both one"],
    ["state:unmodified,resource_type:model", "d both one of_d"],
    ["state:modified.body", "b both one"],
    ["state:modified.configs", "c"],
    ["state:modified.macros", "c"],
    ["state:modified.relation", ""],
    ["state:modified.contract", ""],
    ["state:modified.persisted_descriptions", ""],
    ["state:modified.body+1", "b c both one"],
    ["result:error", "a both"],
    ["result:fail", "both"],
    ["result:skipped+", "b c both one"],
    ["source_status:fresher+", ""],
  ];
  for (const [typed, expected] of asked) {
    test(typed, () => assert.equal(selectedBy("selectors: []", typed, state), expected));
  }
  for (const [typed, hint] of [
    ["state:modified.bdy", /modified.body/],
    ["result:eror", /"error"/],
    ["source_status:stale", /fresher/],
  ] as const) {
    test(`${typed} is told`, () =>
      assert.throws(
        () => selectedBy("selectors: []", typed, state),
        ({ code, hint: told }: { code: string; hint: string }) =>
          code === "SELECTOR_INVALID" && hint.test(told),
      ));
  }
});
