import { statSync } from "node:fs";
import { UsageError } from "../../runner/base/errors.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { plural, printable } from "../../runner/base/text.ts";
import { landingName } from "../../runner/project/landing.ts";
import { DocumentError } from "../jsonstat/document-error.ts";
import { openDocument } from "../jsonstat/document.ts";
import { editionOf } from "../jsonstat/edition-of.ts";
import { laneWorker } from "../jsonstat/pieces/worker-url.ts";
import type { Cube } from "../jsonstat/types.ts";
import { driftPolicy } from "../landing/drift-policy.ts";
import { landEdition } from "../landing/land.ts";
import { hashBeside } from "../landing/lanes/hash-beside.ts";
import { observeSync } from "../observe/observe-sync.ts";
import type { Observer } from "../observe/observe-sync.ts";
import { collectInputs } from "../publishers/collect-inputs.ts";
import type { Input } from "../publishers/collect-inputs.ts";
import { identify } from "../publishers/identify.ts";
import type { Identity } from "../publishers/identify.ts";
import { spool } from "../publishers/spool.ts";
import type { IngestEffects } from "./effects.ts";
import { failedEvent, landedEvent } from "./landed-event.ts";
import { createProgress, noProgress } from "./progress.ts";
import { reportLanded } from "./report-landed.ts";
import { createReporter, errorFacts, exitCodeOf } from "./reporter.ts";
import type { OutputOptions, Reporter } from "./reporter.ts";
import { datasetSettings, readSettings } from "./settings.ts";
import type { Settings, SettingsOptions } from "./settings.ts";
import { createStager } from "../sync/stager.ts";
import type { Stager } from "../sync/stager.ts";
import { reportStaged } from "./report-staged.ts";

export type LandDocumentsOptions = SettingsOptions &
  OutputOptions & {
    readonly paths: readonly string[];
    readonly publisher: string | undefined;
    readonly dataset: string | undefined;
    readonly maxBytes: number;
    readonly maxRejected: number | undefined;
    readonly allowEmpty: boolean;
  };

type Work = {
  readonly options: LandDocumentsOptions;
  readonly effects: IngestEffects;
  readonly settings: Settings;
  readonly reporter: Reporter;
  readonly stager: Stager;
  readonly observer: Observer;
  /** Tells a failure and keeps it for the exit code. */
  readonly tell: (error: unknown, document: string, identity?: Identity) => void;
  /** The same for what comes to nothing else: the failure is its result. */
  readonly failed: (error: unknown, document: string, identity?: Identity) => void;
  readonly results: JsonObject[];
};

/** Lands every document that the paths name, one after the other; a bad one does not stop the next. Returns the exit code. */
export async function landDocuments(options: LandDocumentsOptions, effects: IngestEffects): Promise<number> {
  const reporter = createReporter(effects, options);
  // Names that cannot be folders are refused before anything is read.
  if (options.publisher !== undefined) landingName("publisher", options.publisher);
  if (options.dataset !== undefined) landingName("dataset", options.dataset);
  const settings = await readSettings(effects, options);
  const inputs = await collectInputs(options.paths, effects.cwd, settings.root);
  const results: JsonObject[] = [];
  let exitCode = 0;
  const tell: Work["tell"] = (error, document, identity) => {
    reporter.error(error, document);
    exitCode = Math.max(exitCode, exitCodeOf(error));
    if (identity && !effects.signal.aborted) observer.see(failedEvent(error, identity, effects.now()));
  };
  const failed: Work["failed"] = (error, document, identity) => {
    tell(error, document, identity);
    results.push({ document, ...identity, outcome: "failed", error: errorFacts(error) });
  };
  const observer = observeSync(settings, effects.now);
  const stager = createStager(settings, effects.signal);
  for (const input of inputs) {
    try {
      effects.signal.throwIfAborted();
      await landDocument(input, {
        options,
        effects,
        settings,
        reporter,
        stager,
        observer,
        tell,
        failed,
        results,
      });
    } catch (error) {
      failed(error, input.name);
    }
    if (effects.signal.aborted) break;
  }
  await stager.close();
  for (const message of await observer.tell()) reporter.warn(message);
  reporter.result("", results);
  return results.some(({ outcome }) => outcome === "held") ? Math.max(1, exitCode) : exitCode;
}

