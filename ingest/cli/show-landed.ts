import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { formatTable, plural, printable } from "../../runner/base/text.ts";
import { datasetFolder, listLanded, readVintages } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import { readHeld } from "../landing/held-folder.ts";
import type { HeldEdition } from "../landing/held-folder.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter } from "./reporter.ts";
import type { OutputOptions } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { SettingsOptions } from "./settings.ts";

export type ShowOptions = SettingsOptions & OutputOptions;

/** `ingest list`: every dataset with its newest vintage, and how many editions wait to be accepted. */
export async function showDatasets(options: ShowOptions, effects: IngestEffects): Promise<number> {
  const { landing } = await readSettings(effects, options);
  const reporter = createReporter(effects, options);
  const found = listLanded(landing).flatMap(({ publisher, dataset }) => {
    const vintages = readVintages(landing, publisher, dataset);
    const newest = vintages.at(-1);
    const waiting = readHeld(datasetFolder(landing, publisher, dataset), vintages);
    const held = waiting.map(({ vintage }) => vintage.vintage);
    return newest ? [{ publisher, dataset, vintages: vintages.length, newest, held }] : [];
  });
  const rows = found.map(({ publisher, dataset, vintages, newest }) => [
    `${publisher}/${dataset}`,
    newest.vintage,
    newest.extracted_at,
    newest.rows,
    vintages,
    newest.label,
  ]);
  const waiting = found.filter(({ held }) => held.length > 0);
  const text =
    rows.length === 0
      ? `nothing has landed in ${landing} yet; begin with: ingest file <path>`
      : formatTable(["dataset", "newest vintage", "extracted at", "rows", "vintages", "label"], rows);
  for (const { publisher, dataset, held } of waiting)
    reporter.warn(
      `${plural(held.length, "edition")} of ${publisher}/${dataset} changed too much and waits: ingest vintages ${publisher}/${dataset}`,
    );
  reporter.result(text, found);
  return 0;
}

/** `ingest vintages <dataset>`: its editions, newest last. */
export async function showVintages(
  options: ShowOptions & { readonly dataset: string },
  effects: IngestEffects,
): Promise<number> {
  const { landing } = await readSettings(effects, options);
  const { publisher, dataset } = findDataset(landing, options.dataset);
  const vintages = readVintages(landing, publisher, dataset);
  const rows = vintages.map((vintage) => [
    vintage.vintage,
    vintage.extracted_at,
    vintage.rows,
    vintage.numbers,
    vintage.statuses,
    vintage.rejected,
    bytesOf(vintage),
    vintage.source,
  ]);
  const header = ["vintage", "extracted at", "rows", "numbers", "statuses", "rejected", "bytes", "source"];
  const held = readHeld(datasetFolder(landing, publisher, dataset), vintages);
  const parts = [`${publisher}/${dataset}`, formatTable(header, rows), ...held.map(heldText)];
  createReporter(effects, options).result(parts.join("\n"), { publisher, dataset, vintages, held });
  return 0;
}

const heldText = ({ vintage, findings }: HeldEdition): string =>
  [
    `\nheld ${vintage.vintage}, ${plural(vintage.rows, "row")}, from ${printable(vintage.source)}: ingest accept lands it`,
    ...findings.map(({ action, message }) => `    ${action}: ${printable(message)}`),
  ].join("\n");

export const bytesOf = ({ files }: Vintage): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** What a user calls a dataset: `eurostat/hlth_silc_13`, or its code alone where only one publisher has it. */
export function findDataset(landing: string, word: string): LandedDataset {
  const landed = listLanded(landing);
  const wanted = word.toLowerCase();
  const found = landed.filter(
    ({ publisher, dataset }) => dataset === wanted || `${publisher}/${dataset}` === wanted,
  );
  if (found.length === 1) return found[0]!;
  const names = landed.map(({ publisher, dataset }) => `${publisher}/${dataset}`);
  if (found.length > 1) {
    const choice = found.map(({ publisher, dataset }) => `${publisher}/${dataset}`).join(" or ");
    throw new UsageError(
      "DATASET_AMBIGUOUS",
      `several publishers have a "${printable(word)}"`,
      `say ${choice}`,
    );
  }
  const known = [...names, ...landed.map(({ dataset }) => dataset)];
  throw new UsageError(
    "DATASET_UNKNOWN",
    `no dataset "${printable(word)}" has landed in ${landing}`,
    didYouMean(word, known) ?? "ingest list shows what has",
  );
}
