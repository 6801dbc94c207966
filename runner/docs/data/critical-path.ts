type Span = { readonly id: string; readonly start: number; readonly seconds: number };

/**
 * The chain of nodes, each waiting for the one before, that takes longest: however many threads there are, the run could not have been
 * faster. Places in `spans`, first to last; `waitsFor`: what has to be done before a node begins.
 */
export function criticalPath(spans: readonly Span[], waitsFor: (id: string) => readonly string[]): number[] {
  const places = new Map(spans.map(({ id }, place) => [id, place]));
  const longest = spans.map(({ seconds }) => seconds);
  const before = spans.map(() => -1);
  const inOrder = [...spans.keys()].toSorted((a, b) => spans[a]!.start - spans[b]!.start);
  for (const place of inOrder) {
    const { id, start, seconds } = spans[place]!;
    for (const parent of waitsFor(id)) {
      const at = places.get(parent);
      // What began later was not waited for: it was built again, or clocks went back.
      if (at === undefined || spans[at]!.start > start || at === place) continue;
      if (longest[at]! + seconds <= longest[place]!) continue;
      longest[place] = longest[at]! + seconds;
      before[place] = at;
    }
  }
  let at = longest.indexOf(Math.max(...longest));
  const chain: number[] = [];
  for (; at >= 0 && chain.length < spans.length; at = before[at]!) chain.unshift(at);
  return chain;
}
