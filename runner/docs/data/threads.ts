export type Timed = { readonly start: number; readonly seconds: number };

/**
 * Tests of a relation are looked at in one pass, which is noted as if all had begun together: they stand one after the other, as each has
 * its share of the time. Spans are given in the order in which they begin; `threadOf` tells the thread where it is known.
 */
export function oneAfterTheOther<T extends Timed>(
  spans: readonly T[],
  threadOf: (span: T) => string | undefined,
): T[] {
  const ends = new Map<string, number>();
  return spans.map((span) => {
    const key = threadOf(span) ?? `at ${span.start}`;
    const start = Math.max(span.start, ends.get(key) ?? 0);
    ends.set(key, start + span.seconds);
    return { ...span, start };
  });
}

/**
 * A row of the picture for each span: the first that is free when it begins. The history notes when nodes ran, not on which thread: as
 * many rows come of it as there were nodes at once. Spans are given in the order in which they begin.
 */
export function inThreads(spans: readonly Timed[]): number[] {
  const freeAt: number[] = [];
  return spans.map(({ start, seconds }) => {
    // Clocks are noted in milliseconds: what ends as another begins was before it.
    const free = freeAt.findIndex((end) => end <= start + 0.0015);
    const row = free < 0 ? freeAt.length : free;
    freeAt[row] = start + seconds;
    return row;
  });
}
