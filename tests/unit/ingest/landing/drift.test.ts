import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_DRIFT, driftPolicy } from "../../../../ingest/landing/drift-policy.ts";
import { judgeDrift } from "../../../../ingest/landing/drift.ts";
import type { EditionShape } from "../../../../ingest/landing/drift.ts";

const dimension = (column: string, codes: readonly string[], decimals: number | null = null) => ({
  column,
  categories: codes.map((code) => ({ code, decimals })),
});
const before: EditionShape = {
  rows: 100,
  dimensions: [
    dimension("unit", ["PC"], 1),
    dimension("geo", ["DE", "FR", "IT"]),
    dimension("time_period", ["2023"]),
  ],
};
const told = (after: Partial<EditionShape>, policy = DEFAULT_DRIFT) =>
  judgeDrift(before, { ...before, ...after }, policy).map(({ kind, action, column }) => [
    kind,
    action,
    column,
  ]);

describe("drift", () => {
  test("says nothing of an edition that only grows", () => {
    const dimensions = [...before.dimensions.slice(0, 2), dimension("time_period", ["2023", "2024"])];
    assert.deepEqual(told({ rows: 150, dimensions }), []);
  });

  test("finds every change at once, in sentences", () => {
    const dimensions = [
      dimension("time_period", ["2024"]),
      dimension("geo", ["DE"]),
      dimension("sex", ["T"]),
    ];
    const found = judgeDrift(before, { rows: 10, dimensions }, DEFAULT_DRIFT);
    assert.deepEqual(
      found.map(({ action, message }) => `${action}: ${message}`),
      [
        'fail: the dimension "sex" is new',
        'fail: the dimension "unit" is gone',
        "warn: the dimensions came as geo, time_period, now as time_period, geo",
        'warn: 1 code of "time_period" gone: 2023',
        'warn: 2 codes of "geo" gone: FR, IT',
        "fail: rows fell by 90.0 %, from 100 to 10: at most 25 % may be missing",
      ],
    );
    assert.deepEqual(found[4]?.codes, ["FR", "IT"]);
  });

  test("tells changed decimals code by code, and none of codes that are gone", () => {
    const dimensions = [dimension("unit", ["PC"], 2), ...before.dimensions.slice(1)];
    const [finding] = judgeDrift(before, { ...before, dimensions }, DEFAULT_DRIFT);
    assert.equal(finding?.message, 'decimals of 1 code of "unit" changed: PC 1 → 2');
  });

  test("counts missing rows against the share that may be missing, which is allowed itself", () => {
    assert.deepEqual(told({ rows: 75 }), []);
    assert.deepEqual(told({ rows: 74 }), [["rows_fallen", "fail", null]]);
    assert.deepEqual(told({ rows: 99 }, driftPolicy({ rows_fallen_by: 0 })), [["rows_fallen", "fail", null]]);
    assert.deepEqual(told({ rows: 0 }, driftPolicy({ rows_fallen: "accept" })), []);
  });

  test("takes the project's word before its own, and the dataset's before the project's", () => {
    const project = { codes_gone: "fail", dimension_added: "warn" } as const;
    const dataset = { codes_gone: { geo: "accept" } } as const;
    const policy = driftPolicy(project, dataset);
    assert.deepEqual(policy.codes_gone, { default: "fail", geo: "accept" });
    assert.equal(policy.dimension_added, "warn");
    assert.equal(policy.rows_fallen, "fail");
    const dimensions = [dimension("unit", [], 1), dimension("geo", []), dimension("time_period", ["2023"])];
    assert.deepEqual(told({ dimensions }, policy), [["codes_gone", "fail", "unit"]]);
    assert.deepEqual(driftPolicy(dataset, project).codes_gone, { default: "fail" });
    assert.equal(driftPolicy(undefined), DEFAULT_DRIFT);
  });

  test("refuses a policy for a column that does not exist", () => {
    assert.throws(() => told({}, driftPolicy({ codes_gone: { goe: "fail" } })), {
      code: "DRIFT_COLUMN_UNKNOWN",
      hint: 'did you mean "geo"?',
    });
  });
});
