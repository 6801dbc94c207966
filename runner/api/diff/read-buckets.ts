import type { Cell, ResultTable } from "../../adapters/adapter.ts";
import type { RowComparer } from "./compare-rows.ts";

/** Rows in the order of the bucket that stands behind their columns. */
export type Stream = AsyncGenerator<ResultTable["rows"], void>;

/** Holds two streams of rows against each other, one bucket in memory at a time; buckets of `same` are passed over. */
export async function compareStreams(
  here: Stream,
  there: Stream,
  comparer: RowComparer,
  isSame: (bucket: number) => boolean,
): Promise<void> {
  const [mine, theirs] = [new Reader(here), new Reader(there)];
  try {
    await Promise.all([mine.fill(), theirs.fill()]);
    for (;;) {
      const bucket = Math.min(mine.bucket, theirs.bucket);
      if (bucket === Infinity) return;
      const isWanted = !isSame(bucket);
      await theirs.pass(bucket, (row) => isWanted && comparer.there(row));
      await mine.pass(bucket, (row) => isWanted && comparer.here(row));
      comparer.settle();
    }
  } finally {
    await Promise.all([mine.close(), theirs.close()]);
  }
}

/** Asks for the next rows while it gives out those that have come. */
class Reader {
  readonly #stream: Stream;
  #coming: Promise<IteratorResult<ResultTable["rows"], void>>;
  #rows: ResultTable["rows"] = [];
  #at = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#coming = this.#ask();
  }

  /** Of the next row; none is left: infinity. */
  get bucket(): number {
    const row = this.#rows[this.#at];
    return row === undefined ? Infinity : Number(row.at(-1));
  }

  async fill(): Promise<void> {
    const next = await this.#coming;
    this.#rows = next.done ? [] : next.value;
    this.#at = 0;
    if (!next.done) this.#coming = this.#ask();
  }

  async pass(bucket: number, take: (row: readonly Cell[]) => void): Promise<void> {
    while (this.bucket === bucket) {
      take(this.#rows[this.#at++]!);
      if (this.#at === this.#rows.length) await this.fill();
    }
  }

  async close(): Promise<void> {
    await this.#coming.catch(() => undefined);
    await this.#stream.return();
  }

  #ask(): Promise<IteratorResult<ResultTable["rows"], void>> {
    const coming = this.#stream.next();
    // Who waits for it is told; nobody may.
    coming.catch(() => undefined);
    return coming;
  }
}
