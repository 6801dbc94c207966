import { rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperationError, UsageError, messageOf } from "../../runner/base/errors.ts";
import { diskError, makeFolder, writeFileAtomic } from "../../runner/base/files.ts";
import { sha256 } from "../../runner/base/hash.ts";
import type { Json, JsonObject } from "../../runner/base/json.ts";
import { datasetFolder, landingName, readVintages } from "../../runner/project/landing.ts";
import type { Vintage } from "../../runner/project/landing.ts";
import type { ClosableSource } from "./batch-source.ts";
import { withDatasetLock } from "./dataset-lock.ts";
import { DEFAULT_DRIFT, acceptsAll } from "./drift-policy.ts";
import type { DriftPolicy } from "./drift-policy.ts";
import { judgeDrift } from "./drift.ts";
import type { DriftFinding } from "./drift.ts";
import { hold, readHeld, removeHeld } from "./held-folder.ts";
import { checkPartitions } from "./partitions.ts";
import { readShape } from "./read-shape.ts";
import { keepDocument } from "./keep-document.ts";
import { openRejectedLog } from "./rejected-log.ts";
import { checkEmpty, checkListKept, checkRejected } from "./refusals.ts";
import { openScratch } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";
import {
  confirmListed,
  makeWorkshop,
  publish,
  removeLeftovers,
  removeWorkshop,
  sealFile,
  sealFiles,
} from "./vintage-folder.ts";
import type { Workshop } from "./vintage-folder.ts";
import { freeVintageId, insertVintage, instantText, predecessorOf, sameContent } from "./vintage-id.ts";
import { writeList } from "./write-list.ts";
import { writeDimensions } from "./write-dimensions.ts";
import type { LandedDimension } from "./write-dimensions.ts";
import { writeObservations } from "./write-observations.ts";
import type { OnProgress } from "./writing.ts";

/** An edition of a dataset, ready to be landed. */
export type Edition = {
  readonly publisher: string;
  readonly dataset: string;
  /** What the publisher calls the dataset. */
  readonly label?: string | null;
  /** Path or URL, as a reader should see it. */
  readonly source: string;
  /** SHA-256 of the document's bytes, uncompressed. */
  readonly sha256: string;
  /** When the publisher says it changed: an instant in UTC, whole seconds; null where it does not say. */
  readonly updated: string | null;
  readonly header: Json;
  /** Where the document lies, uncompressed; needed to keep it. */
  readonly document?: string;
  readonly dimensions: readonly LandedDimension[];
  open(reject: (rejected: JsonObject) => void): ClosableSource;
};

export type LandOptions = {
  /** Absolute folder of the landing zone. */
  readonly landing: string;
  readonly now: Date;
  /** Columns whose values become folders. */
  readonly partitionBy?: readonly string[];
  /** Rejected cells that are still accepted: a share below 1, or a count. 1 % unless told. */
  readonly maxRejected?: number;
  /** Accept an edition without any row after one that had some. */
  readonly allowEmpty?: boolean;
  /** Keep the document itself in the vintage, compressed. */
  readonly keepDocument?: boolean;
  /** What may change against the edition before; {@link DEFAULT_DRIFT} unless told. */
  readonly drift?: DriftPolicy;
  /** Told before each batch how many rows have been read, and how much of the source, from 0 to 1. */
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal;
};

export type Landed =
  | {
      /** `held`: it changed too much and waits beside, whole, until it is accepted; the edition before stays the newest. */
      readonly outcome: "landed" | "held";
      readonly vintage: Vintage;
      /** What changed against the edition before and is to be told. */
      readonly drift: readonly DriftFinding[];
      readonly seconds: number;
    }
  | {
      readonly outcome: "unchanged";
      /** The very same bytes, or other bytes with the same rows and categories. */
      readonly same: "document" | "content";
      readonly vintage: Vintage;
      readonly seconds: number;
    };

const DEFAULT_MAX_REJECTED = 0.01;

/**
 * Lands an edition as a vintage, whole or not at all: made beside, synced, renamed, then listed. Content that has landed
 * lands nothing. Throws an OperationError when the disk, the lock or too many rejected cells forbid it, and whatever the source throws.
 *
 * May be called for several datasets at once; calls for the same one wait for each other. Each takes about 80 MB and one core
 * while it runs, and a byte for each cell of its cube; one of them at a time has a second thread to help with a long document, for 80 MB more.
 */
export async function landEdition(edition: Edition, options: LandOptions): Promise<Landed> {
  const publisher = landingName("publisher", edition.publisher);
  const dataset = landingName("dataset", edition.dataset);
  const folder = datasetFolder(options.landing, publisher, dataset);
  makeFolder(folder);
  try {
    return await withDatasetLock(folder, () =>
      landLocked({ ...edition, publisher, dataset }, options, folder),
    );
  } finally {
    removeEmpty(folder);
  }
}

