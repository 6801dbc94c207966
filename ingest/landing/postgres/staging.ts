import type { LandedDimension } from "../write-dimensions.ts";
import type { Json } from "../../../runner/base/json.ts";
import type { RowSource } from "../batch-source.ts";

/** Where editions are loaded, and how: `ingest.staging` of the project. */
export type StagingOptions = {
  /** `postgres://user:password@host/database`; never printed. */
  readonly url: string;
  /** What paths of certificates are relative to, and where what the address does not say is looked for, as psql does. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly schema: string;
  /** New tables are partitioned by the year that a period starts in; the tables that are there stay as they are. */
  readonly partitionByPeriod?: "year" | undefined;
  /** What `documents` keeps of each edition: its header as jsonb, or nothing. */
  readonly keepDocuments: "header" | "none";
  /** `all` compares every row even where hashes say that nothing changed, as after somebody wrote into the table. */
  readonly compare?: "changed" | "all";
  /** Milliseconds to wait for a table that another process loads or reads; five minutes unless told. */
  readonly lockTimeout?: number;
  readonly signal?: AbortSignal | undefined;
};

/** An edition as PostgreSQL is given it, with what its vintage is known by. */
export type StagingEdition = {
  readonly publisher: string;
  readonly dataset: string;
  readonly vintage: string;
  readonly batchId: string;
  /** Instants in UTC; `updated` is null where the publisher does not say. */
  readonly updated: string | null;
  readonly extractedAt: string;
  readonly source: string;
  readonly sha256: string;
  readonly rejected: number;
  readonly header: Json;
  /** Columns that together name a cell: the dimensions. */
  readonly keys: readonly string[];
  readonly dimensions: readonly LandedDimension[];
  /** Where the document is kept, if it is. */
  readonly document?: string | null;
  /** The rows from the first one on; called up to twice, one after the other. What is closed twice stays closed. */
  open(): RowSource;
};

export type Staged = {
  /**
   * `loaded`: the table holds this edition now, with changes or without. `already`: it did before, nothing was done.
   * `older`: it holds a newer edition, nothing was done.
   */
  readonly outcome: "loaded" | "already" | "older";
  /** Schema and name of the table, unquoted. */
  readonly table: string;
  readonly counts: StagedCounts;
  readonly seconds: number;
};

export type StagedCounts = {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
};
