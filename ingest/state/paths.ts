import { join } from "node:path";
import { landingName } from "../../runner/project/landing.ts";

/**
 * What ingestion knows is kept beside what has landed, in a folder that readers of the landing zone do not see:
 *
 * ```
 * <landing>/.ingest/<publisher>/_catalog.ndjson     what the publisher offers: a CatalogEntry a line
 * <landing>/.ingest/<publisher>/_feed.json          how far its feed of changes has been read
 * <landing>/.ingest/<publisher>/<dataset>/state.json
 * <landing>/.ingest/<publisher>/<dataset>/work/     documents being fetched; goes on after a kill
 * ```
 */
export const stateFolder = (landing: string): string => join(landing, ".ingest");

/** No dataset begins with `_`, so that these files stand beside theirs. */
export const publisherFile = (landing: string, publisher: string, name: `_${string}`): string =>
  join(stateFolder(landing), landingName("publisher", publisher), name);

export const datasetStateFolder = (landing: string, publisher: string, dataset: string): string =>
  join(stateFolder(landing), landingName("publisher", publisher), landingName("dataset", dataset));
