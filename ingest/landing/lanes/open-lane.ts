import type { Lane } from "../batch-source.ts";
import { createRowWriter } from "../row-writer.ts";
import { openScratch } from "../scratch.ts";
import type { LaneOrders, PieceDone } from "./messages.ts";
import { writePiece } from "./write-piece.ts";

/** A lane with its database. */
export type OpenedLane = {
  write(piece: number, path: string): Promise<PieceDone>;
  close(): void;
};

/** Another number than 0 in `stop` ends what is being written. */
export async function openLane(
  lane: Lane,
  { origin, spill }: LaneOrders,
  stop: Int32Array,
): Promise<OpenedLane> {
  const scratch = await openScratch(spill);
  const writer = await createRowWriter(scratch, lane, origin, []);
  const check = (): void => {
    if (Atomics.load(stop, 0) !== 0) throw new Error("stopped");
  };
  return {
    write: (piece, path) => writePiece(lane, writer, piece, path, check),
    close: () => scratch.close(),
  };
}
