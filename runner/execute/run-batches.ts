import type { Session } from "../adapters/adapter.ts";
import { StatloomError } from "../base/errors.ts";
import type { Span } from "../plan/microbatch/batches.ts";

export type BatchResult = {
  readonly batch: Span;
  readonly rows: number | null;
  /** null: it is done. */
  readonly error: StatloomError | null;
};

export type BatchRun = {
  /** Builds one batch; throws what is wrong with it. */
  readonly build: (batch: Span, session: Session) => Promise<number | null>;
  readonly session: Session;
  /** More sessions, for as many batches at once; each closed again. Without them one follows the other. */
  readonly open?: (() => Promise<Session>) | undefined;
  readonly atOnce: number;
  /** One that fails makes the others useless. */
  readonly stopsAtFailure: boolean;
  readonly signal: AbortSignal | undefined;
  /** Is told when a batch begins and what became of it; `number` counts from 1. */
  readonly onBatch?: ((batch: Span, number: number, result: TimedBatch | null) => void) | undefined;
};

/** `seconds`: how long it took. */
export type TimedBatch = BatchResult & { readonly seconds: number };

/**
 * Builds batches, and tells what became of each, in their order. Where they may run at once the first is built alone, since it makes the
 * table and its columns, and so is the last, as in dbt: what looks at the newest rows finds all before them.
 */
export async function runBatches(batches: readonly Span[], run: BatchRun): Promise<BatchResult[]> {
  const results = new Map<Span, BatchResult>();
  const queue = [...batches];
  const one = async (session: Session): Promise<void> => {
    const batch = queue.shift()!;
    const number = batches.length - queue.length;
    const begin = performance.now();
    run.onBatch?.(batch, number, null);
    const result = await run.build(batch, session).then(
      (rows): BatchResult => ({ batch, rows, error: null }),
      (error: unknown): BatchResult => {
        if (error instanceof StatloomError) return { batch, rows: null, error };
        throw error;
      },
    );
    results.set(batch, result);
    if (result.error !== null && run.stopsAtFailure) queue.length = 0;
    run.onBatch?.(batch, number, { ...result, seconds: (performance.now() - begin) / 1000 });
  };
  const until = async (left: number, session: Session): Promise<void> => {
    while (queue.length > left && run.signal?.aborted !== true) await one(session);
  };
  const middle = batches.length - 2;
  if (run.open !== undefined && run.atOnce > 1 && middle > 1) {
    await until(batches.length - 1, run.session);
    await together(Math.min(run.atOnce, middle), run, (session) => until(1, session));
  }
  await until(0, run.session);
  return batches.flatMap((batch) => results.get(batch) ?? []);
}

/** Works on several sessions at once, each stopped with the run; all are done or have failed when it resolves or rejects. */
async function together(
  count: number,
  { session, open, signal }: BatchRun,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const more = async (): Promise<void> => {
    const own = await open!();
    const stop = (): void => own.interrupt();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await work(own);
    } finally {
      signal?.removeEventListener("abort", stop);
      await own.close();
    }
  };
  const ended = await Promise.allSettled([work(session), ...Array.from({ length: count - 1 }, more)]);
  for (const each of ended) if (each.status === "rejected") throw each.reason;
}
