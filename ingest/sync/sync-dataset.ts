import { join } from "node:path";
import { OperationError, StatloomError, messageOf } from "../../runner/base/errors.ts";
import { makeFolder } from "../../runner/base/files.ts";
import { withDatasetLock } from "../landing/dataset-lock.ts";
import { HttpError } from "../http/http-error.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { Publisher } from "../publishers/publisher.ts";
import { readDatasetState, updateDatasetState } from "../state/dataset-state.ts";
import type { DatasetState } from "../state/dataset-state.ts";
import { datasetStateFolder } from "../state/paths.ts";
import type { Configured } from "./configured.ts";
import type { SyncContext } from "./context.ts";
import type { SyncDone, SyncEnd, SyncEvent, SyncStep } from "./events.ts";
import { fetchParts } from "./fetch-parts.ts";
import { MIXED, isCutShort, landFetched, removeDocuments } from "./land-fetched.ts";
import { afterFailure, afterSuccess, isBehind } from "./record.ts";

export type SyncResult = SyncEvent & SyncEnd;

/**
 * Brings one dataset up to date: asks whether it changed, fetches what did, lands and stages it, and notes what became of it. Never throws for
 * what happens to the dataset: that is a result. Only one process at a time works on a dataset; another that comes skips it.
 */
export async function syncDataset(
  item: Configured,
  reason: string,
  context: SyncContext,
): Promise<SyncResult> {
  const { publisher, dataset } = item;
  const clock = (): string => instantText(context.clock.now());
  const begun = context.clock.now().getTime();
  const counted = { bytes: 0, retries: 0 };
  const tell = (event: SyncStep): void => context.onEvent({ publisher, dataset, at: clock(), ...event });
  const end = (event: SyncEnd): SyncResult => {
    const result = { publisher, dataset, at: clock(), ...event };
    context.onEvent(result);
    return result;
  };
  const emit = (step: SyncStep): void => {
    if (step.kind === "retry") counted.retries++;
    if (step.kind === "progress" && step.rows === 0) counted.bytes = Math.max(counted.bytes, step.bytes);
    tell(step);
  };
  const done = (updated: string | null): SyncDone => ({
    seconds: (context.clock.now().getTime() - begun) / 1000,
    ...counted,
    updated,
  });
  const work = join(datasetStateFolder(context.settings.landing, publisher, dataset), "work");
  const started = clock();
  tell({ kind: "started", reason });
  try {
    context.signal.throwIfAborted();
    makeFolder(work);
    return await withDatasetLock(
      work,
      async () => end(await bringUpToDate(item, { context, work, started, emit, clock, done })),
      0,
    );
  } catch (error) {
    if (context.signal.aborted) return end({ kind: "skipped", message: "stopped", ...done(null) });
    if (error instanceof OperationError && error.code === "DATASET_BUSY")
      return end({ kind: "skipped", message: "another process is at it", ...done(null) });
    const failure = failureOf(error);
    const state = await updateDatasetState(context.settings.landing, publisher, dataset, (before) =>
      afterFailure(before, { ...failure, started, now: clock() }),
    );
    return end({
      kind: "failed",
      code: failure.code,
      message: failure.message,
      hint: failure.hint,
      attempts: state.failures,
      retryAt: state.failure?.retry_at ?? null,
      dead: state.failure?.dead ?? false,
      ...done(null),
    });
  }
}

type Doing = {
  readonly context: SyncContext;
  readonly work: string;
  readonly started: string;
  readonly emit: (step: SyncStep) => void;
  readonly clock: () => string;
  readonly done: (updated: string | null) => SyncDone;
};

