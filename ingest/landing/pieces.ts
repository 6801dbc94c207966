import type { JsonObject } from "../../runner/base/json.ts";
import type { BatchSource, ClosableSource } from "./batch-source.ts";

/**
 * A source whose rows several threads can read at once, each piece by piece. The rows of all pieces in their order, and then those of
 * `rest`, are the rows of the source. How many pieces there are depends on the source alone, never on the machine.
 */
export type Pieces = {
  readonly count: number;
  /** A reader for this thread. It is asked for pieces in rising order. */
  openLane(): Lane;
  /** What another thread needs for the same; null where it cannot be told. */
  remoteLane(): RemoteLane | null;
  /**
   * What comes behind the pieces, once all have been read; null where there is nothing.
   * Throws {@link PiecesUnsound} when what two lanes have read cannot both be.
   */
  rest(): ClosableSource | null;
  /** Undoes what reading pieces has left behind, before the source is read as a whole. */
  forget(): void;
};

export type Lane = Pick<BatchSource, "columns" | "keyed"> & {
  /** Throws {@link PiecesUnsound}, here and from `next`, when the piece cannot be read by itself. */
  open(piece: number, reject: (rejected: JsonObject) => void): ClosableSource;
};

/** A module that calls `serveLane`, and what it is told: anything that can be sent to a worker. */
export type RemoteLane = { readonly worker: URL; readonly recipe: unknown };

/** Says that the source must be read as a whole: either that goes well, or it tells what is wrong. */
export class PiecesUnsound extends Error {
  override readonly name = "PiecesUnsound";
}
