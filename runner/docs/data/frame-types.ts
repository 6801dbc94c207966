import type { Kind, Status } from "./types.ts";

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
