import { dirname } from "node:path";
import { StatloomError, messageOf } from "../../runner/base/errors.ts";
import { makeFolder } from "../../runner/base/files.ts";
import { dueByCatalog } from "../catalog/due-by-catalog.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { Compared } from "../catalog/load-catalog.ts";
import type { Http } from "../http/types.ts";
import { withDatasetLock } from "../landing/dataset-lock.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { Change, ChangeFeed, Publisher } from "../publishers/publisher.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { readDatasetState } from "../state/dataset-state.ts";
import { markDue } from "../state/due.ts";
import { readFeedState, writeFeedState } from "../state/feed-state.ts";
import { publisherFile } from "../state/paths.ts";
import type { Configured } from "../sync/configured.ts";

export type ReadChangesOptions = {
  readonly publisher: Publisher;
  readonly http: Http;
  readonly landing: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** The datasets of the project; asked anew after the catalogue was loaded, since patterns may then find more. */
  readonly configured: () => Promise<readonly Configured[]>;
  /** The project has entries that look datasets up in the catalogue. */
  readonly looksUp: boolean;
};

export type ReadChanges = {
  readonly publisher: string;
  /** Items that had not been seen before. */
  readonly changes: readonly Change[];
  /** Datasets of the project that are due now, and were not before. */
  readonly due: readonly { readonly dataset: string; readonly by: "feed" | "catalog" }[];
  /** Datasets of the project that the publisher withdrew. */
  readonly deleted: readonly string[];
  /** Why the catalogue was compared as well; null where the feed was enough. */
  readonly fallback: string | null;
};

/** How long guids are remembered; the feed itself covers a week. */
const REMEMBER_DAYS = 30;

/**
 * Reads what a publisher says has changed, and marks the datasets of the project that it means as due. Where the feed cannot tell everything (the
 * first time, after a gap, when it is broken) the dates of the catalogue are compared too. What was read is noted last: a kill before that repeats the
 * work and loses nothing.
 */
export async function readChanges(options: ReadChangesOptions): Promise<ReadChanges> {
  const folder = dirname(publisherFile(options.landing, options.publisher.name, "_feed.json"));
  makeFolder(folder);
  return withDatasetLock(folder, () => readLocked(options));
}

async function readLocked(options: ReadChangesOptions): Promise<ReadChanges> {
  const { publisher, landing } = options;
  const now = instantText(options.now);
  const state = readFeedState(landing, publisher.name);
  const feed = await askFeed(options, state?.read ?? null);
  const changes =
    "broken" in feed ? [] : feed.changes.filter(({ guid }) => !Object.hasOwn(state?.seen ?? {}, guid));
  const fallback = "broken" in feed ? feed.broken : whyNotEnough(feed, state?.read ?? null, changes, options);
  const due = new Map<string, "feed" | "catalog">();
  const deleted = await markByFeed(changes, options, now, due);
  // Publishers of documents have no catalogue: their datasets are asked one by one, when they are synced.
  if (fallback !== null && publisher.hasCatalog) {
    await loadCatalog({ ...options, onCompared: (compared) => markByCatalog(compared, options, now, due) });
    // It may have told what an entry of the project means.
    await markByFeed(changes, options, now, due);
  }
  if (!("broken" in feed)) note(feed, options, now);
  return {
    publisher: publisher.name,
    changes,
    due: [...due].map(([dataset, by]) => ({ dataset, by })),
    deleted,
    fallback,
  };
}

type Broken = { readonly broken: string };

async function askFeed(
  { publisher, http, now }: ReadChangesOptions,
  since: string | null,
): Promise<ChangeFeed | Broken> {
  if (publisher.changes === null) return { broken: "there is no feed of changes" };
  try {
    return await publisher.changes(http, { since, now });
  } catch (error) {
    // What the network did to the feed it will do to the catalogue too, or not: that is then the failure to be told.
    if (error instanceof StatloomError) return { broken: `the feed cannot be read: ${messageOf(error)}` };
    throw error;
  }
}

function whyNotEnough(
  { coversFrom, unread }: ChangeFeed,
  read: string | null,
  changes: readonly Change[],
  { looksUp, landing, publisher }: ReadChangesOptions,
): string | null {
  if (read === null) return "the feed is read for the first time";
  if (read < coversFrom) return `the feed was read last at ${read}, and goes back to ${coversFrom} only`;
  if (unread.length > 0) return `the feed holds ${unread[0]}`;
  if (!looksUp) return null;
  const known = new Set(readCatalog(landing, publisher.name).map(({ code }) => code));
  const found = changes.find(({ code, kind }) => kind !== "deleted" && !known.has(code));
  return found === undefined ? null : `the feed names ${found.code}, which the catalogue did not`;
}

async function markByCatalog(
  { entries, changed }: Compared,
  { publisher, landing, configured }: ReadChangesOptions,
  now: string,
  due: Map<string, "feed" | "catalog">,
): Promise<void> {
  const before = new Map(changed.map((one) => [one.after.code, one.before]));
  const known = new Map(entries.map((entry) => [publisher.datasetName(entry.code), entry]));
  for (const { dataset } of await configured()) {
    const entry = known.get(dataset);
    if (entry === undefined) continue;
    const state = readDatasetState(landing, publisher.name, dataset);
    const announced = dueByCatalog(entry, before.get(entry.code), state, publisher.timeZone);
    if (announced === null) continue;
    const found = { publisher: publisher.name, dataset, reason: "catalog" as const, ...announced };
    if (await markDue(landing, found, now)) due.set(dataset, "catalog");
  }
}

/** Gives the datasets of the project that were withdrawn. */
async function markByFeed(
  changes: readonly Change[],
  { publisher, landing, configured }: ReadChangesOptions,
  now: string,
  due: Map<string, "feed" | "catalog">,
): Promise<string[]> {
  const mine = new Set((await configured()).map(({ dataset }) => dataset));
  const deleted: string[] = [];
  for (const { code, kind, at } of changes) {
    const dataset = publisher.datasetName(code);
    if (!mine.has(dataset)) continue;
    if (kind === "deleted") {
      deleted.push(dataset);
      continue;
    }
    // A change of the structure alone need not change the date of the data.
    const published = kind === "structure" ? null : at;
    const found = { publisher: publisher.name, dataset, reason: "feed" as const, certain: true, published };
    if (await markDue(landing, found, now)) due.set(dataset, "feed");
  }
  return deleted;
}

function note({ changes }: ChangeFeed, { publisher, landing, now }: ReadChangesOptions, read: string): void {
  const before = readFeedState(landing, publisher.name);
  const oldest = instantText(new Date(now.getTime() - REMEMBER_DAYS * 86_400_000));
  const seen = { ...before?.seen, ...Object.fromEntries(changes.map(({ guid, at }) => [guid, at])) };
  const watermark = changes.reduce(
    (newest, { at }) => (at > newest ? at : newest),
    before?.watermark ?? oldest,
  );
  writeFeedState(landing, {
    version: 1,
    publisher: publisher.name,
    read,
    watermark,
    // What the feed holds now is kept whatever its age: it would come again next time.
    seen: Object.fromEntries(
      Object.entries(seen).filter(
        ([guid, at]) => at >= oldest || changes.some((change) => change.guid === guid),
      ),
    ),
  });
}
