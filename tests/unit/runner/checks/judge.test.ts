import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judge } from "../../../../runner/checks/judge.ts";
import { testConfig } from "../../../../runner/graph/complete-config.ts";
import type { TestConfigInput } from "../../../../runner/project/config-schemas.ts";
import { mistakesOf } from "../../../support/link-project.ts";

const verdict = (config: TestConfigInput, failures: number, rowsChecked: number | null) =>
  judge({ config: testConfig(config) }, { failures, rowsChecked, measured: null });

describe("a threshold in per cent", () => {
  test("is a share of the rows that were looked at", () => {
    const config = { warn_if: "> 0.5 %", error_if: ">= 2%" };
    assert.deepEqual(
      [5, 6, 19, 20].map((failures) => verdict(config, failures, 1000).status),
      ["pass", "warn", "warn", "fail"],
    );
    assert.equal(
      verdict(config, 20, 1000).message,
      "Got 20 results in 1,000 rows (2 %), configured to fail if >= 2%",
    );
  });
  test("of no rows is none", () => {
    assert.equal(verdict({ error_if: ">= 50 %", warn_if: "> 5 %" }, 0, 0).status, "pass");
  });
  test("asks for rows: a query of its own, or a measure of the whole, has none to compare with", async () => {
    const hint = "compare with a number: > 10";
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "select 1 as id",
        "models/p.yml":
          "models:\n  - name: a\n    data_tests:\n      - mean: {error_if: '> 1%'}\n    columns: [{name: id, data_tests: [{unique: {error_if: '> 1%'}}]}]\n",
        "macros/m.sql":
          "{{! macro measure_mean() }} avg(id)\n{{! macro fails_mean(measured) }} {{ measured }} > 1",
        "tests/data/t.sql": "{{ config(warn_if='>1 %') }} select 1",
      }),
      [
        `models/p.yml:4:9 TEST_SHARE error_if "> 1%" is a share of the rows, and how many this test looks at is not known | ${hint}`,
        `tests/data/t.sql:1:1 TEST_SHARE warn_if ">1 %" is a share of the rows, and how many this test looks at is not known | ${hint}`,
      ],
    );
  });
});
