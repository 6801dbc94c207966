import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BatchSource } from "./batch-source.ts";
import { contentDigest } from "./content-hash.ts";
import { endSpareThread } from "./lanes/spare-thread.ts";
import { writePieces } from "./lanes/write-pieces.ts";
import { PiecesUnsound } from "./pieces.ts";
import type { RowCounts } from "./row-counts.ts";
import { createRowWriter } from "./row-writer.ts";
import type { WrittenRows } from "./row-writer.ts";
import type { Writing } from "./writing.ts";

export type Written = RowCounts & {
  /** Of the rows, whatever their order, and of `extra`. */
  digest(extra: string): string;
};

/**
 * Pulls a source to its end and writes `observations.parquet` below the folder; `observations-0000.parquet`, `-0001` … where it comes
 * in pieces; `geo=DE/part-0.parquet` where partitioned. The same source gives the same bytes on any machine. What it throws is thrown on.
 */
export async function writeObservations(source: BatchSource, writing: Writing): Promise<Written> {
  const parts = (await inPieces(source, writing)) ?? [await asWhole(source, writing)];
  const sum = (key: keyof RowCounts): number => parts.reduce((total, { counts }) => total + counts[key], 0);
  return {
    rows: sum("rows"),
    numbers: sum("numbers"),
    texts: sum("texts"),
    statuses: sum("statuses"),
    digest: (extra) =>
      contentDigest(
        parts.map(({ sums }) => sums),
        extra,
      ),
  };
}

/** Undefined where the source does not come in pieces, or cannot be read so. Partitions are written one after the other, for their memory. */
async function inPieces(source: BatchSource, writing: Writing): Promise<WrittenRows[] | undefined> {
  const { folder, partitionBy } = writing;
  if (source.pieces === undefined || partitionBy.length > 0) return undefined;
  const paths: string[] = [];
  const pathOf = (piece: number): string =>
    (paths[piece] = join(folder, `observations-${String(piece).padStart(4, "0")}.parquet`));
  try {
    return await writePieces(source.pieces, pathOf, writing);
  } catch (error) {
    if (!(error instanceof PiecesUnsound)) throw error;
    source.pieces.forget();
    for (const path of paths) rmSync(path, { force: true });
    return undefined;
  }
}

async function asWhole(source: BatchSource, writing: Writing): Promise<WrittenRows> {
  const { scratch, folder, origin, partitionBy, onProgress, signal } = writing;
  await endSpareThread();
  const writer = await createRowWriter(scratch, source, origin, partitionBy);
  const target = partitionBy.length > 0 ? folder : join(folder, "observations.parquet");
  return writer.write(source, target, (rows) => {
    signal?.throwIfAborted();
    onProgress?.(rows, source.progress?.() ?? 0);
  });
}
