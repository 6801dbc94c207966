import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { printable } from "../../runner/base/text.ts";
import type { CatalogEntry } from "../publishers/publisher.ts";
import { readCatalog } from "../state/catalog-state.ts";
import { readDatasetState } from "../state/dataset-state.ts";
import { isDue } from "../state/due.ts";
import { matcher } from "./configured.ts";
import type { Configured } from "./configured.ts";

export type ChooseOptions = {
  readonly landing: string;
  /** Only those that are to be fetched by themselves now. */
  readonly due: boolean;
  /** Only those that the catalogue says were updated on or after this day. */
  readonly since?: string | undefined;
  readonly now: string;
};

export type Chosen = { readonly item: Configured; readonly reason: string };

/**
 * Of the datasets of the project those that words name: `eurostat/hlth_silc_13`, `hlth_silc_13`, `hlth_*`; all where there are no
 * words.
 */
export function chooseDatasets(
  configured: readonly Configured[],
  words: readonly string[],
  { landing, due, since, now }: ChooseOptions,
): Chosen[] {
  const missing: string[] = [];
  const named = new Set(
    words.flatMap((word) => {
      const matches = matcher(word);
      const found = configured.filter(({ publisher, dataset, wanted }) =>
        [dataset, `${publisher}/${dataset}`, wanted.code].some(matches),
      );
      if (found.length === 0) missing.push(word);
      return found;
    }),
  );
  if (missing.length > 0) throw unknownDatasets(missing, configured);
  const meant = words.length === 0 ? configured : configured.filter((item) => named.has(item));
  const chosen = since === undefined ? meant : updatedSince(meant, since, landing);
  return chosen.flatMap((item): Chosen[] => {
    const state = readDatasetState(landing, item.publisher, item.dataset);
    const isNew = state.attempted === null || state.fingerprint !== item.fingerprint;
    if (due && !isDue(state, now) && !(isNew && state.failure === null)) return [];
    const reason =
      words.length > 0 && !due
        ? "named"
        : state.due !== null
          ? `due: ${state.due.reason}`
          : isNew
            ? "new"
            : "all";
    return [{ item, reason }];
  });
}

/** One that the catalogue does not know, or gives no date of, may have been updated. */
function updatedSince(items: readonly Configured[], since: string, landing: string): Configured[] {
  const catalogs = new Map<string, Map<string, CatalogEntry>>();
  return items.filter(({ publisher, wanted }) => {
    const catalog =
      catalogs.get(publisher) ??
      new Map(readCatalog(landing, publisher).map((entry) => [entry.code.toLowerCase(), entry]));
    catalogs.set(publisher, catalog);
    const entry = catalog.get(wanted.code.toLowerCase());
    if (entry === undefined) return true;
    const days = [entry.updated, entry.structureUpdated].filter((day) => day !== null);
    return days.length === 0 || days.some((day) => day >= since);
  });
}

function unknownDatasets(missing: readonly string[], configured: readonly Configured[]): UsageError {
  const names = configured.flatMap(({ publisher, dataset }) => [dataset, `${publisher}/${dataset}`]);
  const words = missing.map((word) => `"${printable(word)}"`).join(", ");
  const hint =
    didYouMean(missing[0]!, names) ??
    "datasets are listed under ingest.datasets in sql_project.yaml; those found by pattern or theme need ingest catalog first";
  return new UsageError("DATASET_UNKNOWN", `the project has no dataset ${words}`, hint);
}
