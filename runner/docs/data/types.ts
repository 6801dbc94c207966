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
  readonly has: readonly ("runs" | "catalogue")[];
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
  /** The publisher's own page about it. */
  readonly page: string | null;
  /** Medium number of days between the last editions; null for fewer than three. */
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