async function landDocument(input: Input, work: Work): Promise<void> {
  const { options, effects } = work;
  const { maxBytes } = options;
  const document = await spool(input, { maxBytes, stdin: effects.stdin, signal: effects.signal });
  try {
    const hashing = hashBeside(document.path, laneWorker());
    hashing.catch(() => undefined);
    const { cubes } = await underItsName(input, () => openDocument(document.path));
    const identities = nameCubes(cubes, input.name, options);
    if (cubes.length === 1) cubes[0]!.prepare();
    const sha256 = await hashing;
    for (const [i, cube] of cubes.entries()) {
      const identity = identities[i]!;
      try {
        const origin = { ...identity, source: input.name, sha256, document: document.path };
        work.results.push(await underItsName(input, () => landCube(cube, origin, work)));
      } catch (error) {
        work.failed(error, input.name, identity);
        if (effects.signal.aborted) return;
      }
    }
  } finally {
    document.remove();
  }
}

/** A reader knows the file that it reads, which may be a temporary one; the user knows the name that was given. */
async function underItsName<T>(input: Input, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof DocumentError ? new DocumentError(input.name, error.problems) : error;
  }
}

/** Two cubes of one document may not become editions of the same dataset. */
function nameCubes(cubes: readonly Cube[], file: string, options: LandDocumentsOptions): Identity[] {
  if (options.dataset !== undefined && cubes.length > 1) {
    throw new UsageError(
      "DATASETS_MANY",
      `"${printable(file)}" holds ${plural(cubes.length, "dataset")}, --dataset names one`,
      "leave --dataset away: each then gets a name of its own",
    );
  }
  const taken = new Set<string>();
  return cubes.map((cube, i) => {
    const found = identify(cube, file, cubes.length === 1 ? null : i + 1);
    const publisher = options.publisher ?? found.publisher;
    let dataset = options.dataset ?? found.dataset;
    if (taken.has(`${publisher}/${dataset}`)) dataset = `${dataset}_${i + 1}`;
    taken.add(`${publisher}/${dataset}`);
    return { publisher, dataset };
  });
}

type Origin = Identity & { readonly source: string; readonly sha256: string; readonly document: string };

async function landCube(cube: Cube, origin: Origin, work: Work): Promise<JsonObject> {
  const { options, effects, settings, reporter } = work;
  const configured = datasetSettings(settings, origin.publisher, origin.dataset);
  const maxRejected = options.maxRejected ?? configured?.max_rejected ?? settings.maxRejected;
  const progress = options.quiet ? noProgress : createProgress(effects, `landing ${origin.dataset}`);
  const edition = editionOf(cube, origin);
  try {
    const landed = await landEdition(edition, {
      landing: settings.landing,
      now: effects.now(),
      signal: effects.signal,
      onProgress: (_rows, share) => progress.show(share),
      allowEmpty: options.allowEmpty,
      keepDocument: configured?.keep_document ?? settings.keepDocument,
      ...(maxRejected !== undefined && { maxRejected }),
      drift: driftPolicy(settings.drift, configured?.drift),
      ...(configured && { partitionBy: configured.partition_by }),
    });
    progress.clear();
    const facts = reportLanded(landed, origin, cube.label, reporter);
    work.observer.see(landedEvent(landed, origin, statSync(origin.document).size, effects.now()));
    try {
      const staged = await work.stager.stage(landed, edition);
      return staged === null ? facts : { ...facts, ...reportStaged(staged, reporter) };
    } catch (error) {
      work.tell(error, origin.source, origin);
      return { document: origin.source, ...facts, error: errorFacts(error) };
    }
  } finally {
    progress.clear();
  }
}
