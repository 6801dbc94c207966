import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Answered } from "../../../../../ingest/http/types.ts";
import { addressesOf } from "../../../../../ingest/publishers/eurostat/addresses.ts";
import { readRss } from "../../../../../ingest/publishers/eurostat/feed.ts";
import { gatherEntries } from "../../../../../ingest/publishers/eurostat/gather-entries.ts";
import { judgeData } from "../../../../../ingest/publishers/eurostat/judge.ts";
import { checkWanted, dataRequest } from "../../../../../ingest/publishers/eurostat/request.ts";
import { readTocXml } from "../../../../../ingest/publishers/eurostat/toc-xml.ts";
import { readTocText } from "../../../../../ingest/publishers/eurostat/toc.ts";
import { parseXml, textOf } from "../../../../../ingest/publishers/xml.ts";

const documents =
  process.env["STATLOOM_TEST_DOCUMENTS"] ??
  join(import.meta.dirname, "../../../../../../shared/data/jsonstat");
const shared = join(documents, "..");
const without = !existsSync(shared) && "no documents of publishers beside the checkout";
const real = (path: string): string => readFileSync(join(shared, path), "utf8");

const answer = (head: string, status = 200): Answered => ({
  status,
  url: "https://ec.europa.eu/x",
  headers: {},
  head,
  isWhole: true,
});
const now = new Date("2026-04-26T00:00:00Z");

describe("what an answer of Eurostat means", () => {
  test("errors as they were recorded", { skip: without }, () => {
    const unknown = judgeData(answer(real("errors/ds-999999-statistics.json"), 404));
    assert.deepEqual([unknown.kind, "code" in unknown && unknown.code], ["refused", "DATASET_UNKNOWN"]);
    const big = judgeData(answer(real("errors/ds-045409-extraction-too-big.json"), 413));
    assert.deepEqual([big.kind, "pieces" in big && big.pieces], ["too big", 3]);
    const fault = judgeData(answer(real("errors/ds-045409-fault-413.xml"), 413));
    assert.deepEqual([fault.kind, "pieces" in fault && fault.pieces], ["too big", 4]);
  });

  test("an answer that is being made ready, with status 200 or 413, comes later", () => {
    const label =
      "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later.";
    for (const body of [{ warning: { status: 413, label } }, { error: [{ status: 413, id: 413, label }] }])
      assert.equal(judgeData(answer(JSON.stringify(body))).kind, "later");
  });

  test("no results is no data, also with status 200; a page, an empty answer and half an answer are outages", () => {
    const none = judgeData(answer('{"error":[{"status":400,"id":100,"label":"No results found."}]}'));
    assert.deepEqual([none.kind, "code" in none && none.code], ["refused", "NO_RESULTS"]);
    const dimension = judgeData(
      answer('{"error":[{"status":400,"id":150,"label":"Invalid dimension: goe"}]}', 400),
    );
    assert.equal(dimension.kind, "refused");
    for (const text of ["<!DOCTYPE html><html><title>Maintenance</title>", "", '{"version":"2.0","val'])
      assert.equal(judgeData(answer(text)).kind, "retry", text);
    assert.equal(judgeData(answer("", 503)).kind, "retry");
    assert.equal(judgeData({ ...answer('{"version":"2.0","class":"dataset"'), isWhole: false }).kind, "data");
  });
});

describe("what is asked of Eurostat", () => {
  const wanted = (more: object) => ({ code: "une_rt_m", filters: {}, ...more });

  test("periods that it would move or turn round are refused before anything is sent", () => {
    for (const good of [
      { since: "2024" },
      { since: "2024-Q1", until: "2024-12" },
      { filters: { time: ["2024-W99", "2024-S1"] } },
      { last: 3 },
    ])
      assert.deepEqual(checkWanted(wanted(good)), [], JSON.stringify(good));
    for (const bad of [
      { since: "2020-13" },
      { until: "2021-W60" },
      { since: "2024", until: "2020" },
      { since: "2024", last: 1 },
      { filters: { time: ["2024-13"] } },
      { filters: { geo: ["DE"], geoLevel: ["country"] } },
      { filters: { geoLevel: ["city state"] } },
      { code: "../secret" },
    ])
      assert.equal(checkWanted(wanted(bad)).length, 1, JSON.stringify(bad));
  });

  test("an address repeats a dimension for each code, and Comext has a host of its own", () => {
    const addresses = addressesOf("https://ec.europa.eu/eurostat/api", "en");
    const { url } = dataRequest(
      addresses,
      wanted({ filters: { geo: ["DE", "FR"], TIME_PERIOD: ["2020"] }, since: "2019" }),
      { geo: ["DE"], time: ["2020"] },
    );
    assert.equal(
      url,
      "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/une_rt_m?format=JSON&lang=en&geo=DE&time=2020",
    );
    const comext = dataRequest(addresses, { code: "DS-045409", filters: {} }, {}).url;
    assert.match(comext, /\/eurostat\/api\/comext\/dissemination\/statistics\/1\.0\/data\/DS-045409\?/);
  });
});

