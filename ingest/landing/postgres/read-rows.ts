import { setImmediate } from "node:timers/promises";
import { createBatch } from "../batch-source.ts";
import type { BatchColumn } from "../batch-source.ts";
import { createCopyText } from "./copy-text.ts";
import { createSliceHash } from "./slice-hash.ts";
import type { Slice } from "./slice-hash.ts";
import type { StagingEdition } from "./staging.ts";

/** Rows at a time; larger batches fall out of the processor's cache. */
const CAPACITY = 2048;
/** Bytes sent at a time. */
const CHUNK = 1 << 17;

export type RowsRead = {
  rows: number;
  /** The column that slices are codes of. */
  column: string | null;
  slices: Map<string, Slice>;
};

/** Batches after which others get a turn: half a million rows. */
const TURN = 256;

/** Reads the rows and keeps only their hashes. */
export async function hashRows(edition: StagingEdition, signal?: AbortSignal): Promise<RowsRead> {
  const source = edition.open();
  try {
    const hash = createSliceHash(source.columns, edition.keys, CAPACITY);
    const batch = createBatch(source.columns, CAPACITY);
    let rows = 0;
    let batches = 0;
    for (let got = await source.next(batch); got > 0; got = await source.next(batch)) {
      hash.add(batch, got);
      rows += got;
      if (++batches % TURN > 0) continue;
      await setImmediate();
      signal?.throwIfAborted();
    }
    return { rows, column: hash.column, slices: hash.slices() };
  } finally {
    source.close();
  }
}

export type RowStream = {
  readonly columns: readonly BatchColumn[];
  /** Positions of the source's columns, in the order in which they come. */
  readonly order: readonly number[];
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What came by; whole once `chunks` has ended. */
  readonly read: RowsRead;
  /** For when `chunks` was not read to its end. */
  close(): void;
};

/** The rows as text for COPY: all of them, or those of some slices. */
export function streamRows(edition: StagingEdition, wanted?: ReadonlySet<string>): RowStream {
  const source = edition.open();
  const text = createCopyText(source.columns, edition.keys);
  const hash = createSliceHash(source.columns, edition.keys, CAPACITY);
  const read: RowsRead = { rows: 0, column: hash.column, slices: new Map() };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const batch = createBatch(source.columns, CAPACITY);
    const keep = new Uint8Array(CAPACITY);
    try {
      for (let got = await source.next(batch); got > 0; got = await source.next(batch)) {
        read.rows += got;
        if (wanted === undefined) hash.add(batch, got);
        else hash.mark(batch, got, wanted, keep);
        if (text.add(batch, got, wanted && keep) >= CHUNK) yield text.take();
      }
      yield text.take();
      read.slices = hash.slices();
    } finally {
      source.close();
    }
  }
  return {
    columns: source.columns,
    order: text.order,
    chunks: chunks(),
    read,
    close: () => source.close(),
  };
}
