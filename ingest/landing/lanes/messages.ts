import type { JsonObject } from "../../../runner/base/json.ts";
import type { RowOrigin, WrittenRows } from "../row-writer.ts";

/** What a lane in another thread must know. */
export type LaneOrders = {
  /** What the source says of itself; see `RemoteLane`. */
  readonly recipe: unknown;
  readonly origin: RowOrigin;
  /** A folder for its database. */
  readonly spill: string;
};

/** What a thread is asked, one thing at a time. `null` ends the lane. */
export type ThreadTask =
  | { readonly kind: "hash"; readonly path: string }
  | { readonly kind: "lane"; readonly orders: LaneOrders | null }
  | { readonly kind: "piece"; readonly piece: number; readonly path: string };

export type PieceDone = { readonly written: WrittenRows; readonly rejected: readonly JsonObject[] };

/** What it answers: each task has one answer of its kind, or fails. */
export type ThreadReport =
  | { readonly kind: "hash"; readonly sha256: string }
  | { readonly kind: "lane" }
  | { readonly kind: "piece"; readonly done: PieceDone }
  | { readonly kind: "failed"; readonly unsound: boolean; readonly message: string };
