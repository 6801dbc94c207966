import { join } from "node:path";
import * as z from "zod";
import { makeFolder, writeFileAtomic } from "../../runner/base/files.ts";
import { withDatasetLock } from "../landing/dataset-lock.ts";
import { datasetStateFolder } from "./paths.ts";
import { readStateFile } from "./read-json.ts";

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "must be an instant in UTC");
const count = z.number().int().min(0);

/** What is known of one dataset of the project. All instants are in UTC, whole seconds. */
const datasetStateSchema = z.strictObject({
  version: z.literal(1),
  publisher: z.string(),
  dataset: z.string(),
  /** It has to be fetched; null where nothing calls for it. */
  due: z
    .strictObject({
      /** What told: the feed, a date of the catalogue, a schedule, a person, an answer older than announced. */
      reason: z.enum(["feed", "catalog", "schedule", "asked"]),
      /** When it was noticed here. */
      since: instant,
      /** It did change: there is no need to ask whether. */
      certain: z.boolean(),
      /** When the publisher says it published; an answer that is older is not yet what was announced. */
      published: instant.nullable(),
    })
    .nullable(),
  /** Of the last attempt, whatever became of it. */
  attempted: instant.nullable(),
  /** The last time that the dataset was found or brought up to date. */
  succeeded: instant.nullable(),
  /** Attempts that failed since. */
  failures: count,
  /** Why the last attempt failed; null after one that did not. */
  failure: z
    .strictObject({
      at: instant,
      code: z.string(),
      message: z.string(),
      /** When it is tried again by itself; null where it is dead. */
      retry_at: instant.nullable(),
      /** Given up: a newer announcement or a person brings it back. */
      dead: z.boolean(),
    })
    .nullable(),
  /** Of the edition that was fetched last: what the publisher says, and the marks of its document. */
  updated: instant.nullable(),
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
  /** Of what was asked for: other filters are another document. */
  fingerprint: z.string().nullable(),
  /** The vintage that the last success found or made. */
  vintage: z.string().nullable(),
  /** How the last attempt ended, for a table of results. */
  outcome: z.enum(["landed", "unchanged", "held", "failed"]).nullable(),
});
export type DatasetState = z.infer<typeof datasetStateSchema>;

/** What is known before anything is. */
const unknown = (publisher: string, dataset: string): DatasetState => ({
  version: 1,
  publisher,
  dataset,
  due: null,
  attempted: null,
  succeeded: null,
  failures: 0,
  failure: null,
  updated: null,
  etag: null,
  last_modified: null,
  fingerprint: null,
  vintage: null,
  outcome: null,
});

const fileOf = (landing: string, publisher: string, dataset: string): string =>
  join(datasetStateFolder(landing, publisher, dataset), "state.json");

/** What is known of a dataset; for one that was never looked at, nothing. */
export function readDatasetState(landing: string, publisher: string, dataset: string): DatasetState {
  const [first, second] = [publisher.toLowerCase(), dataset.toLowerCase()];
  return readStateFile(fileOf(landing, first, second), datasetStateSchema) ?? unknown(first, second);
}

/**
 * Changes what is known of a dataset: `change` gets what is on disk now and returns what shall be there, or the same object for no change.
 * Safe with other processes, which wait for the moment that it takes.
 */
export async function updateDatasetState(
  landing: string,
  publisher: string,
  dataset: string,
  change: (now: DatasetState) => DatasetState,
): Promise<DatasetState> {
  const folder = datasetStateFolder(landing, publisher, dataset);
  makeFolder(folder);
  return withDatasetLock(folder, async () => {
    const before = readDatasetState(landing, publisher, dataset);
    const after = change(before);
    if (after !== before)
      writeFileAtomic(fileOf(landing, publisher, dataset), `${JSON.stringify(after, null, 2)}\n`);
    return after;
  });
}