describe("the feed of Eurostat", () => {
  test(
    "as it was recorded: local times, a category that is not there, a date that is none",
    { skip: without },
    () => {
      const { changes, coversFrom, unread } = readRss(real("feed/statistics-update.small.rss"), now);
      assert.deepEqual(
        changes.map(({ code, kind, at }) => [code, kind, at]),
        [
          ["lfsi_jhh_a", "data", "2026-04-24T21:00:00Z"],
          ["lfst_hhaceday", "data and structure", "2026-04-22T21:00:00Z"],
          ["ei_isen_m", "data", "2026-04-24T21:00:00Z"],
          ["lfs_fake", "data", "2026-04-23T21:00:00Z"],
          ["hlth_dh010", "data", "2026-04-24T20:00:00Z"],
          ["lfst_broken", "data", "2026-04-25T09:03:48Z"],
        ],
      );
      assert.equal(new Set(changes.map(({ guid }) => guid)).size, 6, "without guids of its own");
      assert.deepEqual([coversFrom, unread], ["2026-04-18T09:03:48Z", []]);
    },
  );

  test("one that is cut short, or another document, is no feed", () => {
    for (const text of ["<rss><channel><item>", "<html></html>", ""])
      assert.throws(() => readRss(text, now), { code: /FEED_INVALID|XML_INVALID/ });
  });

  test("entities that a document declares are not expanded", () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b; &amp;lt; &#65;</x>`;
    const text = textOf(parseXml(bomb)["x"]);
    assert.equal(text, "&b; &lt; A");
  });
});

describe("the table of contents", () => {
  const row = (depth: number, ...cells: string[]): string =>
    `${cells.map((cell, i) => `"${i === 0 ? " ".repeat(depth * 4) : ""}${cell.replaceAll('"', '""')}"`).join("\t")}`;

  test("has a dataset once, with every branch that it hangs on; a blank is nothing", async () => {
    const text = [
      row(
        0,
        "title",
        "code",
        "type",
        "last update of data",
        "last table structure change",
        "data start",
        "data end",
        "values",
      ),
      row(0, "Themes", "data", "folder", " ", " ", " ", " "),
      row(1, "Health", "hlth", "folder", " ", " ", " ", " "),
      `${row(2, 'The "big" one', "HLTH_A", "dataset", "03.10.2026", "01.02.2024", "1991-Q1", "2026-Q2")}\t12345`,
      row(0, "Other", "other", "folder", " ", " ", " ", " "),
      `${row(1, 'The "big" one', "hlth_a", "dataset", "03.10.2026", "01.02.2024", "1991-Q1", "2026-Q2")}\t"12345"`,
      `${row(1, "Empty", "tps1", "table", " ", " ", " ", " ")}\t `,
    ].join("\n");
    assert.deepEqual(await gatherEntries(readTocText(Buffer.from(`${text}\n`))), [
      {
        code: "hlth_a",
        title: 'The "big" one',
        themes: [
          [
            { code: "data", title: "Themes" },
            { code: "hlth", title: "Health" },
          ],
          [{ code: "other", title: "Other" }],
        ],
        type: "dataset",
        updated: "2026-10-03",
        structureUpdated: "2024-02-01",
        start: "1991-Q1",
        end: "2026-Q2",
        values: 12_345,
      },
      {
        code: "tps1",
        title: "Empty",
        themes: [[{ code: "other", title: "Other" }]],
        type: "table",
        updated: null,
        structureUpdated: null,
        start: null,
        end: null,
        values: null,
      },
    ]);
    await assert.rejects(gatherEntries(readTocText(Buffer.from(text.slice(0, -40)))), {
      code: "CATALOG_INVALID",
    });
  });

  test("in XML, as it was recorded", { skip: without }, async () => {
    const [first, ...rest] = await gatherEntries(
      readTocXml(Buffer.from(real("catalogue/table_of_contents.2015-fragment.xml")), "en"),
    );
    assert.deepEqual(
      [first?.code, first?.updated, first?.start, first?.values],
      ["nama_10_gdp", "2015-10-26", "1975", 417_804],
    );
    assert.deepEqual(
      first?.themes[0]?.map(({ code }) => code),
      ["data", "economy", "na10", "nama_10", "nama_10_ma"],
    );
    assert.ok(rest.length > 0);
  });
});
