/**
 * Lands an edition of a document that comes in pieces, in a process of its own, so that a test can kill it:
 * `land-pieces-in-child.ts <landing> <document> <day>`. Says `ready`, waits for a word, lands, and ends.
 */
import fs from "node:fs";
import { openDocument } from "../../../../ingest/jsonstat/document.ts";
import { editionOf } from "../../../../ingest/jsonstat/edition-of.ts";
import { landEdition } from "../../../../ingest/landing/land.ts";

const [landing = "", document = "", day = "1"] = process.argv.slice(2);
const cube = (await openDocument(document, { pieceSize: 100_000 })).cubes[0]!;
const edition = {
  ...editionOf(cube, {
    publisher: "eurostat",
    dataset: "cube",
    source: "cube.json",
    sha256: day.padStart(64, "0"),
  }),
  updated: `2025-04-${day.padStart(2, "0")}T00:00:00Z`,
};
fs.writeSync(1, "ready\n");
fs.readSync(0, Buffer.alloc(1));
const landed = await landEdition(edition, { landing, now: new Date() });
fs.writeSync(1, `${landed.outcome}\n`);
