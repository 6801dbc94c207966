import type { DatasetConfig } from "../../runner/project/project-schema.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { needsCatalog } from "../sync/configured.ts";
import type { Ingestion } from "../sync/open-ingestion.ts";
import { loadCatalog } from "./load-catalog.ts";

export type EnsureOptions = {
  readonly ingestion: Ingestion;
  readonly datasets: readonly DatasetConfig[];
  readonly landing: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** What is wrong with one catalogue is told here, and does not keep the other publishers from their work. */
  readonly onError: (publisher: string, error: unknown) => void;
};

/** Loads the catalogues that entries of the project look datasets up in, where they were never loaded: without them a pattern means nothing. */
export async function ensureCatalogs({
  ingestion,
  datasets,
  landing,
  now,
  signal,
  onError,
}: EnsureOptions): Promise<void> {
  for (const name of ingestion.publisherNames) {
    const looksUp = datasets.some(
      (config) => config.publisher.toLowerCase() === name && needsCatalog(config),
    );
    if (!looksUp || readCatalog(landing, name).length > 0) continue;
    try {
      const publisher = await ingestion.publisher(name);
      if (publisher.hasCatalog) await loadCatalog({ publisher, http: ingestion.http, landing, now, signal });
    } catch (error) {
      signal.throwIfAborted();
      onError(name, error);
    }
  }
}