async function bringUpToDate(item: Configured, doing: Doing): Promise<SyncEnd> {
  const { context, started, clock, done, emit } = doing;
  const { landing } = context.settings;
  const publisher = await context.publisherOf(item.publisher);
  checkWanted(publisher, item);
  const state = readDatasetState(landing, item.publisher, item.dataset);
  const isSame = !context.force && state.fingerprint === item.fingerprint && state.vintage !== null;
  const http = context.http;
  if (isSame && !isAnnounced(state) && state.updated !== null) {
    const probe = await publisher.probe(http, item.wanted);
    if (probe.updated === state.updated) {
      await note({
        outcome: "unchanged",
        updated: state.updated,
        etag: state.etag,
        lastModified: state.last_modified,
      });
      return { kind: "unchanged", told: "probe", ...done(state.updated) };
    }
  }
  const known = isSame ? { etag: state.etag, lastModified: state.last_modified } : undefined;
  const fetched = await fetchWhole(item, publisher, known, doing);
  if (fetched.kind === "not modified") {
    await note({
      outcome: "unchanged",
      updated: state.updated,
      etag: state.etag,
      lastModified: state.last_modified,
    });
    return { kind: "unchanged", told: "not modified", ...done(state.updated) };
  }
  const { landed, updated, marks } = fetched;
  const { vintage } = landed;
  await note({ outcome: landed.outcome, updated, ...marks, vintage: vintage.vintage });
  if (isBehind(state, updated, clock()))
    emit({
      kind: "warning",
      code: "EDITION_BEHIND",
      message: `an edition of ${state.due!.published} was announced, and the publisher still gives that of ${updated}; it is asked again later`,
    });
  if (landed.outcome === "unchanged") return { kind: "unchanged", told: landed.same, ...done(updated) };
  const { rows, rejected } = vintage;
  return {
    kind: landed.outcome,
    vintage: vintage.vintage,
    rows,
    rejected,
    drift: landed.drift,
    ...done(updated),
  };

  async function note(found: {
    readonly outcome: "landed" | "unchanged" | "held";
    readonly updated: string | null;
    readonly etag: string | null;
    readonly lastModified: string | null;
    readonly vintage?: string;
  }): Promise<void> {
    await updateDatasetState(landing, item.publisher, item.dataset, (before) =>
      afterSuccess(before, { vintage: null, ...found, started, now: clock(), fingerprint: item.fingerprint }),
    );
  }
}

/** Announced as newer than what is here: there is no need to ask whether it changed. */
const isAnnounced = ({ due, updated }: DatasetState): boolean =>
  due !== null && due.certain && (due.published === null || updated === null || due.published > updated);

function checkWanted(publisher: Publisher, { wanted, dataset }: Configured): void {
  const problems = publisher.check(wanted);
  if (problems.length === 0) return;
  throw new OperationError("DATASET_INVALID", `${dataset} cannot be asked for: ${problems.join("; ")}`, {
    hint: "correct its entry under ingest.datasets in sql_project.yaml; nothing was sent",
  });
}

/** How often a document that is cut short, or of two editions, is fetched anew before that is a failure. */
const TRIES = 4;

async function fetchWhole(
  item: Configured,
  publisher: Publisher,
  known: { readonly etag: string | null; readonly lastModified: string | null } | undefined,
  { context, work, emit }: Doing,
) {
  const { wanted } = item;
  const source = publicUrl(publisher.request(wanted, {}).url);
  for (let tried = 1; ; tried++) {
    const fetched = await fetchParts({
      publisher,
      wanted,
      http: context.http,
      folder: work,
      known,
      signal: context.signal,
      maxBytes: context.maxBytes,
      emit,
    });
    if (fetched.kind === "not modified") return fetched;
    try {
      const landed = await context.oneAtATime(() => landFetched(item, fetched, source, context, emit));
      return { kind: "landed" as const, ...landed, marks: fetched.marks };
    } catch (error) {
      const isMixed = error instanceof OperationError && error.code === MIXED;
      if (tried === TRIES || !(isMixed || isCutShort(error))) throw error;
      const waitMs = 1000 * 2 ** tried;
      const { code, message } = failureOf(error);
      emit({ kind: "retry", attempt: tried, waitMs, code, message });
      await context.clock.sleep(waitMs, context.signal);
    } finally {
      removeDocuments(work, fetched.paths);
    }
  }
}

/** An address without what nobody else should read. */
function publicUrl(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

function failureOf(error: unknown) {
  const retryAfterMs = error instanceof HttpError ? (error.retryAfterMs ?? 0) : 0;
  if (!(error instanceof StatloomError))
    return { code: "BUG", message: messageOf(error), hint: null, retryable: false, retryAfterMs };
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : null;
  const { code, message } = error;
  return { code, message, hint, retryable: error.retryable || isCutShort(error), retryAfterMs };
}
