import type { DriftFinding } from "../landing/drift.ts";

/** One dataset of the project, by the names of its folders in the landing zone. */
export type DatasetName = { readonly publisher: string; readonly dataset: string };

/**
 * What happens while datasets are brought up to date, as it happens; the command line prints it, the scheduler counts and alerts by it.
 * Each dataset has one "started" and then exactly one of the events of {@link SyncEnd}. Prints as JSON.
 */
export type SyncEvent = DatasetName & { readonly at: string } & (SyncStep | SyncEnd);

export type SyncStep =
  /** `reason` is why it is looked at: because it was named, is due, or always. */
  | { readonly kind: "started"; readonly reason: string }
  | {
      readonly kind: "progress";
      /** Over the wire so far, all parts together; `total` where it is known. */
      readonly bytes: number;
      readonly total: number | null;
      /** Landed so far; 0 while it is being fetched. */
      readonly rows: number;
      /** From 0 to 1, of the landing. */
      readonly share: number;
    }
  | {
      readonly kind: "retry";
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "resumed"; readonly from: number }
  | { readonly kind: "split"; readonly parts: number; readonly message: string }
  | { readonly kind: "warning"; readonly code: string; readonly message: string }
  | {
      readonly kind: "staged";
      readonly table: string;
      readonly inserted: number;
      readonly updated: number;
      readonly deleted: number;
    };

/** How it ended; also kept as the last outcome of the dataset. */
export type SyncEnd =
  | (SyncDone & {
      readonly kind: "landed";
      readonly vintage: string;
      readonly rows: number;
      readonly rejected: number;
      readonly drift: readonly DriftFinding[];
    })
  /** Nothing new: the probe, a conditional request, or the content itself said so. */
  | (SyncDone & {
      readonly kind: "unchanged";
      readonly told: "probe" | "not modified" | "document" | "content";
    })
  /** Landed beside, waiting for `ingest accept`. */
  | (SyncDone & {
      readonly kind: "held";
      readonly vintage: string;
      readonly rows: number;
      readonly rejected: number;
      readonly drift: readonly DriftFinding[];
    })
  /** `dead`: it is not tried again by itself until the publisher announces something newer. `retryAt` else. */
  | (SyncDone & {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly hint: string | null;
      readonly attempts: number;
      readonly retryAt: string | null;
      readonly dead: boolean;
    })
  /** Another process is at it, or the run was stopped before its turn. */
  | (SyncDone & { readonly kind: "skipped"; readonly message: string });

export type SyncDone = {
  readonly seconds: number;
  /** Over the wire. */
  readonly bytes: number;
  readonly retries: number;
  /** When the publisher says it changed, in UTC. */
  readonly updated: string | null;
};

export const isEnd = (event: SyncEvent): event is SyncEvent & SyncEnd =>
  ["landed", "unchanged", "held", "failed", "skipped"].includes(event.kind);
