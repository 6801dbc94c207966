/**
 * A run that goes on while its events are read: `for await (const event of run) …`, `await run.result`. Events that nobody reads are
 * dropped when the run ends; what it throws is thrown by `result`, and by the loop.
 */
export type Running<Event, Result> = AsyncIterable<Event> & {
  readonly result: Promise<Result>;
  /** Stops it: running statements are cancelled, the others are skipped. */
  stop(): void;
};

export function runInBackground<Event, Result>(
  body: (onEvent: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
): Running<Event, Result> {
  const events: Event[] = [];
  const stop = new AbortController();
  let wake = (): void => undefined;
  let isOver = false;
  const result = body((event) => {
    events.push(event);
    wake();
  }, stop.signal).finally(() => {
    isOver = true;
    wake();
  });
  // Whoever only reads events is told by the loop.
  result.catch(() => undefined);
  return {
    result,
    stop: () => stop.abort(),
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ;) {
        while (next < events.length) yield events[next++]!;
        if (isOver) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await result;
    },
  };
}
