import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findTimeDimension, readPeriods } from "../../../../ingest/jsonstat/time-dimension.ts";
import type { TimeCandidate } from "../../../../ingest/jsonstat/time-dimension.ts";
import type { Category } from "../../../../ingest/jsonstat/types.ts";

const categories = (codes: readonly string[], labels: readonly (string | null)[] = []): readonly Category[] =>
  codes.map((code, position) => ({
    code,
    label: labels[position] ?? null,
    position,
    parent: null,
    unit: null,
    decimals: null,
  }));
const dimension = (
  id: string,
  codes: readonly string[],
  more: Partial<TimeCandidate> = {},
): TimeCandidate => ({
  id,
  label: null,
  hasTimeRole: false,
  categories: categories(codes),
  ...more,
});

describe("the dimension that is time", () => {
  const cases: readonly (readonly [
    title: string,
    found: number | null,
    candidates: readonly TimeCandidate[],
  ])[] = [
    [
      "by role, whatever it is called",
      1,
      [dimension("time", ["2020"]), dimension("x", ["a"], { hasTimeRole: true })],
    ],
    [
      "by role, the one that can be read",
      1,
      [dimension("era", ["old"], { hasTimeRole: true }), dimension("y", ["2020"], { hasTimeRole: true })],
    ],
    ["by name", 1, [dimension("geo", ["DE"]), dimension("Tid", ["a", "b"])]],
    ["by the best name", 1, [dimension("year", ["2020"]), dimension("TIME_PERIOD", ["2020-01"])]],
    ["TLIST", 1, [dimension("STATISTIC", ["X"]), dimension("TLIST(M1)", ["199601"])]],
    ["by label", 1, [dimension("CL_1", ["x"]), dimension("CL_2", ["CI_1"], { label: "Time" })]],
    ["by form", 1, [dimension("a", ["x", "y"]), dimension("b", ["2020-Q1", "2020-Q2"])]],
    [
      "by the form of labels",
      1,
      [
        dimension("a", ["x"]),
        dimension("b", ["0", "1"], { categories: categories(["0", "1"], ["2004", "2005"]) }),
      ],
    ],
    [
      "not product codes",
      null,
      [dimension("cn", ["20120610", "20120620"]), dimension("nace", ["1011", "1012"])],
    ],
    [
      "not years that the labels do not confirm",
      null,
      [dimension("a", ["2011"], { categories: categories(["2011"], ["Manufacture of gases"]) })],
    ],
    ["none among none", null, []],
    ["none by form without categories", null, [dimension("a", [])]],
  ];
  for (const [title, found, candidates] of cases)
    test(title, () => assert.equal(findTimeDimension(candidates), found));
});

describe("periods", () => {
  const starts = (
    id: string,
    codes: readonly string[],
    labels?: readonly string[],
  ): readonly (string | null)[] => readPeriods(id, categories(codes, labels)).map(({ start }) => start);
  test("from codes", () => assert.deepEqual(starts("time", ["2020", "2020-W99"]), ["2020-01-01", null]));
  test("from codes of digits, by the dimension", () =>
    assert.deepEqual(starts("TLIST(Q1)", ["19752"]), ["1975-04-01"]));
  test("a half year of the CSO", () => assert.deepEqual(starts("TLIST(H1)", ["20202"]), ["2020-07-01"]));
  test("from labels, where the codes say nothing", () =>
    assert.deepEqual(starts("t", ["CI_1", "CI_2"], ["Sep 1999", "2001"]), ["1999-09-01", "2001-01-01"]));
  test("from labels, where the codes only count, even past 1900", () => {
    const codes = Array.from({ length: 2000 }, (_, i) => String(i));
    const found = starts(
      "Tid",
      codes,
      codes.map(() => "2004-06"),
    );
    assert.deepEqual([...new Set(found)], ["2004-06-01"]);
  });
});
