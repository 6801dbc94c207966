import type { Fact, NodeLink, Outcome, PastBuild, PastCheck, Rich } from "./types.ts";

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
