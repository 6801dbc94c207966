import type { ColumnFacts, Dataset, Example, PastBuild, PastCheck } from "./data/types.ts";

/** What was read from the warehouse and the landing zone when the site was made; of what is not known there is nothing. */
export type Observed = {
  readonly target: string;
  readonly nodes: Readonly<Record<string, ObservedNode>>;
  readonly datasets: Readonly<Record<string, Dataset>>;
  readonly history: History;
};
export type ObservedNode = {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly facts: ColumnFacts }[];
  readonly example: Example;
};
/** From the `meta` tables; lists by id are oldest first. */
export type History = {
  readonly builds: ReadonlyMap<string, readonly PastBuild[]>;
  readonly checks: ReadonlyMap<string, readonly PastCheck[]>;
};
