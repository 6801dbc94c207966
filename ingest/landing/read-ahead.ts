import { createBatch } from "./batch-source.ts";
import type { Batch, BatchSource } from "./batch-source.ts";

/** A filled batch; `rows` is 0 at the end. Give `batch` back once it has been copied. */
export type Filled = { readonly batch: Batch; readonly rows: number };

export type ReadAhead = {
  /** The next batch, in the order of the source. What the source threw for it is thrown here. */
  take(): Filled;
  giveBack(batch: Batch): void;
  stop(): void;
};

/** Half a row group: more stays out of the processor's cache and costs what it gains. About 100 kB each. */
const MOST_BATCHES = 32;

/**
 * Reads a source while the database is busy with what it has. The database waits for its callback, and between two callbacks
 * this thread would idle: the batches filled there cost no time. `seen` is told of every batch, in order.
 */
export function readAhead(
  source: BatchSource,
  capacity: number,
  seen: (batch: Batch, rows: number) => void,
): ReadAhead {
  const free: Batch[] = [];
  const ready: (Filled | { readonly error: unknown })[] = [];
  let made = 0;
  let ended = false;
  let scheduled = false;

  const spare = (): Batch | undefined => {
    const batch = free.pop();
    if (batch !== undefined || made >= MOST_BATCHES) return batch;
    made++;
    return createBatch(source.columns, capacity);
  };
  const fill = (batch: Batch): Filled => {
    try {
      const rows = source.next(batch);
      seen(batch, rows);
      ended = rows === 0;
      return { batch, rows };
    } catch (error) {
      ended = true;
      throw error;
    }
  };
  // One batch a turn: a callback of the database never waits for more.
  const turn = (): void => {
    scheduled = false;
    const batch = ended ? undefined : spare();
    if (batch === undefined) return;
    try {
      ready.push(fill(batch));
    } catch (error) {
      ready.push({ error });
    }
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || ended) return;
    scheduled = true;
    setImmediate(turn);
  };

  return {
    take() {
      const next = ready.shift() ?? fill(spare() ?? createBatch(source.columns, capacity));
      schedule();
      if ("error" in next) throw next.error;
      return next;
    },
    giveBack(batch) {
      free.push(batch);
    },
    stop() {
      ended = true;
    },
  };
}
