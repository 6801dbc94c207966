import { formatTable, plural } from "../../runner/base/text.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { ChangedEntry, CatalogDifference } from "../catalog/compare-catalogs.ts";
import type { CatalogEntry } from "../publishers/publisher.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { mentions } from "../sync/configured.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import type { IngestEffects } from "./effects.ts";
import { readDay } from "./options.ts";
import { createReporter } from "./reporter.ts";
import type { Reporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";

export type CatalogOptions = ShowOptions & {
  /** Those of the project unless named. */
  readonly publisher: string | undefined;
  readonly search: string | undefined;
  /** `2026-11-01` */
  readonly changedSince: string | undefined;
  readonly offline: boolean;
  readonly force: boolean;
  readonly limit: number;
};

type Found = CatalogDifference & {
  readonly publisher: string;
  readonly isFirst: boolean;
  readonly entries: readonly CatalogEntry[];
};

/** `ingest catalog`: asks publishers for all that they offer, and tells what came, went and changed; or searches it. */
export async function showCatalog(options: CatalogOptions, effects: IngestEffects): Promise<number> {
  const since = readDay("--changed-since", options.changedSince);
  const settings = await readSettings(effects, options);
  const reporter = createReporter(effects, options);
  const ingestion = openIngestion({ ...effects, settings });
  try {
    const all = ingestion.publisherNames.length > 0 ? ingestion.publisherNames : ["eurostat"];
    const names = options.publisher === undefined ? all : [options.publisher];
    const found: Found[] = [];
    for (const name of names) {
      const publisher = await ingestion.publisher(name);
      if (!publisher.hasCatalog) {
        reporter.warn(`${name} has no catalogue: its datasets are documents at addresses of their own`);
        continue;
      }
      const { landing } = settings;
      if (options.offline) found.push(known(publisher.name, readCatalog(landing, publisher.name)));
      else {
        const { http } = ingestion;
        const { signal } = effects;
        found.push(
          await loadCatalog({ publisher, http, landing, now: effects.now(), signal, force: options.force }),
        );
      }
    }
    if (options.search === undefined && since === undefined) showDifference(found, options.limit, reporter);
    else showEntries(found, { search: options.search, since, limit: options.limit }, reporter);
    return 0;
  } finally {
    await ingestion.close();
  }
}

const known = (publisher: string, entries: readonly CatalogEntry[]): Found => ({
  publisher,
  entries,
  isFirst: true,
  added: [],
  removed: [],
  changed: [],
});

function showDifference(found: readonly Found[], limit: number, reporter: Reporter): void {
  const lines = found.flatMap(({ publisher, entries, isFirst, added, removed, changed }) => {
    const count = `${publisher}: ${plural(entries.length, "dataset")}`;
    if (isFirst) return [`${count}; ingest catalog --search finds some`];
    const title = `${count}; ${added.length} added, ${removed.length} removed, ${changed.length} changed`;
    const rows = [
      ...added.map((entry) => ["added", entry.code, entry.title]),
      ...removed.map((entry) => ["removed", entry.code, entry.title]),
      ...changed.map((one) => ["changed", one.after.code, changeText(one)]),
    ];
    if (rows.length === 0) return [title];
    const more =
      rows.length > limit
        ? [`and ${rows.length - limit} more: --limit ${rows.length}, or --output json`]
        : [];
    return [title, formatTable(["", "code", ""], rows.slice(0, limit), 100), ...more];
  });
  reporter.result(
    lines.join("\n"),
    found.map(({ publisher, entries, added, removed, changed }) => ({
      publisher,
      datasets: entries.length,
      added,
      removed,
      changed: changed.map(({ before, after, what }) => ({ code: after.code, what, before, after })),
    })),
  );
}

function changeText({ before, after, what }: ChangedEntry): string {
  const words = {
    updated: "data",
    structureUpdated: "structure",
    start: "from",
    end: "to",
    values: "observations",
  };
  return what
    .map((name) => {
      if (name === "themes" || name === "type" || name === "code") return name;
      const word = name === "title" ? "title" : words[name];
      return `${word} ${before[name] ?? "?"} → ${after[name] ?? "?"}`;
    })
    .join(", ");
}

function showEntries(
  found: readonly Found[],
  {
    search,
    since,
    limit,
  }: { readonly search: string | undefined; readonly since: string | undefined; readonly limit: number },
  reporter: Reporter,
): void {
  const entries = found.flatMap(({ publisher, entries: all }) =>
    all
      .filter((entry) => search === undefined || mentions(entry, search.toLowerCase()))
      .filter((entry) => since === undefined || isSince(entry, since))
      .map((entry) => ({ publisher, ...entry })),
  );
  const rows = entries
    .slice(0, limit)
    .map(({ code, title, updated, start, end, values }) => [
      code,
      title,
      updated,
      periodText(start, end),
      values,
    ]);
  const text =
    entries.length === 0
      ? "no dataset of the catalogue fits"
      : `${formatTable(["code", "title", "updated", "periods", "observations"], rows, 70)}\n${plural(entries.length, "dataset")}${entries.length > limit ? `, the first ${limit} shown` : ""}`;
  reporter.result(text, entries);
}

const isSince = ({ updated, structureUpdated }: CatalogEntry, since: string): boolean =>
  [updated, structureUpdated].some((day) => day !== null && day >= since);

const periodText = (start: string | null, end: string | null): string =>
  start === null && end === null ? "" : `${start ?? "?"} – ${end ?? "?"}`;
