import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { landEdition } from "../../../../ingest/landing/land.ts";
import type { Landed, LandOptions } from "../../../../ingest/landing/land.ts";
import { withScratch } from "../../../../ingest/landing/scratch.ts";
import { verifyVintage } from "../../../../ingest/landing/verify-vintage.ts";
import { sha256 } from "../../../../runner/base/hash.ts";
import { observationFiles } from "../../../../runner/project/landing.ts";
import { tempFolder } from "../../../support/temp.ts";
import { query } from "./edition.ts";

const root = tempFolder("statloom-pieces-");
const SIZE = [60, 100] as const;
const NOW = new Date("2025-05-01T10:20:30Z");

/** A document of 6,000 cells; `extra` is put behind the values, `statuses` are all flagged. */
function writeDocument(name: string, extra = "", statuses: readonly number[] = [3, 17]): string {
  const path = join(root, `${name}.json`);
  const codes = (length: number, letter: string) => Array.from({ length }, (_, i) => `${letter}${i}`);
  const values = Array.from(
    { length: 5900 },
    (_, i) => `"${i}":${i % 7 === 0 ? '"secret, \\"1\\": x"' : i / 4}`,
  );
  const rest = JSON.stringify({
    status: Object.fromEntries(statuses.map((cell) => [cell, "p"])),
    id: ["geo", "item"],
    size: SIZE,
    dimension: {
      geo: { category: { index: codes(SIZE[0], "G") } },
      item: { category: { index: codes(SIZE[1], "I") } },
    },
  });
  writeFileSync(path, `{"class":"dataset","value":{${values.join(", ")}${extra}},${rest.slice(1)}`);
  return path;
}

async function land(path: string, landing: string, pieceSize: number, more: Partial<LandOptions> = {}) {
  const cube = (await openDocument(path, { pieceSize })).cubes[0]!;
  const landed: Landed = await landEdition(
    {
      publisher: "eurostat",
      dataset: "cube",
      source: "cube.json",
      sha256: sha256(readFileSync(path, "utf8")),
      updated: "2025-04-04T21:00:00Z",
      header: cube.header,
      dimensions: cube.dimensions,
      open: (reject) => cube.observations(reject),
    },
    { landing: join(root, landing), now: NOW, ...more },
  );
  const { vintage } = landed;
  const files = observationFiles(join(root, landing), "eurostat", "cube", vintage);
  const rows = await query(`select * from read_parquet([${files.map((file) => `'${file}'`).join()}])`);
  return { vintage, files, rows };
}

const names = (paths: readonly string[]): string[] =>
  paths.map((path) => path.slice(path.lastIndexOf("/") + 1));

describe("a document that lands in pieces", () => {
  test("has the rows of one that lands whole, in their order, and the same content", async () => {
    const path = writeDocument("plain");
    const whole = await land(path, "whole", 1e9);
    assert.deepEqual(names(whole.files), ["observations.parquet"]);
    const pieces = await land(path, "pieces", 30_000);
    assert.deepEqual(names(pieces.files), [
      "observations-0000.parquet",
      "observations-0001.parquet",
      "observations-0002.parquet",
      "observations-0003.parquet",
    ]);
    assert.equal(pieces.rows.length, 5900);
    assert.deepEqual(pieces.rows, whole.rows);
    const { files: _pieces, ...facts } = pieces.vintage;
    const { files: _whole, ...expected } = whole.vintage;
    assert.deepEqual(facts, expected);
    const again = await land(path, "again", 30_000);
    assert.deepEqual(again.vintage.files, pieces.vintage.files);
    const landed = { publisher: "eurostat", dataset: "cube" };
    assert.deepEqual(
      await withScratch((scratch) => verifyVintage(scratch, join(root, "pieces"), landed, pieces.vintage)),
      [],
    );
  });

  test("keeps what has only a status behind all values", async () => {
    const { files, rows, vintage } = await land(writeDocument("rest", "", [3, 5950, 5940]), "rest", 30_000);
    assert.equal(names(files).at(-1), "observations-0004.parquet");
    assert.deepEqual(
      rows.slice(-2).map((row) => [row["geo"], row["item"], row["value"], row["status"]]),
      [
        ["G59", "I40", null, "p"],
        ["G59", "I50", null, "p"],
      ],
    );
    assert.deepEqual([vintage.rows, vintage.statuses], [5902, 3]);
  });

  test("tells what it rejects in the order of the document", async () => {
    const path = writeDocument("rejected", ', "9999":1, "5901":{"a":1}');
    const { vintage } = await land(path, "rejected", 30_000, { maxRejected: 2 });
    assert.equal(vintage.rejected, 2);
    const log = join(root, "rejected/eurostat/cube", vintage.vintage, "rejected.ndjson");
    const keys = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { key: string }).key);
    assert.deepEqual(keys, ["9999", "5901"]);
  });

  for (const [title, extra] of [
    ["a cell stands in two pieces", ', "5":1'],
    [
      "a piece would begin within a value",
      `, "5990":{${Array.from({ length: 20_000 }, (_, i) => `"${i}":1`).join(",")}}`,
    ],
  ] as const) {
    test(`is read as a whole where ${title}`, async () => {
      const { files, rows, vintage } = await land(writeDocument("unsound", extra), title, 30_000, {
        maxRejected: 1,
      });
      assert.deepEqual(names(files), ["observations.parquet"]);
      assert.deepEqual([vintage.rejected, rows.length], [1, 5900]);
    });
  }

  test("leaves nothing where it is stopped", async () => {
    const stopped = new AbortController();
    const landing = land(writeDocument("stopped"), "stopped", 30_000, {
      signal: stopped.signal,
      onProgress: () => stopped.abort(new Error("enough")),
    });
    await assert.rejects(landing, /enough/);
    assert.deepEqual(readdirSync(join(root, "stopped")), []);
  });

  test("lands beside others in one process", async () => {
    const path = writeDocument("beside");
    const landed = await Promise.all(["one", "two", "three"].map((landing) => land(path, landing, 30_000)));
    for (const { vintage } of landed) assert.deepEqual(vintage.files, landed[0]!.vintage.files);
  });
});
