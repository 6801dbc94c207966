/**
 * What the generator writes and the pages read: the shapes of the data files. Each file is one call of `statloom.data(name, json)`, so that
 * it loads from disk too. Whatever is text here comes from users or publishers, and is shown as text.
 */

/** Decides the colour: models by the folder they lie in. */
export type Kind =
  | "source"
  | "seed"
  | "snapshot"
  | "staging"
  | "intermediate"
  | "mart"
  | "model"
  | "exposure"
  | "test";
export type Status = "good" | "warn" | "bad" | "skipped" | "none";

/** Formatted text, parsed from Markdown when the site is made: no HTML is in it, and addresses are http, https, mailto or `#…`. */
export type Rich = readonly RichNode[];
export type RichNode =
  | string
  | {
      readonly tag: RichTag;
      readonly children: Rich;
      readonly href?: string;
    };
export type RichTag =
  | "p"
  | "h3"
  | "h4"
  | "h5"
  | "ul"
  | "ol"
  | "li"
  | "blockquote"
  | "pre"
  | "code"
  | "em"
  | "strong"
  | "del"
  | "a"
  | "hr"
  | "br"
  | "table"
  | "thead"
  | "tbody"
  | "tr"
  | "th"
  | "td";

/** What the last run, or the last look at a source's age, made of a node. */
export type Outcome = {
  readonly status: Status;
  /** The artifact's own word: `success`, `fail` … or empty. */
  readonly word: string;
  readonly message: string;
  readonly seconds: number | null;
  readonly rows: number | null;
};

/** `index`: every node but tests, small enough for ten thousand; parents stand before their children. */
export type SiteIndex = {
  readonly project: string;
  readonly nodes: readonly IndexNode[];
};
export type IndexNode = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  /** `table`, `view`, `source` … */
  readonly shape: string;
  /** `models/marts`; of a source its name. */
  readonly folder: string;
  /** The first sentence of the description. */
  readonly about: string;
  readonly tags: readonly string[];
  /** Places in `nodes`. */
  readonly parents: readonly number[];
  /** The worst of the node itself and of its tests. */
  readonly status: Status;
  /** Tests that passed, warned, failed, and that were not run. */
  readonly tests: readonly [good: number, warn: number, bad: number, none: number];
};

/** A node as others mention it. */
export type NodeLink = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly status: Status;
};

/** `frame`: what every page has around it, loaded first. */
export type SiteFrame = {
  readonly project: string;
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly adapter: string;
  readonly target: string;
  /** Files `node-0` … that the details are spread over, see {@link bucketOf}. */
  readonly buckets: number;
  readonly nodes: number;
  /** Data files that this project has, of those that not every project has. */
  readonly has: readonly ("runs" | "catalogue" | "explore")[];
};

/** `node-<bucket>`: id → details. */
export type NodeBucket = Readonly<Record<string, NodeDetail>>;
export type NodeDetail = NodeLink & {
  readonly shape: string;
  readonly description: Rich;
  readonly path: string;
  readonly relation: string | null;
  readonly tags: readonly string[];
  /** Further facts as label and text: owner, group, loader. */
  readonly facts: readonly Fact[];
  readonly outcome: Outcome;
  readonly columns: readonly NodeColumn[];
  readonly tests: readonly NodeTest[];
  /** SQL as it was written and as it was compiled; empty where there is none. */
  readonly raw: string;
  readonly compiled: string;
  readonly parents: readonly NodeLink[];
  readonly children: readonly NodeLink[];
  /** Past builds, oldest first. */
  readonly builds: readonly PastBuild[];
  /** Rows when the site was made. */
  readonly rows: number | null;
  readonly example: Example | null;
  readonly dataset: Dataset | null;
};
/** `href`: where it leads, http, https or mailto. */
export type Fact = { readonly label: string; readonly text: string; readonly href?: string };

export type NodeColumn = {
  readonly name: string;
  readonly type: string;
  readonly description: Rich;
  readonly profile: ColumnFacts | null;
};
/** What the values were like when the site was made. */
export type ColumnFacts = {
  /** From 0 to 1. */
  readonly nullShare: number;
  readonly distinct: number;
  readonly min: string | null;
  readonly max: string | null;
  readonly median: number | null;
  /** The most frequent values. */
  readonly top: readonly (readonly [value: string, count: number])[];
  /** Counts in equal stretches from min to max. */
  readonly histogram: readonly number[] | null;
};
export type NodeTest = {
  readonly id: string;
  readonly name: string;
  readonly column: string | null;
  readonly severity: string;
  readonly outcome: Outcome;
  /** Rows that the last run found wrong. */
  readonly failures: number | null;
  /** Oldest first. */
  readonly history: readonly PastCheck[];
};
export type PastCheck = {
  readonly at: string;
  readonly status: Status;
  readonly failures: number | null;
  readonly seconds: number | null;
};
export type PastBuild = {
  readonly run: string;
  readonly at: string;
  readonly status: Status;
  readonly seconds: number | null;
  readonly rows: number | null;
};
export type Example = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
};