async function landLocked(edition: Edition, options: LandOptions, folder: string): Promise<Landed> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const listed = readVintages(options.landing, edition.publisher, edition.dataset);
  removeLeftovers(folder, listed);
  checkListKept(folder, listed);
  const same = listed.findLast((vintage) => vintage.sha256 === edition.sha256);
  if (same) return { outcome: "unchanged", same: "document", vintage: same, seconds: seconds() };

  const held = readHeld(folder, listed);
  const extractedAt = instantText(options.now);
  // A document that waits is judged again, since the policy may have changed; it keeps its name.
  const taken = [
    ...listed,
    ...held.map(({ vintage }) => vintage).filter(({ sha256: hash }) => hash !== edition.sha256),
  ];
  const id = freeVintageId(
    edition.updated ?? extractedAt,
    taken.map(({ vintage }) => vintage),
  );
  const workshop = makeWorkshop(folder, id);
  try {
    const { vintage: made, drift } = await makeVintage(edition, options, {
      id,
      extractedAt,
      workshop,
      listed,
    });
    const twin = sameContent(listed, made);
    if (twin) return { outcome: "unchanged", same: "content", vintage: twin, seconds: seconds() };
    const waiting = held.filter(({ vintage }) => vintage.content === made.content);
    if (drift.some(({ action }) => action === "fail")) {
      const kept = waiting.at(-1)?.vintage ?? made;
      if (kept === made) hold(folder, workshop.held, { vintage: made, findings: drift });
      return { outcome: "held", vintage: kept, drift, seconds: seconds() };
    }
    publish(workshop, folder, id);
    writeList(folder, edition, insertVintage(listed, made));
    confirmListed(folder, id);
    for (const { vintage } of waiting) removeHeld(folder, vintage.vintage);
    return { outcome: "landed", vintage: made, drift, seconds: seconds() };
  } catch (error) {
    throw readable(error, folder);
  } finally {
    removeWorkshop(workshop);
  }
}

type Making = {
  readonly id: string;
  readonly extractedAt: string;
  readonly workshop: Workshop;
  readonly listed: readonly Vintage[];
};

/** Writes every file of the vintage into the workshop and says what they hold. */
async function makeVintage(
  edition: Edition,
  options: LandOptions,
  making: Making,
): Promise<{ vintage: Vintage; drift: readonly DriftFinding[] }> {
  const { id, extractedAt, workshop } = making;
  const partitionBy = options.partitionBy ?? [];
  const batchId = sha256(
    JSON.stringify([edition.publisher, edition.dataset, id, edition.sha256, extractedAt]),
  ).slice(0, 16);
  const rejected = openRejectedLog(join(workshop.files, "rejected.ndjson"));
  const source = edition.open((cell) => rejected.add(cell));
  const sealed = new Map<string, ReturnType<typeof sealFile>>();
  let scratch;
  try {
    checkPartitions(source.columns, partitionBy);
    scratch = await openScratch(workshop.spill);
    const { publisher, dataset } = edition;
    const origin = { publisher, dataset, vintage: id, extractedAt, source: edition.source, batchId };
    const { signal, onProgress } = options;
    const written = await writeObservations(source, {
      scratch,
      spill: workshop.spill,
      folder: workshop.files,
      origin,
      partitionBy,
      onFile(path) {
        const sealing = sealFile(workshop.files, path);
        sealing.catch(() => undefined);
        sealed.set(path, sealing);
      },
      reject: (cell) => rejected.add(cell),
      onProgress,
      signal,
    });
    rejected.close();
    checkRejected(rejected, written.rows, options.maxRejected ?? DEFAULT_MAX_REJECTED);
    const facts = { updated: edition.updated, extracted_at: extractedAt };
    const before = predecessorOf(making.listed, facts);
    if (written.rows === 0 && !options.allowEmpty) checkEmpty(before);
    await writeDimensions(scratch, edition.dimensions, workshop.files);
    if (options.keepDocument && edition.document !== undefined)
      await keepDocument(edition.document, workshop.files, signal);
    writeFileAtomic(join(workshop.files, "header.json"), `${JSON.stringify(edition.header, null, 2)}\n`);
    const drift =
      before === undefined ? [] : await findDrift(scratch, edition, written.rows, before, options);
    const vintage = {
      vintage: id,
      ...facts,
      label: edition.label ?? null,
      source: edition.source,
      sha256: edition.sha256,
      content: written.digest(JSON.stringify(edition.dimensions)),
      rows: written.rows,
      numbers: written.numbers,
      texts: written.texts,
      statuses: written.statuses,
      rejected: rejected.count(),
      batch_id: batchId,
      partition_by: [...partitionBy],
      files: await sealFiles(workshop, sealed),
    };
    return { vintage, drift };
  } finally {
    await Promise.allSettled(sealed.values());
    source.close();
    rejected.close();
    scratch?.close();
  }
}

async function findDrift(
  scratch: Scratch,
  edition: Edition,
  rows: number,
  before: Vintage,
  { drift: policy = DEFAULT_DRIFT, landing, allowEmpty }: LandOptions,
): Promise<readonly DriftFinding[]> {
  if (acceptsAll(policy)) return [];
  const { dimensions } = edition;
  const shape = await readShape(scratch, landing, edition, before);
  // Who allows an empty edition has said what becomes of the rows.
  const judged = rows === 0 && allowEmpty ? { ...policy, rows_fallen: "accept" as const } : policy;
  return judgeDrift(shape, { rows, dimensions }, judged);
}

/** What the operating system and the database say about the disk, in words that tell the way out. */
function readable(error: unknown, folder: string): unknown {
  if (error instanceof OperationError || error instanceof UsageError) return error;
  const text = messageOf(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (/no space left/i.test(text)) {
    return diskError(`cannot write into ${folder}`, Object.assign(new Error(text), { code: "ENOSPC" }));
  }
  if (typeof code === "string" && /^E[A-Z]+$/.test(code))
    return diskError(`cannot write into ${folder}`, error);
  return text.startsWith("IO Error") ? diskError(`cannot write into ${folder}`, error) : error;
}

/** Leaves no empty folder behind for a dataset that could not land. */
function removeEmpty(folder: string): void {
  for (const path of [folder, dirname(folder)]) {
    try {
      rmdirSync(path);
    } catch {
      return;
    }
  }
}
