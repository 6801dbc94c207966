import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CatalogEntry, Description } from "../../../../ingest/publishers/publisher.ts";
import { openPublisher } from "../../../../ingest/publishers/registry.ts";
import { planParts, splitPart } from "../../../../ingest/publishers/split.ts";
import { expandDatasets } from "../../../../ingest/sync/configured.ts";
import { datasetSchema } from "../../../../runner/project/project-schema.ts";

const entry = (code: string, title: string, theme: string): CatalogEntry => ({
  code,
  title,
  themes: [[{ code: theme, title: `Theme ${theme}` }]],
  type: "dataset",
  updated: null,
  structureUpdated: null,
  start: null,
  end: null,
  values: null,
});
const catalog = [
  entry("hlth_a", "Doctors", "hlth"),
  entry("hlth_b", "Hospital beds", "hlth"),
  entry("demo_a", "Deaths in hospital", "demo"),
];

describe("the datasets that a project means", async () => {
  const eurostat = await openPublisher("eurostat", { configs: {}, env: {} });
  const meant = (...entries: object[]) =>
    expandDatasets(
      eurostat,
      entries.map((one) => datasetSchema.parse({ publisher: "Eurostat", ...one })),
      catalog,
    ).map(({ dataset, config }) => `${dataset}${config.last === undefined ? "" : ` last ${config.last}`}`);

  test("by code, pattern, theme and keyword", () => {
    assert.deepEqual(meant({ code: "NOT_LISTED" }), ["not_listed"]);
    assert.deepEqual(meant({ code: "hlth_*" }), ["hlth_a", "hlth_b"]);
    assert.deepEqual(meant({ code: "*_a", exclude: ["demo_?"] }), ["hlth_a"]);
    assert.deepEqual(meant({ theme: "hlth" }), ["hlth_a", "hlth_b"]);
    assert.deepEqual(meant({ theme: "theme demo" }), ["demo_a"]);
    assert.deepEqual(meant({ keyword: "HOSPITAL" }), ["hlth_b", "demo_a"]);
  });

  test("each once: a named one before a found one, then the first that finds it", () => {
    assert.deepEqual(
      meant({ code: "hlth_*", last: 1 }, { keyword: "hospital", last: 2 }, { code: "hlth_b", last: 3 }),
      ["hlth_b last 3", "hlth_a last 1", "demo_a last 2"],
    );
  });

  test("an entry says one of code, theme and keyword", () => {
    for (const wrong of [{}, { code: "a", theme: "b" }])
      assert.equal(datasetSchema.safeParse({ publisher: "eurostat", ...wrong }).success, false);
  });
});

describe("parts of what is too big", () => {
  const dimension = (id: string, role: "geo" | "time" | null, codes: readonly string[]) => ({
    id,
    label: id,
    role,
    codes: codes.map((code) => ({ code, label: code })),
  });
  const description: Description = {
    code: "x",
    title: "x",
    updated: null,
    page: null,
    frequencies: ["A"],
    notes: [],
    dimensions: [
      dimension("unit", null, ["NR", "PC"]),
      dimension("geo", "geo", ["AT", "BE", "DE", "FR", "IT"]),
      dimension("time", "time", ["2020", "2021", "2022", "2023"]),
    ],
  };
  const wanted = { code: "x", filters: {} };

  test("are cut by geo, then by time, then by the rest, and by what is wanted alone", () => {
    assert.deepEqual(splitPart(description, wanted, {}, 2), {
      dimension: "geo",
      parts: [{ geo: ["AT", "BE"] }, { geo: ["DE", "FR", "IT"] }],
    });
    assert.equal(splitPart(description, { ...wanted, filters: { GEO: ["AT"] } }, {}, 9)?.parts.length, 4);
    assert.deepEqual(splitPart(description, { ...wanted, since: "2022" }, { geo: ["AT"] }, 9)?.parts, [
      { geo: ["AT"], time: ["2022"] },
      { geo: ["AT"], time: ["2023"] },
    ]);
    const one = { geo: ["AT"], time: ["2020"] };
    assert.equal(splitPart(description, wanted, one, 2)?.dimension, "unit");
    assert.equal(splitPart(description, wanted, { ...one, unit: ["NR"] }, 2), undefined);
    assert.equal(
      splitPart(description, { ...wanted, filters: { geoLevel: ["country"] } }, {}, 2)?.dimension,
      "time",
    );
  });

  test("share no cell, are the whole together, and hold no more than allowed", () => {
    for (const max of [1, 2, 3, 7, 8, 39, 40]) {
      const cells = planParts(description, wanted, max).map((part) =>
        description.dimensions
          .map(({ id, codes }) => part[id] ?? codes.map(({ code }) => code))
          .reduce<string[]>(
            (all, codes) => all.flatMap((one) => codes.map((code) => `${one} ${code}`)),
            [""],
          ),
      );
      assert.ok(
        cells.every(({ length }) => length <= max),
        String(max),
      );
      assert.equal(new Set(cells.flat()).size, 40);
      assert.equal(cells.flat().length, 40);
    }
  });
});
