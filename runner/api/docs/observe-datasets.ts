import { join } from "node:path";
import type { Session } from "../../adapters/adapter.ts";
import { cellText, cellTextOrNull } from "../../adapters/cell-text.ts";
import { isStop } from "../../adapters/query-error.ts";
import { StatloomError, messageOf } from "../../base/errors.ts";
import { median } from "../../base/median.ts";
import type { Dataset, Dimension, Edition } from "../../docs/data/node-types.ts";
import type { SourceNode } from "../../graph/types.ts";
import { datasetFolder, readVintages } from "../../project/landing.ts";
import type { Vintage } from "../../project/landing.ts";
import type { OpenProject } from "../open-project.ts";
import { goOn } from "../stop-with.ts";
import { compareEditions } from "./compare-editions.ts";
import type { FactsCache } from "./facts-cache.ts";
import { readHeader } from "./header.ts";

/** Codes of a dimension that are listed, and editions that are compared with the one before. */
const MOST = { codes: 2000, compared: 8 };

/** What is known of each landed dataset that is a source of the project, by the source's id. */
export async function observeDatasets(
  open: OpenProject,
  session: Session,
  cache: FactsCache,
  warn: (message: string) => void,
): Promise<Record<string, Dataset>> {
  const found: Record<string, Dataset> = {};
  for (const source of open.parsed.graph.sources.values()) {
    if (!source.landing) continue;
    goOn(open.effects.signal);
    try {
      const vintages = readVintages(open.project.landing, source.sourceName, source.identifier);
      if (vintages.length > 0)
        found[source.uniqueId] = await describe(open, source, vintages, session, cache);
    } catch (error) {
      if (!(error instanceof StatloomError) || isStop(error)) throw error;
      warn(`${source.uniqueId} could not be described: ${messageOf(error).split("\n")[0]}`);
    }
  }
  return found;
}

async function describe(
  open: OpenProject,
  source: SourceNode,
  vintages: readonly Vintage[],
  session: Session,
  cache: FactsCache,
): Promise<Dataset> {
  const newest = vintages.at(-1)!;
  const { sourceName: publisher, identifier: code } = source;
  const header = readHeader(
    join(datasetFolder(open.project.landing, publisher, code), newest.vintage),
    publisher,
    code,
  );
  const { dimensions, unit, flags } = await cache.get(
    `${source.uniqueId}#${newest.vintage}`,
    newest.content,
    async () => ({
      ...(await readDimensions(open, source, session)),
      flags: await readFlags(open, source, session),
    }),
  );
  const editions: Edition[] = [];
  for (const [place, edition] of vintages.entries()) {
    const before = place >= vintages.length - MOST.compared ? vintages[place - 1] : undefined;
    const revised =
      before === undefined
        ? null
        : await cache.get(
            `${source.uniqueId}#${before.vintage}#${edition.vintage}`,
            `${before.content} ${edition.content}`,
            () => compareEditions(open, source, before.vintage, edition.vintage, session),
          );
    editions.push({
      vintage: edition.vintage,
      updated: edition.updated,
      landed: edition.extracted_at,
      rows: edition.rows,
      rejected: edition.rejected,
      source: edition.source,
      revised,
    });
  }
  return {
    publisher: header.source ?? publisher,
    code,
    label: newest.label,
    unit,
    pages: header.pages,
    notes: header.notes,
    rhythmDays: rhythmOf(vintages),
    dimensions,
    flags: flags.map(([flag, rows]) => [flag, meaningOf(flag, header.flags), rows] as const),
    vintages: editions.toReversed(),
  };
}

async function readDimensions(
  { sources }: OpenProject,
  source: SourceNode,
  session: Session,
): Promise<{ dimensions: Dimension[]; unit: string | null }> {
  const from = sources.relation(source, { vintage: null, part: "dimensions" });
  const { rows } = await session.query(
    `select column_name, dimension_label, code, label, unit from ${from} order by dimension, position`,
  );
  const found = new Map<string, { label: string | null; codes: [string, string | null][] }>();
  const units = new Set<string>();
  for (const [column, title, code, label, unit] of rows) {
    const name = cellText(column);
    if (!found.has(name)) found.set(name, { label: cellTextOrNull(title), codes: [] });
    found.get(name)!.codes.push([cellText(code), cellTextOrNull(label)]);
    if (typeof unit === "string" && unit !== "") units.add(unit);
    else if (name === "unit") units.add(cellTextOrNull(label) ?? cellText(code));
  }
  const dimensions = Array.from(found, ([name, { label, codes }]) => ({
    name,
    label,
    size: codes.length,
    codes: codes.slice(0, MOST.codes),
  }));
  return { dimensions, unit: units.size === 0 ? null : [...units].slice(0, 4).join("; ") };
}

async function readFlags(
  { sources }: OpenProject,
  source: SourceNode,
  session: Session,
): Promise<[string, number][]> {
  const from = sources.relation(source, { vintage: null, part: "observations" });
  const { rows } = await session.query(
    `select status, count(*) from ${from} where status is not null group by status order by count(*) desc, status limit 40`,
  );
  return rows.map(([flag, count]) => [cellText(flag), Number(count)]);
}

/** What publishers mean by flags unless they say so themselves: SDMX's, as Eurostat writes them. */
const MEANINGS: Readonly<Record<string, string>> = {
  b: "break in time series",
  c: "confidential",
  d: "definition differs, see metadata",
  e: "estimated",
  f: "forecast",
  i: "imputed",
  m: "missing value, data cannot exist",
  n: "not significant",
  p: "provisional",
  r: "revised",
  s: "Eurostat estimate",
  u: "low reliability",
  z: "not applicable",
  ":": "not available",
};

/** Several letters are several flags. */
function meaningOf(flag: string, told: Header["flags"]): string {
  const whole = told[flag] ?? MEANINGS[flag];
  if (whole !== undefined) return whole;
  const parts = Array.from(flag, (letter) => told[letter] ?? MEANINGS[letter]);
  return parts.every((part) => part !== undefined) ? parts.join(", ") : "";
}
type Header = ReturnType<typeof readHeader>;

const DAY = 86_400_000;
function rhythmOf(vintages: readonly Vintage[]): number | null {
  const days = vintages
    .flatMap(({ updated }) => (updated === null ? [] : [Date.parse(updated)]))
    .toSorted((a, b) => a - b);
  const usual = median(days.slice(1).map((day, i) => (day - days[i]!) / DAY));
  return usual === undefined ? null : Math.max(1, Math.round(usual));
}