/** What is known of a landed dataset. */
export type Dataset = {
  readonly publisher: string;
  readonly code: string;
  readonly label: string | null;
  readonly unit: string | null;
  /** The publisher's own pages about it. */
  readonly pages: readonly Fact[];
  /** Notes of the publisher. */
  readonly notes: readonly string[];
  /** Median of the days between editions, as the publisher dates them; null for fewer than two. */
  readonly rhythmDays: number | null;
  readonly dimensions: readonly Dimension[];
  readonly flags: readonly (readonly [flag: string, meaning: string, rows: number])[];
  /** Newest first. */
  readonly vintages: readonly Edition[];
};
export type Dimension = {
  readonly name: string;
  readonly label: string | null;
  /** How many there are; `codes` may be fewer. */
  readonly size: number;
  readonly codes: readonly (readonly [code: string, label: string | null])[];
};
export type Edition = {
  readonly vintage: string;
  /** When the publisher says it changed. */
  readonly updated: string | null;
  readonly landed: string;
  readonly rows: number;
  readonly rejected: number;
  readonly source: string;
  /** Against the edition before it; null for the first, and where it was not compared. */
  readonly revised: Revision | null;
};
export type Revision = { readonly added: number; readonly removed: number; readonly changed: number };

/** `search`: what can be found, in the order of the index, tests after it. */
export type SearchIndex = { readonly entries: readonly SearchEntry[] };
export type SearchEntry = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly about: string;
  readonly columns: readonly string[];
  /** Codes and labels of dimensions, `DE Germany`. */
  readonly labels: readonly string[];
};

/** `home`. */
export type HomeData = {
  readonly description: Rich;
  readonly health: Health;
  readonly sources: readonly HomeNode[];
  readonly marts: readonly HomeNode[];
  /** Nodes that are wrong themselves, and failed tests; the worst first. */
  readonly failing: readonly Failing[];
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** How many there are of each kind. */
  readonly counts: readonly (readonly [kind: Kind, count: number])[];
};
/** In words that need no knowledge of the project. */
export type Health = {
  readonly status: Status;
  readonly sentence: string;
  readonly points: readonly string[];
};
export type HomeNode = NodeLink & {
  readonly about: string;
  readonly rows: number | null;
  /** When a mart was built, or the newest data of a source was loaded; null where nobody knows. */
  readonly at: string | null;
  /** Of a source: when its publisher says that it changed. */
  readonly published: string | null;
  /** Of a source: whether it is as new as it should be. */
  readonly freshness: Status;
};
export type Failing = NodeLink & {
  readonly word: string;
  readonly message: string;
  /** What a test is about. */
  readonly of: NodeLink | null;
};

export type RunSummary = {
  readonly id: string;
  readonly command: string;
  readonly at: string;
  readonly seconds: number;
  readonly status: Status;
  readonly nodes: number;
  readonly ok: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
};
/** `runs`. */
export type RunsData = {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Runs that have a file of their own, `run-0` being the first of these ids. */
  readonly detailed: readonly string[];
  /** By the median of their seconds, the slowest first. */
  readonly slowest: readonly SlowNode[];
  /** What went wrong and when it was well again, the newest first. */
  readonly alerts: readonly AlertSpan[];
  /** What ingestion did, newest first. */
  readonly batches: readonly IngestBatch[];
};
export type SlowNode = NodeLink & { readonly median: number; readonly builds: readonly PastBuild[] };
export type AlertSpan = NodeLink & {
  readonly since: string;
  /** null: it still is. */
  readonly until: string | null;
  /** How many runs saw it. */
  readonly times: number;
  readonly message: string;
};
export type IngestBatch = {
  readonly at: string;
  readonly publisher: string;
  readonly dataset: string;
  readonly outcome: string;
  readonly status: Status;
  readonly rows: number | null;
  readonly rejected: number | null;
  readonly seconds: number | null;
  readonly message: string;
};
/** `run-<n>`: one run in detail. */
export type RunDetail = {
  readonly run: RunSummary;
  /** In the order in which they began. */
  readonly spans: readonly RunSpan[];
  /** Rows of the picture. */
  readonly threads: number;
  /** Places in `spans`: the chain of nodes that the run could not have been faster than, first to last. */
  readonly critical: readonly number[];
};
export type RunSpan = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly status: Status;
  readonly word: string;
  /** Seconds after the run began. */
  readonly start: number;
  readonly seconds: number;
  readonly rows: number | null;
  /** From 0. */
  readonly thread: number;
};
/** `tests`: every test with what became of it. */
export type TestsData = { readonly tests: readonly TestRow[] };
export type TestRow = {
  readonly id: string;
  readonly name: string;
  readonly column: string | null;
  readonly of: NodeLink | null;
  readonly status: Status;
  readonly word: string;
  readonly failures: number | null;
  readonly past: readonly Pick<PastCheck, "at" | "status" | "failures">[];
};

/** `catalogue`: what publishers offer, as it was when it was loaded last. */
export type CatalogueData = { readonly publishers: readonly Catalogue[] };
export type Catalogue = {
  readonly publisher: string;
  /** null: it was read, but has not landed. */
  readonly loaded: string | null;
  readonly entries: readonly CatalogueEntry[];
};
export type CatalogueEntry = {
  readonly code: string;
  readonly title: string;
  readonly theme: string;
  readonly updated: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly values: number | null;
  /** The newest edition that has landed here. */
  readonly landed: string | null;
  readonly isDue: boolean;
  /** The page of its source; null where the project has none. */
  readonly node: string | null;
};
