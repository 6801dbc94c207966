import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { identify } from "../../../../ingest/publishers/identify.ts";

const clues = (more: object = {}) => ({ id: null, source: null, header: {}, ...more });

describe("the publisher and dataset of a document", () => {
  for (const [title, given, expected] of [
    ["Eurostat's own sign", { id: "hlth_silc_13", source: "ESTAT" }, "eurostat/hlth_silc_13"],
    ["Eurostat by agency", { id: "a", header: { extension: { agencyId: "ESTAT" } } }, "eurostat/a"],
    ["Eurostat before 2023", { id: "a", header: { wsVersion: "V1_1" } }, "eurostat/a"],
    [
      "the CSO by contact",
      { id: "fiq02", header: { extension: { contact: { email: "x@cso.ie" } } } },
      "cso/fiq02",
    ],
    ["an agency behind PxWeb", { id: "tab1", source: "SCB" }, "scb/tab1"],
    ["nobody known", { source: "Wikipedia" }, "files/my_file"],
    ["a name that only sounds like one", { source: "Not Eurostat at all" }, "files/my_file"],
  ] as const) {
    test(`are told from ${title}`, () => {
      const { publisher, dataset } = identify(clues(given), "in/My file.json", null);
      assert.equal(`${publisher}/${dataset}`, expected);
    });
  }

  test("come from the file's name made safe, numbered where a document holds several", () => {
    const named = (file: string, ordinal: number | null = null) => identify(clues(), file, ordinal).dataset;
    assert.equal(named("/x/Über uns (2)..v1.JSON.gz"), "ber_uns_2_.v1");
    assert.equal(named("stdin", 2), "stdin_2");
    assert.equal(named("...json"), "document");
    assert.equal(named(`${"x".repeat(300)}.json`).length, 90);
  });

  const shared = join(import.meta.dirname, "../../../../../shared/data/jsonstat");
  const real = {
    "eurostat/hlth_silc_13.json": "eurostat",
    "cso/fiq02.v2.json": "cso",
    "ons/CPI15.json": "ons",
    "pxweb/TAB6471_data.json": "scb",
    "pxweb/ssb-29843.v1.json": "ssb",
    "statbank-dk/HISB3.json": "statbank-dk",
    "eurostat/nama_gdp_c.v1-bundle.json": "eurostat",
  };
  for (const [file, publisher] of Object.entries(real)) {
    const path = join(shared, file);
    test(
      `are right for ${file}`,
      { skip: existsSync(path) ? false : "the shared documents are not here" },
      async () => {
        const { cubes } = await openDocument(path);
        assert.equal(identify(cubes[0]!, path, null).publisher, publisher);
      },
    );
  }
});
