import type { NodeResult, RunResults } from "./results.ts";

/**
 * What happens during a run, for printers and `--log-format json`. `index` counts starts from 1, skipped nodes too;
 * it is the same in a node's two events. A skipped node only finishes.
 */
export type RunEvent<Result = NodeResult> =
  | {
      readonly kind: "run-started";
      readonly command: string;
      readonly invocationId: string;
      readonly total: number;
      readonly threads: number;
    }
  | NodeEvent<Result>
  | BatchEvent
  | {
      readonly kind: "run-finished";
      readonly run: Omit<RunResults, "results">;
      readonly results: readonly Result[];
    }
  | WarningEvent;

export type WarningEvent = {
  readonly kind: "warning";
  readonly code: string;
  readonly message: string;
  readonly uniqueId: string | null;
};

/** Of a model that is built in batches, between its two events. `start` and `end` as in `NodeResult.batches`. */
export type BatchEvent = BatchFacts &
  (
    | { readonly kind: "batch-started" }
    | {
        readonly kind: "batch-finished";
        readonly status: "success" | "error";
        readonly rows: number | null;
        /** What went wrong. */
        readonly message: string | null;
        /** In seconds. */
        readonly executionTime: number;
      }
  );

type BatchFacts = {
  readonly uniqueId: string;
  /** As people call it: `2024-03-01`, `2024`. */
  readonly batch: string;
  readonly start: string;
  readonly end: string;
  /** From 1. */
  readonly index: number;
  readonly total: number;
};

/** The part that the scheduler reports. */
export type NodeEvent<Result = NodeResult> =
  | {
      readonly kind: "node-started";
      readonly uniqueId: string;
      readonly index: number;
      readonly total: number;
    }
  | {
      readonly kind: "node-finished";
      readonly uniqueId: string;
      readonly result: Result;
      readonly index: number;
      readonly total: number;
    };
