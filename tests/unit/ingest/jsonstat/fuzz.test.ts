import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DocumentError } from "../../../../ingest/jsonstat/document-error.ts";
import type { Cube } from "../../../../ingest/jsonstat/types.ts";
import { documentFiles } from "./support/document-file.ts";
import { assertSameRows } from "./support/compare.ts";
import { findDatasets, flatten } from "./support/flatten.ts";
import { inPieces, readRows } from "./support/read-rows.ts";
import { randomOf, spell, spelledCube } from "./support/spellings.ts";

const files = documentFiles();
/** Rounds and seed may be raised by hand for a longer search. */
const ROUNDS = Number(process.env["STATLOOM_FUZZ_ROUNDS"] ?? 3000);
const SEED = Number(process.env["STATLOOM_FUZZ_SEED"] ?? 20_260_101);

type Random = () => number;
const upTo = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Ways in which documents break on their way. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer, random: Random, other: Buffer) => Buffer>> = {
  truncated: (bytes, random) => bytes.subarray(0, upTo(random, bytes.length)),
  "bit flipped": (bytes, random) => {
    const damaged = Buffer.from(bytes);
    const at = upTo(random, bytes.length);
    damaged[at] = damaged[at]! ^ (1 << upTo(random, 8));
    return damaged;
  },
  "piece missing": (bytes, random) => {
    const from = upTo(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + upTo(random, 20))]);
  },
  "piece twice": (bytes, random) => {
    const from = upTo(random, bytes.length);
    const piece = bytes.subarray(from, from + 1 + upTo(random, 40));
    return Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(from)]);
  },
  interleaved: (bytes, random, other) =>
    Buffer.concat([
      bytes.subarray(0, upTo(random, bytes.length)),
      other.subarray(upTo(random, other.length)),
    ]),
  "two in one": (bytes, _random, other) => Buffer.concat([bytes, other]),
  "byte inserted": (bytes, random) => {
    const at = upTo(random, bytes.length);
    const byte = Buffer.from('{}[]",:0123456789.eE-+ntf\\\0'.slice(upTo(random, 27)).slice(0, 1));
    return Buffer.concat([bytes.subarray(0, at), byte, bytes.subarray(at)]);
  },
};

test("a damaged document is refused, or gives what JSON.parse finds in it", async () => {
  const documents = fc
    .sample(spelledCube, { numRuns: 60, seed: SEED })
    .map((cube) => Buffer.from(spell(cube)));
  const random = randomOf(SEED);
  const names = Object.keys(DAMAGES);
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const name = names[round % names.length]!;
    const pick = (): Buffer => documents[upTo(random, documents.length)]!;
    const damaged = DAMAGES[name]!(pick(), random, pick());
    if (await check(damaged, 1 + upTo(random, 300), `${name}, round ${round}`)) accepted++;
  }
  // Most damage is found out; what is left is damage to labels, numbers and space.
  assert.ok(accepted > 50 && accepted < ROUNDS / 2, `${accepted} documents were accepted`);
  assert.ok(inPieces.sound > 50 && inPieces.unsound > 10, JSON.stringify(inPieces));
});

/** True when the document was read to its end. */
async function check(bytes: Buffer, blockSize: number, name: string): Promise<boolean> {
  const text = bytes.toString("utf8");
  try {
    const { cubes } = await files.open(bytes, blockSize);
    const reads = cubes.map((cube) => readRows(cube));
    if (reads.every(({ rejected }) => rejected.length === 0)) compareAll(cubes, text);
    else
      checkTexts(
        reads.flatMap(({ rows }) => rows.map((row) => row["value_text"])),
        text,
      );
    return true;
  } catch (error) {
    if (error instanceof DocumentError) return false;
    const stack = error instanceof Error ? error.stack : String(error);
    throw new Error(`${name}: ${stack}\n${text.slice(0, 2000)}`, { cause: error });
  }
}

function compareAll(cubes: readonly Cube[], text: string): void {
  const datasets = findDatasets(JSON.parse(text));
  assert.equal(cubes.length, datasets.length);
  for (const [i, cube] of cubes.entries()) {
    if (!losesLabelOrder(datasets[i]!)) assertSameRows(cube, flatten(datasets[i]!));
  }
}

/** Where cells were rejected there is no telling which rows to expect, but none may hold a text that is not there. */
function checkTexts(texts: readonly unknown[], document: string): void {
  for (const text of texts) {
    if (typeof text !== "string") continue;
    const spelled = JSON.stringify(text).slice(1, -1);
    assert.ok(document.includes(text) || document.includes(spelled) || document.includes("\\u"), text);
  }
}

/** Without an index the order of the labels counts, and JSON.parse does not keep it for names like "17". */
function losesLabelOrder(dataset: Record<string, unknown>): boolean {
  const dimensions = Object.values(
    dataset["dimension"] as Record<string, { category?: Record<string, object> }>,
  );
  return dimensions.some(
    (one) =>
      one.category?.["index"] === undefined &&
      Object.keys(one.category?.["label"] ?? {}).some((key) => /^\d+$/.test(key)),
  );
}
