import assert from "node:assert/strict";
import { test } from "node:test";
import { readHeader } from "../../../../runner/api/docs/header.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const headerOf = (header: unknown, publisher = "scb") =>
  readHeader(writeFiles(tempFolder(), { "header.json": JSON.stringify(header) }), publisher, "demo_pjan");

test("notes, flags and pages are those of the document, and only addresses that a browser opens", () => {
  const header = headerOf({
    source: "SCB",
    note: ["first", "second"],
    link: {
      related: [
        { href: "https://example.org/statistics", label: "Statistics homepage", type: "text/html" },
        { href: "https://example.org/data.json", type: "application/json" },
        { href: "javascript:alert(1)", label: "hostile" },
      ],
    },
    extension: {
      status: { label: { p: "provisional" } },
      annotation: [
        { type: "ESMS_HTML", title: "Explanatory texts", href: "https://example.org/esms" },
        { type: "CREATED" },
      ],
    },
  });
  assert.deepEqual(
    [header.source, header.notes, header.flags, header.pages.map(({ text, href }) => [text, href])],
    [
      "SCB",
      ["first", "second"],
      { p: "provisional" },
      [
        ["Statistics homepage", "https://example.org/statistics"],
        ["Explanatory texts", "https://example.org/esms"],
      ],
    ],
  );
});

test("a header of another shape says nothing; where Eurostat shows a dataset is known", () => {
  assert.deepEqual(headerOf({ note: 7, link: [], extension: "x" }), {
    source: null,
    notes: [],
    pages: [],
    flags: {},
  });
  assert.deepEqual(readHeader("/nowhere", "scb", "x").pages, []);
  assert.equal(
    headerOf({}, "eurostat").pages[0]?.href,
    "https://ec.europa.eu/eurostat/databrowser/view/demo_pjan/default/table",
  );
});
