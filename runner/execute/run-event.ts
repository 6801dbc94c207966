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
