import { readPeriod } from "../jsonstat/periods.ts";
import type { Wanted } from "./publisher.ts";

/** What no publisher can answer: periods that are none, a range that is the wrong way round, two ways to say which periods. */
export function checkPeriods({ since, until, last }: Wanted): string[] {
  const problems: string[] = [];
  for (const [name, text] of Object.entries({ since, until })) {
    if (text !== undefined && readPeriod(text).start === null)
      problems.push(`${name} "${text}" is no period: 2024, 2024-Q1, 2024M01`);
  }
  const [from, to] = [since, until].map((text) => (text === undefined ? null : readPeriod(text)));
  if (from?.start && to?.end && from.start > to.end)
    problems.push(`since "${since}" is later than until "${until}"`);
  if (last !== undefined && (since !== undefined || until !== undefined))
    problems.push('"last" cannot go together with "since" and "until"');
  return problems;
}
