/** Writes the bundled sample, `ingest/sample/*.json`: synthetic, and the same bytes on every machine. */
import { join } from "node:path";
import { writeFileAtomic } from "../runner/base/files.ts";
import { monthlyDeaths } from "./sample/deaths.ts";
import { documentText } from "./sample/document-text.ts";
import { createRandom } from "./sample/random.ts";
import { unmetNeed } from "./sample/unmet-need.ts";
import { quarterlyWaits } from "./sample/waits.ts";

/** File names and their texts. */
export function sampleFiles(): ReadonlyMap<string, string> {
  const documents = [
    unmetNeed({ updated: "2025-04-04T23:00:00+0200", lastYear: 2023, revised: false }),
    unmetNeed({ updated: "2025-10-03T23:00:00+0200", lastYear: 2024, revised: true }),
    monthlyDeaths(),
    quarterlyWaits(),
  ];
  return new Map(
    documents.map((document, i) => [
      `${document.code}.${document.updated.slice(0, 10)}.json`,
      documentText(document, createRandom(i + 1)),
    ]),
  );
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  for (const [name, text] of sampleFiles()) {
    writeFileAtomic(join(import.meta.dirname, "../ingest/sample", name), text);
    process.stdout.write(`ingest/sample/${name}: ${Buffer.byteLength(text)} bytes\n`);
  }
}
