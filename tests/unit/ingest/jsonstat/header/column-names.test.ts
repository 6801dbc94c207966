import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { columnNames, snakeCase } from "../../../../../ingest/jsonstat/header/column-names.ts";

test("ids become plain names", () => {
  const cases: Readonly<Record<string, string>> = {
    freq: "freq",
    BEVÆGELSE: "bevaegelse",
    "marital status": "marital_status",
    C01779V04002: "c01779v04002",
    ContentsCode: "contents_code",
    PKoder: "p_koder",
    "TLIST(M1)": "tlist_m1",
    Område: "omrade",
    "2011WARDH": "dim_2011wardh",
    _batch_id: "batch_id",
    "a--b": "a_b",
    Année: "annee",
    Регион: "регион",
    地域: "地域",
    "": "dim",
    "***": "dim",
  };
  for (const [id, name] of Object.entries(cases)) assert.equal(snakeCase(id), name);
});

test("names of the other columns are left to them", () => {
  const ids = ["value", "STATUS", "period start", "frequency", "freq", "confidentiality", "time_period"];
  assert.deepEqual(columnNames(ids, null), [
    "value_dim",
    "status_dim",
    "period_start_dim",
    "frequency_dim",
    "freq",
    "confidentiality_dim",
    "time_period_dim",
  ]);
});

test("equal names are numbered", () => {
  assert.deepEqual(columnNames(["Geo", "GEO", "geo", "time", "geo_2"], 3), [
    "geo",
    "geo_2",
    "geo_3",
    "time_period",
    "geo_2_2",
  ]);
});

test("any ids give unique names of 1 to 63 bytes that no other column has", () => {
  const taken = [
    "period_start",
    "period_end",
    "value",
    "value_text",
    "status",
    "confidentiality",
    "frequency",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("x".repeat(80), "é".repeat(63)))),
      (ids) => {
        const names = columnNames(ids, ids.length > 2 ? 2 : null);
        assert.equal(new Set([...names, ...taken]).size, names.length + taken.length);
        for (const name of names) {
          assert.ok(Buffer.byteLength(name) <= 63 && name.length > 0 && !/^[_\d]/.test(name), name);
          assert.doesNotMatch(name, /\p{Surrogate}/u);
        }
      },
    ),
  );
});
