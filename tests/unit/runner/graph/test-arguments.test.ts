import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mistakesOf } from "../../../support/link-project.ts";

const mistakes = (...data_tests: readonly unknown[]): Promise<string[]> =>
  mistakesOf({
    "models/a.sql": "select 1 as id",
    "models/p.yml": JSON.stringify({ models: [{ name: "a", columns: [{ name: "id", data_tests }] }] }),
  }).then((list) => list.map((line) => line.replace(/^\S+ /, "")));

describe("arguments of tests", () => {
  test("that are not known, or missing, are told with what there is", async () => {
    assert.deepEqual(await mistakes({ values_between: { min_vale: 1, max_value: 2 } }), [
      'ARGUMENT_UNKNOWN the test "values_between" has no argument "min_vale" | did you mean "min_value"?',
    ]);
    assert.deepEqual(await mistakes({ not_null: { severty: "warn" } }, { not_null: { zzz: 1 } }), [
      'ARGUMENT_UNKNOWN the test "not_null" has no argument "severty" | did you mean "severity"?',
      'ARGUMENT_UNKNOWN the test "not_null" has no argument "zzz" | call it as not_null(column_name)',
    ]);
    assert.deepEqual(await mistakes({ null_share_between: {} }), [
      'ARGUMENT_MISSING the test "null_share_between" needs the argument "max_share" | call it as null_share_between(column_name, max_share, min_share=…)',
    ]);
    assert.deepEqual(await mistakes({ row_count_betwen: { min_value: 1 } }), [
      'TEST_UNKNOWN no test is named "row_count_betwen" | did you mean "row_count_between"?',
    ]);
  });
  test("with which a test could not fail, or not pass, are told", async () => {
    assert.deepEqual(
      await mistakes(
        "values_between",
        { length_between: { min_value: 9, max_value: 2 } },
        { periods_contiguous: { period: "yaer" } },
        { values_recent: { period: "eon", count: 1 } },
        { accepted_values: { values: [] } },
        { null_share_between: { max_share: 5 } },
      ),
      [
        'TEST_ARGUMENT the test "values_between" needs "min_value" or "max_value" | without, it could not fail',
        'TEST_ARGUMENT the test "length_between" has a "min_value" above its "max_value" | nothing lies between them',
        'TEST_ARGUMENT the test "periods_contiguous" knows no "period" "yaer" | did you mean "year"?',
        'TEST_ARGUMENT the test "values_recent" knows no "period" "eon" | one of "minute", "hour", "day", "week", "month", "year"',
        'TEST_ARGUMENT the test "accepted_values" is given no values | write them as a list: values: [a, b]',
        'TEST_ARGUMENT the test "null_share_between" takes "max_share" from 0 to 1, found 5 | a share is a part of the whole: 0.05 is 5 %',
      ],
    );
  });
  test("a test of the project's own takes the place of a shipped one, with its own arguments", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "select 1 as id",
        "macros/m.sql":
          "{{! macro fails_values_between(column_name, limit) }} {{ column(column_name) }} > {{ limit }}",
        "models/p.yml":
          "models: [{name: a, columns: [{name: id, data_tests: [{values_between: {arguments: {limit: 3}}}]}]}]",
      }),
      [],
    );
  });
});
