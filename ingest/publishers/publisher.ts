import type { Http, HttpRequest, Verdict, Answered } from "../http/types.ts";

/**
 * What every publisher can be asked. One file a publisher type, one entry in `registry.ts`, and `tests/contract/publishers` asks
 * the same of each. A publisher knows its addresses, its documents and its errors; it keeps nothing and writes nothing.
 */
export type Publisher = {
  /** As in `sql_project.yaml`, and the folder of the landing zone: `eurostat`, `scb`. */
  readonly name: string;
  readonly type: PublisherType;
  /** For people: where the publisher's data is browsed; null where nobody knows. */
  readonly home: string | null;
  /** Of its days: catalogues give days without a time. */
  readonly timeZone: string;
  /** It tells what it offers; publishers of documents do not. */
  readonly hasCatalog: boolean;
  /** Its addresses begin so; empty where every dataset has an address of its own. */
  readonly bases: readonly string[];
  /** How often a host of it may be asked; PxWeb tells it by `/config`. */
  limits(http: Http): Promise<HostLimits>;
  /** What the dataset of a code is called here: the name of its folder. */
  datasetName(code: string): string;
  /** Every dataset on offer, as it comes in; a dataset that stands in several themes comes once, with all of them. Empty where there is no catalogue. */
  catalog(http: Http): AsyncIterable<CatalogEntry>;
  /** What has changed lately; null where the publisher has no feed, so that dates of the catalogue have to do. */
  readonly changes:
    | ((http: Http, options: { since: string | null; now: Date }) => Promise<ChangeFeed>)
    | null;
  /** What a dataset is: for `ingest add`, and for cutting what is too big into parts. */
  describe(http: Http, wanted: Wanted): Promise<Description>;
  /** Has it changed? The cheapest question that tells; nulls where nothing tells. */
  probe(http: Http, wanted: Wanted): Promise<Probe>;
  /** Mistakes that can be seen before anything is sent, all at once; empty where there are none. */
  check(wanted: Wanted): readonly string[];
  /** The address of a dataset, or of the part of it that `part` selects by codes on top of `wanted`. */
  request(wanted: Wanted, part: Part): HttpRequest;
  /** Cuts that are known to be needed before asking, from a description (a limit of cells); `[{}]` is the whole. */
  parts(http: Http, wanted: Wanted): Promise<readonly [Part, ...Part[]]>;
  /** What an answer means: data, come again later, too big, or no. */
  judge(answer: Answered): Verdict;
};

export type PublisherType = "eurostat" | "pxweb" | "pxweb-v1" | "pxstat" | "files";

export type HostLimits = {
  /** Requests at the same time. */
  readonly concurrency: number;
  /** At most `calls` requests in `seconds`; 0 is no limit. */
  readonly calls: number;
  readonly seconds: number;
};

/** A dataset as the project wants it. */
export type Wanted = {
  /** As the publisher spells it; case is up to the publisher. For files, the address. */
  readonly code: string;
  /** Codes by dimension, as published; nothing is everything. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** First and last period wanted, as published; last so many periods. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly last?: number | undefined;
  /** `en`; else the publisher's default. */
  readonly language?: string | undefined;
  /** The address of a document, for publishers of files. */
  readonly url?: string | undefined;
};

/** A part of a dataset: codes by dimension, as published. Parts of one cut share no cell and together are the whole. */
export type Part = Readonly<Record<string, readonly string[]>>;

export type CatalogEntry = {
  /** As the publisher's addresses spell it, in lower case where case does not matter. */
  readonly code: string;
  readonly title: string;
  /** Paths from the root, each a list of themes; several where it stands in several places. */
  readonly themes: readonly (readonly Theme[])[];
  readonly type: "dataset" | "table";
  /** A day or an instant in UTC: `2026-10-03`, `2026-10-03T21:00:00Z`; null where it does not say. */
  readonly updated: string | null;
  readonly structureUpdated: string | null;
  /** First and last period, as published. */
  readonly start: string | null;
  readonly end: string | null;
  /** Observations. */
  readonly values: number | null;
};
export type Theme = { readonly code: string; readonly title: string };

export type ChangeFeed = {
  /** Newest first or last, as they came. */
  readonly changes: readonly Change[];
  /** The feed is whole from this instant on; what happened before it may have left the feed. */
  readonly coversFrom: string;
  /** Items that could not be read, in words: their datasets may have changed. */
  readonly unread: readonly string[];
};

export type Change = {
  /** Of the item; the same item has the same one in every feed. */
  readonly guid: string;
  /** As in {@link CatalogEntry}. */
  readonly code: string;
  readonly kind: "data" | "structure" | "data and structure" | "new" | "deleted";
  /** When it was published, in UTC. */
  readonly at: string;
  readonly title: string;
};

export type Probe = {
  /** When the publisher says that the dataset changed, in UTC; null where it does not say. */
  readonly updated: string | null;
  /** Marks of the document for a conditional request, where there are any. */
  readonly etag: string | null;
  readonly lastModified: string | null;
};

export type Description = {
  readonly code: string;
  readonly title: string;
  /** UTC. */
  readonly updated: string | null;
  /** For people. */
  readonly page: string | null;
  /** SDMX's letters of the frequencies that occur (A, S, Q, M, W, D), where they can be told. */
  readonly frequencies: readonly string[];
  readonly dimensions: readonly DescribedDimension[];
  /** What users should know, in the publisher's words. */
  readonly notes: readonly string[];
};

export type DescribedDimension = {
  /** As published. */
  readonly id: string;
  readonly label: string | null;
  readonly role: "time" | "geo" | "metric" | null;
  /** All that can occur, in the publisher's order. */
  readonly codes: readonly { readonly code: string; readonly label: string | null }[];
};
