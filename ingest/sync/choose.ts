import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { printable } from "../../runner/base/text.ts";
import { readDatasetState } from "../state/dataset-state.ts";
import { isDue } from "../state/due.ts";
import { matcher } from "./configured.ts";
import type { Configured } from "./configured.ts";

export type Chosen = { readonly item: Configured; readonly reason: string };

/**
 * Of the datasets of the project those that words name: `eurostat/hlth_silc_13`, `hlth_silc_13`, `hlth_*`; all where there are no
 * words. `due`: only those that are to be fetched by themselves now.
 */
export function chooseDatasets(
  configured: readonly Configured[],
  words: readonly string[],
  { landing, due, now }: { readonly landing: string; readonly due: boolean; readonly now: string },
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
  const chosen = words.length === 0 ? configured : configured.filter((item) => named.has(item));
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

function unknownDatasets(missing: readonly string[], configured: readonly Configured[]): UsageError {
  const names = configured.flatMap(({ publisher, dataset }) => [dataset, `${publisher}/${dataset}`]);
  const words = missing.map((word) => `"${printable(word)}"`).join(", ");
  const hint =
    didYouMean(missing[0]!, names) ??
    "datasets are listed under ingest.datasets in sql_project.yaml; those found by pattern or theme need ingest catalog first";
  return new UsageError("DATASET_UNKNOWN", `the project has no dataset ${words}`, hint);
}
