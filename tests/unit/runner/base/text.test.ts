import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ProjectError, throwProblems } from "../../../../runner/base/errors.ts";
import { didYouMean, editDistance, nearest } from "../../../../runner/base/nearest.ts";
import { paintFor } from "../../../../runner/base/paint.ts";
import { formatProblem, placeAt, sortProblems } from "../../../../runner/base/problems.ts";
import { anyText } from "../../../support/any-text.ts";
import {
  formatSeconds,
  formatTable,
  plural,
  printable,
  printableLines,
} from "../../../../runner/base/text.ts";

describe("the nearest name", () => {
  test("is one that a slip away leads to, case ignored", () => {
    const known = ["stg_orders", "dim_geo", "fct_sales"];
    for (const [typed, meant] of [
      ["stg_order", "stg_orders"],
      ["STG_ORDERS", "stg_orders"],
      ["dim_goe", "dim_geo"],
      ["fct", undefined],
      ["fct_", "fct_sales"],
      ["something_else", undefined],
      ["", undefined],
    ] as const)
      assert.equal(nearest(typed, known), meant, typed);
    assert.equal(nearest("x", []), undefined);
    assert.equal(didYouMean("dim_goe", known), 'did you mean "dim_geo"?');
  });
  test("by a distance that is one: nothing for the same, the same both ways, never more than the longer", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, a), 0);
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.toLowerCase().length, b.toLowerCase().length));
      }),
    );
    assert.equal(editDistance("biuld", "build"), 1, "two neighbours swapped are one slip");
  });
});

describe("problems", () => {
  const at = (file: string, line: number, column: number, code = "X") => ({
    file,
    line,
    column,
    code,
    message: "m",
  });
  test("print with their place, the hint below, and no control characters", () => {
    assert.equal(formatProblem({ ...at("a.sql", 3, 9), hint: "do so" }), "a.sql:3:9 X m\n    do so");
    assert.equal(
      formatProblem({ ...at("a\u001b[2J\n.sql", 1, 1), message: "one\u0007\ntwo" }),
      "a�[2J�.sql:1:1 X one�\ntwo",
    );
  });
  test("come in the order of files, lines and columns", () => {
    const sorted = [
      at("a", 1, 2),
      at("a", 1, 10),
      at("a", 2, 1),
      at("a", 10, 1),
      at("b", 1, 1, "A"),
      at("b", 1, 1),
    ];
    assert.deepEqual(sortProblems(sorted.toReversed()), sorted);
    assert.throws(
      () => throwProblems(sorted.toReversed()),
      (error) => error instanceof ProjectError && error.problems.length === 6 && error.exitCode === 2,
    );
    throwProblems([]);
  });
  test("have lines and columns from 1", () => {
    const text = "ab\n\ncd";
    const places = [0, 1, 2, 3, 4, 5].map((offset) => placeAt("f", text, offset));
    assert.deepEqual(
      places.map(({ line, column }) => [line, column]),
      [
        [1, 1],
        [1, 2],
        [1, 3],
        [2, 1],
        [3, 1],
        [3, 2],
      ],
    );
  });
});

describe("text for people", () => {
  test("counts and times", () => {
    assert.deepEqual(
      [plural(1, "row"), plural(0, "row"), plural(1234567, "row"), plural(2, "query", "queries")],
      ["1 row", "0 rows", "1,234,567 rows", "2 queries"],
    );
    assert.deepEqual([0, 0.044, 9.994, 12.34, 59.9, 60, 125, 3599.9].map(formatSeconds), [
      "0.00s",
      "0.04s",
      "9.99s",
      "12.3s",
      "59.9s",
      "1m 00s",
      "2m 05s",
      "59m 59s",
    ]);
  });
  test("tables: numbers to the right, long and dangerous cells on one line", () => {
    assert.equal(
      formatTable(
        ["n", "text"],
        [
          [1, "a"],
          [null, "two\nlines \u001b[31m"],
          [-20, { a: [1] }],
        ],
      ),
      '  n  text\n───  ───────────────\n  1  a\n     two⏎lines �[31m\n-20  {"a":[1]}',
    );
    assert.match(formatTable(["a"], [["x".repeat(100)]]), /^x{59}…$/m);
    assert.equal(formatTable(["a", "b"], []), "a  b\n─  ─");
  });
  test("a table of more rows than a call takes arguments", () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => [i]);
    assert.equal(formatTable(["n"], rows).split("\n").length, 200_002);
  });
  test("no control character gets through, whatever the text", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        assert.doesNotMatch(printable(text), /[\u0000-\u001f\u007f-\u009f]/);
        assert.equal(printableLines(text).split("\n").length, text.split("\n").length);
      }),
    );
  });
});

test("colours: at a terminal, unless somebody says otherwise", () => {
  const on = (env: Record<string, string>, isTerminal: boolean): boolean =>
    paintFor({ env }, { isTerminal, width: 80, write: () => undefined }).red("x") !== "x";
  assert.deepEqual([on({}, true), on({}, false)], [true, false]);
  assert.deepEqual([on({ NO_COLOR: "1" }, true), on({ NO_COLOR: "" }, true)], [false, true]);
  assert.equal(on({ TERM: "dumb" }, true), false);
  assert.deepEqual(
    [on({ FORCE_COLOR: "1" }, false), on({ FORCE_COLOR: "1", NO_COLOR: "1" }, false)],
    [true, true],
  );
  assert.deepEqual([on({ FORCE_COLOR: "0" }, true), on({ FORCE_COLOR: "" }, false)], [false, false]);
});
