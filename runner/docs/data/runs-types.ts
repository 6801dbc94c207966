import type { Kind, NodeLink, PastBuild, PastCheck, Status } from "./types.ts";

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
