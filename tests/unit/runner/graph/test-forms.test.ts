import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProject, testsOf } from "../../../support/link-project.ts";

test("tests that ask the same of columns of one name differ in what they are asked of alone", async () => {
  const tests = await linkProject({
    "models/a.sql": "select 1 as x",
    "models/b.sql": "select 1 as x",
    "models/c.sql": "select 1 as x",
    "models/p.yml": `models:
  - {name: a, columns: [{name: x, data_tests: [not_null, {accepted_values: {values: [null]}}]}]}
  - {name: b, columns: [{name: x, quote: true, data_tests: [not_null]}]}
  - {name: c, columns: [{name: x, data_tests: [not_null, {accepted_values: {values: [.inf]}}]}]}
`,
  }).then(testsOf);
  const known = tests.map(({ name, rawCode, generic, dependsOn }) => [
    name,
    rawCode,
    generic?.scan?.kind === "rows" ? generic.scan.fails : null,
    dependsOn.nodes,
  ]);
  const call = (of: string, column: string, more = ""): string =>
    `(model=get_where_subquery(ref("${of}")), column_name=${column}${more}) }}`;
  assert.deepEqual(known, [
    [
      "not_null_a_x",
      `{{ test_not_null${call("a", '"x"')}`,
      '{{ fails_not_null(column_name="x") }}',
      ["model.shop.a"],
    ],
    [
      "accepted_values_a_x__None",
      `{{ test_accepted_values${call("a", '"x"', ", values=[null]")}`,
      '{{ fails_accepted_values(column_name="x", values=[null]) }}',
      ["model.shop.a"],
    ],
    // Its column must be quoted.
    [
      "not_null_b__x_",
      `{{ test_not_null${call("b", 'identifier("x")')}`,
      '{{ fails_not_null(column_name=identifier("x")) }}',
      ["model.shop.b"],
    ],
    [
      "not_null_c_x",
      `{{ test_not_null${call("c", '"x"')}`,
      '{{ fails_not_null(column_name="x") }}',
      ["model.shop.c"],
    ],
    // JSON writes null and this number alike; their names differ.
    [
      "accepted_values_c_x__inf",
      `{{ test_accepted_values${call("c", '"x"', ", values=[null]")}`,
      '{{ fails_accepted_values(column_name="x", values=[null]) }}',
      ["model.shop.c"],
    ],
  ]);
});
