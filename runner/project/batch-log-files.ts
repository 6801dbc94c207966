import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { diskError } from "../base/files.ts";

const LOG = /^_batches-\d{4}-\d{2}\.ndjson$/;

/** Where ingestion notes what it did. */
export const logFolder = (landing: string): string => join(landing, ".ingest");

/** The names of its logs, in order; none where nothing was ingested. */
export function listLogs(landing: string): string[] {
  try {
    return readdirSync(logFolder(landing))
      .filter((name) => LOG.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw diskError(`cannot read ${logFolder(landing)}`, error);
  }
}

/** The same with their lengths in bytes. */
export const logSizes = (landing: string): [name: string, bytes: number][] =>
  listLogs(landing).map((name) => [name, statSync(join(logFolder(landing), name)).size]);
