import type { SearchEntry } from "../../../data/frame-types.ts";

/** An entry made ready: what is compared is lower case. */
export type Prepared = {
  readonly entry: SearchEntry;
  readonly name: string;
  readonly columns: string;
  readonly about: string;
  readonly labels: string;
};
export type Found = {
  readonly entry: SearchEntry;
  /** Where else than in the name it was found: a column, a label; null otherwise. */
  readonly where: string | null;
};

export const prepare = (entries: readonly SearchEntry[]): Prepared[] =>
  entries.map((entry) => ({
    entry,
    name: entry.name.toLowerCase(),
    columns: entry.columns.join("\n").toLowerCase(),
    about: entry.about.toLowerCase(),
    labels: entry.labels.join("\n").toLowerCase(),
  }));

/**
 * Entries that hold every word, the best first: names before columns before labels before descriptions, and what begins with a word
 * before what has it inside. Parts of words count: `silc` finds `hlth_silc_13`.
 */
export function find(prepared: readonly Prepared[], query: string, most: number): Found[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const scored: [score: number, place: number][] = [];
  prepared.forEach((each, place) => {
    let score = 0;
    for (const word of words) {
      const points = pointsOf(each, word);
      if (points === 0) return;
      score += points;
    }
    // Of two that match alike the shorter name is nearer to what was typed; tests are rarely meant.
    scored.push([score - each.name.length / 100 - (each.entry.kind === "test" ? 25 : 0), place]);
  });
  return scored
    .toSorted(([a, left], [b, right]) => b - a || left - right)
    .slice(0, most)
    .map(([, place]) => ({ entry: prepared[place]!.entry, where: whereOf(prepared[place]!, words) }));
}

function pointsOf({ name, columns, labels, about }: Prepared, word: string): number {
  const at = name.indexOf(word);
  if (at >= 0)
    return name.length === word.length ? 100 : at === 0 ? 80 : /[._]/.test(name[at - 1]!) ? 70 : 60;
  const column = `\n${columns}\n`;
  if (column.includes(`\n${word}\n`)) return 50;
  if (column.includes(word)) return 40;
  if (labels.includes(word)) return 30;
  return about.includes(word) ? 20 : 0;
}

function whereOf({ entry, name }: Prepared, words: readonly string[]): string | null {
  const missing = words.find((word) => !name.includes(word));
  if (missing === undefined) return null;
  const holds = (text: string): boolean => text.toLowerCase().includes(missing);
  return entry.columns.find(holds) ?? entry.labels.find(holds) ?? null;
}
