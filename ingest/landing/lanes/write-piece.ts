import type { JsonObject } from "../../../runner/base/json.ts";
import { PiecesUnsound } from "../pieces.ts";
import type { Lane } from "../batch-source.ts";
import type { RowWriter } from "../row-writer.ts";
import type { PieceDone } from "./messages.ts";

/** Kept in memory until the pieces before have been told of; what rejects more is read as a whole. */
const MOST_REJECTED = 10_000;

/** Writes one piece, and keeps what it rejects: the log has them in the order of the pieces. */
export async function writePiece(
  lane: Lane,
  writer: RowWriter,
  piece: number,
  path: string,
  beforeBatch: (rows: number, share: number) => void,
): Promise<PieceDone> {
  const rejected: JsonObject[] = [];
  const source = lane.open(piece, (cell) => {
    if (rejected.length === MOST_REJECTED) throw new PiecesUnsound("too many cells of a piece are rejected");
    rejected.push(cell);
  });
  try {
    return {
      written: await writer.write(source, path, (rows) => beforeBatch(rows, source.progress?.() ?? 0)),
      rejected,
    };
  } finally {
    source.close();
  }
}
