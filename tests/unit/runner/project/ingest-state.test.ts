import assert from "node:assert/strict";
import { test } from "node:test";
import { writeCatalog } from "../../../../ingest/state/catalog-state.ts";
import { updateDatasetState } from "../../../../ingest/state/dataset-state.ts";
import { markDue } from "../../../../ingest/state/due.ts";
import { isDue, readOffers } from "../../../../runner/project/ingest-state.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";

const entry = {
  code: "demo_pjan",
  title: "Population on 1 January",
  themes: [[{ code: "demo", title: "Population" }]],
  type: "dataset",
  updated: "2026-01-01",
  structureUpdated: null,
  start: "1960",
  end: "2025",
  values: 738_776,
} as const;

test("what ingestion wrote of catalogues and datasets is understood", async () => {
  const landing = tempFolder();
  assert.deepEqual(readOffers(landing), []);
  writeCatalog(landing, "eurostat", [entry]);
  const [offers] = readOffers(landing);
  assert.deepEqual(
    [offers!.publisher, offers!.loaded, offers!.entries.map(({ code, end }) => [code, end])],
    ["eurostat", null, [["demo_pjan", "2025"]]],
  );

  const known = (): boolean => isDue(landing, "eurostat", "demo_pjan");
  assert.equal(known(), false);
  const mark = { publisher: "eurostat", dataset: "demo_pjan", reason: "feed", certain: true } as const;
  await markDue(landing, { ...mark, published: "2026-01-01T00:00:00Z" }, "2026-01-01T01:00:00Z");
  assert.equal(known(), true);
  await updateDatasetState(landing, "eurostat", "demo_pjan", (state) => ({ ...state, due: null }));
  assert.equal(known(), false);
});

test("what cannot be read is not known", () => {
  const landing = writeFiles(tempFolder(), {
    ".ingest/eurostat/_catalog.ndjson": `not JSON\n{"title": "no code"}\n{"code": "a", "values": "many"}\n`,
    ".ingest/eurostat/a/state.json": "{",
  });
  assert.deepEqual(
    readOffers(landing)[0]!.entries.map(({ code, title, values }) => [code, title, values]),
    [["a", "", null]],
  );
  assert.equal(isDue(landing, "eurostat", "a"), false);
});
