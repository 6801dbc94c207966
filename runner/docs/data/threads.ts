/**
 * A row of the picture for each span: the first that is free when it begins. The history notes when nodes ran, not on which thread: as
 * many rows come of it as there were nodes at once. Spans are given in the order in which they begin.
 */
export function inThreads(spans: readonly { readonly start: number; readonly seconds: number }[]): number[] {
  const freeAt: number[] = [];
  return spans.map(({ start, seconds }) => {
    // Clocks are noted in milliseconds: what ends as another begins was before it.
    const free = freeAt.findIndex((end) => end <= start + 0.0015);
    const row = free < 0 ? freeAt.length : free;
    freeAt[row] = start + seconds;
    return row;
  });
}
