import { OperationError } from "../../runner/base/errors.ts";
import { readIfThere, writeFileAtomic } from "../../runner/base/files.ts";
import type { CatalogEntry } from "../publishers/publisher.ts";
import { publisherFile } from "./paths.ts";

/** What a publisher offered when it was asked last, in its order; none where it was never asked. */
export function readCatalog(landing: string, publisher: string): CatalogEntry[] {
  const path = publisherFile(landing, publisher, "_catalog.ndjson");
  const text = readIfThere(path);
  if (text === undefined) return [];
  try {
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as CatalogEntry);
  } catch (error) {
    throw new OperationError("STATE_INVALID", `${path} cannot be trusted: a line of it is not JSON`, {
      cause: error,
      hint: "remove it: ingest catalog reads it anew",
    });
  }
}

export function writeCatalog(landing: string, publisher: string, entries: readonly CatalogEntry[]): void {
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileAtomic(publisherFile(landing, publisher, "_catalog.ndjson"), lines);
}
