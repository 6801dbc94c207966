import { rmSync } from "node:fs";
import { join } from "node:path";
import { OperationError } from "../../runner/base/errors.ts";
import { sha256 } from "../../runner/base/hash.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { plural } from "../../runner/base/text.ts";
import { DocumentError } from "../jsonstat/document-error.ts";
import { openDocument } from "../jsonstat/document.ts";
import { editionOf } from "../jsonstat/edition-of.ts";
import { mergeCubes } from "../jsonstat/merge-cubes.ts";
import type { MergedCube } from "../jsonstat/merge-cubes.ts";
import type { Cube, Dimension } from "../jsonstat/types.ts";
import { driftPolicy } from "../landing/drift-policy.ts";
import { landEdition } from "../landing/land.ts";
import type { Landed } from "../landing/land.ts";
import { hashFile } from "../landing/hash-file.ts";
import { ignoredCodes } from "./compare-codes.ts";
import type { Configured } from "./configured.ts";
import type { SyncContext } from "./context.ts";
import type { SyncStep } from "./events.ts";
import type { Fetched } from "./fetch-parts.ts";
import { joinDocuments } from "./join-documents.ts";

type Documents = Extract<Fetched, { kind: "documents" }>;
export type LandedDocuments = { readonly landed: Landed; readonly updated: string | null };

/** Puts the documents of a dataset together, and lands and stages them as one edition. */
export async function landFetched(
  item: Configured,
  { paths }: Documents,
  source: string,
  context: SyncContext,
  emit: (step: SyncStep) => void,
): Promise<LandedDocuments> {
  const cube = await readParts(item, paths);
  checkCodes(item, cube.dimensions, emit);
  const { settings } = context;
  const { config, publisher, dataset } = item;
  const hashes = await Promise.all(paths.map(hashFile));
  const keep = config.keep_document ?? settings.keepDocument;
  const document = keep && paths.length > 1 ? await joinDocuments(paths) : paths[0];
  const text = paths.length === 1 ? source : `${source} (in ${paths.length} parts)`;
  const hash = hashes.length === 1 ? hashes[0]! : sha256(hashes.join(""));
  const origin = { publisher, dataset, source: text, sha256: hash, document };
  const throttled = atMostEvery(100, (rows: number, share: number) =>
    emit({ kind: "progress", bytes: 0, total: null, rows, share }),
  );
  const edition = editionOf(cube, origin);
  const maxRejected = config.max_rejected ?? settings.maxRejected;
  const landed = await landEdition(edition, {
    landing: settings.landing,
    now: context.clock.now(),
    signal: context.signal,
    onProgress: throttled,
    keepDocument: keep,
    partitionBy: config.partition_by,
    drift: driftPolicy(settings.drift, config.drift),
    ...(maxRejected !== undefined && { maxRejected }),
  });
  const staged = await context.stager.stage(landed, edition);
  if (staged !== null && staged.outcome === "loaded") {
    const { inserted, updated, deleted } = staged.counts;
    emit({ kind: "staged", table: staged.table, inserted, updated, deleted });
  }
  return { landed, updated: cube.updated.instant };
}

/** An edition that was published while its parts were being fetched, so that they are of two. */
export const MIXED = "EDITION_MIXED";

async function readParts({ publisher, dataset }: Configured, paths: readonly string[]): Promise<MergedCube> {
  const cubes: Cube[] = [];
  for (const path of paths) {
    const { cubes: found } = await openPart(path, `${publisher}/${dataset}`);
    if (found.length !== 1)
      throw new OperationError(
        "DATASETS_MANY",
        `the document of ${dataset} holds ${plural(found.length, "dataset")}`,
        {
          hint: "land it with ingest file, which gives each a name",
        },
      );
    cubes.push(found[0]!);
  }
  const [first, ...rest] = cubes;
  if (rest.some((cube) => cube.updated.text !== first!.updated.text))
    throw new OperationError(
      MIXED,
      `a new edition of ${dataset} came out while its parts were being fetched`,
      {
        retryable: true,
      },
    );
  const merged = rest.length === 0 ? first! : mergeCubes([first!, ...rest]);
  if (merged === undefined)
    throw new OperationError("PARTS_DIFFER", `the parts of ${dataset} do not have the same dimensions`, {
      retryable: true,
    });
  return merged;
}

/** Where the document lies for now is nobody's concern. */
async function openPart(path: string, name: string): ReturnType<typeof openDocument> {
  try {
    return await openDocument(path);
  } catch (error) {
    throw error instanceof DocumentError ? new DocumentError(name, error.problems) : error;
  }
}

/** What was asked for and did not come back is a mistake in the project, or a code that was withdrawn. */
function checkCodes(
  { config, wanted }: Configured,
  dimensions: readonly Dimension[],
  emit: (step: SyncStep) => void,
): void {
  const ignored = ignoredCodes(wanted, dimensions);
  if (ignored.length === 0) return;
  const words = ignored.map(({ dimension, code }) => {
    if (code === null) {
      const near = didYouMean(
        dimension,
        dimensions.map(({ id }) => id),
      );
      return `a dimension "${dimension}"${near === undefined ? "" : `, ${near}`}`;
    }
    const known =
      dimensions.find(({ id }) => id === dimension)?.categories.map((category) => category.code) ?? [];
    const near = didYouMean(code, known);
    return `"${code}" of ${dimension}${near === undefined ? "" : `, ${near}`}`;
  });
  const message = `the publisher does not know ${words.join("; ")}`;
  if (config.unknown_codes === "warn") emit({ kind: "warning", code: "CODES_UNKNOWN", message });
  else
    throw new OperationError("CODES_UNKNOWN", message, {
      hint: "correct them under filters of the dataset, or let them pass with unknown_codes: warn; nothing has landed",
    });
}

function atMostEvery(
  ms: number,
  body: (rows: number, share: number) => void,
): (rows: number, share: number) => void {
  let next = 0;
  return (rows, share) => {
    const now = performance.now();
    if (now < next) return;
    next = now + ms;
    body(rows, share);
  };
}

/** A document that was cut short on its way is fetched again; anything else in it is the publisher's. */
export const isCutShort = (error: unknown): boolean =>
  error instanceof DocumentError &&
  error.problems.some(({ code }) => code === "TRUNCATED" || code === "EMPTY");

/** Documents that have been dealt with, or are of no use. */
export function removeDocuments(folder: string, paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  rmSync(join(folder, "joined.json"), { force: true });
}
