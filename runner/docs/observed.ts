import type { CatalogueData } from "./data/catalogue-types.ts";
import type { ColumnFacts, Dataset, Example } from "./data/node-types.ts";
import type { IngestBatch, RunSummary } from "./data/runs-types.ts";
import type { PastBuild, PastCheck } from "./data/types.ts";

/** What was read from the warehouse and the landing zone when the site was made; of what is not known there is nothing. */
export type Observed = {
  readonly target: string;
  /** By id. */
  readonly nodes: Readonly<Record<string, ObservedNode>>;
  /** By id of the source. */
  readonly datasets: Readonly<Record<string, Dataset>>;
  readonly catalogues: CatalogueData["publishers"];
  readonly history: History;
};
export type ObservedNode = {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly facts: ColumnFacts }[];
  readonly example: Example;
};
/** From the `meta` tables. */
export type History = {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** What became of nodes and tests in the newest of the runs; oldest first. */
  readonly results: readonly PastResult[];
  /** Newest first. */
  readonly batches: readonly IngestBatch[];
  /** How old sources were, oldest first. */
  readonly freshness: readonly PastFreshness[];
};
export type PastResult = PastBuild &
  PastCheck & {
    readonly id: string;
    readonly word: string;
    readonly ended: string | null;
    readonly message: string;
  };
export type PastFreshness = {
  readonly id: string;
  readonly at: string;
  readonly word: string;
  readonly loadedAt: string | null;
  readonly message: string;
};

export const nothingObserved = (target: string): Observed => ({
  target,
  nodes: {},
  datasets: {},
  catalogues: [],
  history: { runs: [], results: [], batches: [], freshness: [] },
});
