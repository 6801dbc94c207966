import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Pieces } from "../batch-source.ts";
import { createRowWriter } from "../row-writer.ts";
import type { WrittenRows } from "../row-writer.ts";
import type { Writing } from "../writing.ts";
import type { PieceDone } from "./messages.ts";
import { giveBack, takeThread } from "./spare-thread.ts";
import type { Thread } from "./thread.ts";
import { writePiece } from "./write-piece.ts";

/**
 * Writes every piece to the file that `pathOf` names, and what comes behind them to one more, on this thread and another where there is
 * one to spare. Throws a PiecesUnsound when the source must be read as a whole.
 */
export async function writePieces(
  pieces: Pieces,
  pathOf: (piece: number) => string,
  writing: Writing,
): Promise<WrittenRows[]> {
  const { scratch, origin, onFile, onProgress, signal, reject } = writing;
  const lane = pieces.openLane();
  const writer = await createRowWriter(scratch, lane, origin, []);
  const remote = pieces.remoteLane();
  const thread = remote === null ? undefined : takeThread(remote.worker);
  const done: PieceDone[] = [];
  let next = 0;
  const finished = { pieces: 0, rows: 0 };
  let failed = false;
  const work = async (write: (piece: number) => Promise<PieceDone>): Promise<void> => {
    try {
      while (next < pieces.count && !failed) {
        const piece = next++;
        done[piece] = await write(piece);
        finished.pieces++;
        finished.rows += done[piece].written.counts.rows;
        onFile(pathOf(piece));
      }
    } catch (error) {
      failed = true;
      thread?.stop();
      throw error;
    }
  };
  const write = (piece: number): Promise<PieceDone> =>
    writePiece(lane, writer, piece, pathOf(piece), (rows, share) => {
      signal?.throwIfAborted();
      onProgress?.(finished.rows + rows, (finished.pieces + share) / pieces.count);
    });
  const beside = async (): Promise<void> => {
    if (thread === undefined || !(await openBeside(thread, remote!.recipe, writing))) return;
    await work((piece) => thread.write(piece, pathOf(piece)));
  };
  try {
    const settled = await Promise.allSettled([work(write), beside()]);
    signal?.throwIfAborted();
    for (const result of settled) if (result.status === "rejected") throw result.reason;
  } finally {
    if (thread) await closeBeside(thread);
  }
  const rest = pieces.rest();
  if (rest !== null) {
    const check = (): void => signal?.throwIfAborted();
    done.push({ written: await writer.write(rest, pathOf(pieces.count), check), rejected: [] });
  }
  for (const { rejected } of done) rejected.forEach(reject);
  return done.map(({ written }) => written);
}

/** False where the thread cannot do it: then this one does all. */
async function openBeside(thread: Thread, recipe: unknown, { origin, spill }: Writing): Promise<boolean> {
  const folder = join(spill, "thread");
  mkdirSync(folder);
  try {
    await thread.lane({ recipe, origin, spill: folder });
    return true;
  } catch {
    return false;
  }
}

async function closeBeside(thread: Thread): Promise<void> {
  // A thread that has ended has closed everything.
  await thread.lane(null).catch(() => undefined);
  giveBack(thread);
}
