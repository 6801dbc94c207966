import { OperationError } from "../../runner/base/errors.ts";
import { plural } from "../../runner/base/text.ts";
import type { Http } from "../http/types.ts";
import type { CatalogEntry, Publisher } from "../publishers/publisher.ts";
import { readCatalog, writeCatalog } from "../state/catalog-state.ts";
import { compareCatalogs } from "./compare-catalogs.ts";
import type { CatalogDifference } from "./compare-catalogs.ts";
import { landCatalog } from "./land-catalog.ts";

export type LoadCatalogOptions = {
  readonly publisher: Publisher;
  readonly http: Http;
  readonly landing: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Believe a catalogue that has lost much. */
  readonly force?: boolean;
  /** Told before the new catalogue takes the place of the old one: what it calls for is then never lost. */
  readonly onCompared?: (loaded: Compared) => Promise<void>;
};

export type Compared = CatalogDifference & {
  readonly publisher: string;
  readonly entries: readonly CatalogEntry[];
  /** It was never loaded before: everything is new, and nothing is news. */
  readonly isFirst: boolean;
};
export type LoadedCatalog = Compared & { readonly vintage: string };

/** A catalogue may lose this share of its entries before that is taken for a mistake of the publisher's. */
const MAX_LOST = 0.25;

/** Asks a publisher for all that it offers, compares it with what was known, lands it as a table and keeps it. */
export async function loadCatalog(options: LoadCatalogOptions): Promise<LoadedCatalog> {
  const { publisher, http, landing, now, signal } = options;
  const entries: CatalogEntry[] = [];
  for await (const entry of publisher.catalog(http)) entries.push(entry);
  const known = readCatalog(landing, publisher.name);
  if (!options.force) checkLost(publisher.name, known.length, entries.length);
  const compared = {
    publisher: publisher.name,
    entries,
    isFirst: known.length === 0,
    ...compareCatalogs(known, entries),
  };
  const source = publisher.bases[0] ?? publisher.name;
  const { vintage } = await landCatalog(publisher.name, entries, { landing, now, signal, source });
  await options.onCompared?.(compared);
  writeCatalog(landing, publisher.name, entries);
  return { ...compared, vintage: vintage.vintage };
}

function checkLost(publisher: string, before: number, after: number): void {
  if (after >= before * (1 - MAX_LOST)) return;
  throw new OperationError(
    "CATALOG_SHRUNK",
    `the catalogue of ${publisher} names ${plural(after, "dataset")}, and named ${before.toLocaleString("en-US")} before`,
    {
      hint: "the one that was known stays; if it is meant: ingest catalog --force",
      retryable: true,
    },
  );
}
