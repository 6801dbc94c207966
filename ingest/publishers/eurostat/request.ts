import type { HttpRequest } from "../../http/types.ts";
import { readPeriod } from "../../jsonstat/periods.ts";
import type { Part, Wanted } from "../publisher.ts";
import type { Addresses } from "./addresses.ts";

/** Names that are no dimensions, so that nothing of them comes back. */
const LEVELS = new Set(["aggregate", "country", "nuts1", "nuts2", "nuts3", "city"]);
const isTime = (name: string): boolean => /^(?:time|time_period)$/i.test(name);
const isLevel = (name: string): boolean => name.toLowerCase() === "geolevel";

/**
 * What Eurostat would get wrong without a word: it moves `2020-13` to January 2021, and gives everything outside of a range
 * that is the wrong way round. What it would refuse is told here too, before anything is sent.
 */
export function checkWanted({ code, filters, since, until, last }: Wanted): readonly string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9_$-]*$/i.test(code)) problems.push(`"${code}" cannot be a code of Eurostat`);
  const periods = [
    ...Object.entries(filters).flatMap(([name, codes]) =>
      isTime(name) ? codes.map((one) => [name, one]) : [],
    ),
    ...(since === undefined ? [] : [["since", since]]),
    ...(until === undefined ? [] : [["until", until]]),
  ] as [string, string][];
  for (const [name, text] of periods) {
    if (!isPeriod(text))
      problems.push(`${name} "${text}" is no period: 2024, 2024-S1, 2024-Q1, 2024-01, 2024-W05, 2024-01-15`);
  }
  const [from, to] = [since, until].map((text) => (text === undefined ? null : readPeriod(text)));
  if (from?.start && to?.end && from.start > to.end)
    problems.push(`since "${since}" is later than until "${until}"`);
  if (last !== undefined && (since !== undefined || until !== undefined))
    problems.push('"last" cannot go together with "since" and "until"');
  const names = Object.keys(filters);
  if (names.some(isLevel) && names.some((name) => name.toLowerCase() === "geo"))
    problems.push('"geo" and "geoLevel" cannot both be filtered');
  for (const level of names.filter(isLevel).flatMap((name) => filters[name]!)) {
    if (!LEVELS.has(level.toLowerCase()))
      problems.push(`"${level}" is no level of geo: ${[...LEVELS].join(", ")}`);
  }
  return problems;
}

/** Week 99 is a period of Eurostat's, and has no days. */
function isPeriod(text: string): boolean {
  const { start, frequency } = readPeriod(text);
  return start !== null || (frequency === "W" && /W99$/i.test(text));
}

/** Codes of `part` take the place of those that the project asks for: a part is cut from what is wanted. */
export function dataRequest(addresses: Addresses, wanted: Wanted, part: Part): HttpRequest {
  const query = new URLSearchParams({ format: "JSON", lang: wanted.language ?? addresses.language });
  const cut = new Set(Object.keys(part).map(canonical));
  for (const [name, codes] of [
    ...Object.entries(wanted.filters).filter(([name]) => !cut.has(canonical(name))),
    ...Object.entries(part),
  ]) {
    for (const code of codes) query.append(isLevel(name) ? "geoLevel" : name, code);
  }
  // A part that names its periods has been cut from those that were wanted.
  if (!cut.has("time")) {
    if (wanted.since !== undefined) query.set("sinceTimePeriod", wanted.since);
    if (wanted.until !== undefined) query.set("untilTimePeriod", wanted.until);
    if (wanted.last !== undefined) query.set("lastTimePeriod", String(wanted.last));
  }
  return { url: addresses.data(wanted.code, query) };
}

const canonical = (name: string): string => (isTime(name) ? "time" : name.toLowerCase());
