import { UsageError } from "../../runner/base/errors.ts";
import { formatTable, plural, printable } from "../../runner/base/text.ts";
import { listLanded, readVintages } from "../../runner/project/landing.ts";
import type { LandedDataset } from "../../runner/project/landing.ts";
import { compareVintages } from "../landing/compare-vintages.ts";
import type { Comparison } from "../landing/compare-vintages.ts";
import { withScratch } from "../landing/scratch.ts";
import { vacuumDataset, vacuumable } from "../landing/vacuum.ts";
import type { VacuumRule } from "../landing/vacuum.ts";
import { verifyVintage } from "../landing/verify-vintage.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { IngestEffects } from "./effects.ts";
import { findVintage } from "./find-vintage.ts";
import { createReporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import { bytesOf, findDataset } from "./show-landed.ts";
import type { ShowOptions } from "./show-landed.ts";

/** `ingest verify [dataset]`: hashes and counts again. 1 when anything is not as it landed. */
export async function verifyLanded(
  options: ShowOptions & { readonly dataset: string | undefined },
  effects: IngestEffects,
): Promise<number> {
  const { landing } = await readSettings(effects, options);
  const reporter = createReporter(effects, options);
  const results = await withScratch(async (scratch) => {
    const checked = [];
    for (const landed of chosen(landing, options.dataset)) {
      for (const vintage of readVintages(landing, landed.publisher, landed.dataset)) {
        const problems = await verifyVintage(scratch, landing, landed, vintage);
        checked.push({ ...landed, vintage: vintage.vintage, ok: problems.length === 0, problems });
      }
    }
    return checked;
  });
  const lines = results.map(({ publisher, dataset, vintage, ok, problems }) => {
    const name = `${publisher}/${dataset} ${vintage}`;
    if (ok) return `${reporter.paint.green("ok")}      ${name}`;
    return [
      `${reporter.paint.red("damaged")} ${name}`,
      ...problems.map((text) => `        ${printable(text)}`),
    ].join("\n");
  });
  const damaged = results.filter(({ ok }) => !ok).length;
  lines.push(
    `${plural(results.length, "vintage")} verified, ${damaged === 0 ? "all as they landed" : `${damaged} damaged`}`,
  );
  reporter.result(lines.join("\n"), results);
  return damaged === 0 ? 0 : 1;
}

/** `ingest diff <dataset> [a] [b]`: what changed between two editions; the two newest unless told. */
export async function diffVintages(
  options: ShowOptions & {
    readonly dataset: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
  effects: IngestEffects,
): Promise<number> {
  const { landing } = await readSettings(effects, options);
  const landed = findDataset(landing, options.dataset);
  const vintages = readVintages(landing, landed.publisher, landed.dataset);
  const after = options.after === undefined ? vintages.at(-1) : findVintage(vintages, options.after);
  const before =
    options.before === undefined
      ? vintages[vintages.findIndex((vintage) => vintage === after) - 1]
      : findVintage(vintages, options.before);
  if (before === undefined || after === undefined) {
    throw new UsageError(
      "VINTAGE_ALONE",
      `${landed.publisher}/${landed.dataset} has no two editions to compare`,
    );
  }
  const found = await withScratch((scratch) =>
    compareVintages(scratch, landing, landed, [before, after], options.limit),
  );
  const result = { ...landed, before: before.vintage, after: after.vintage, ...found };
  createReporter(effects, options).result(diffText(result), result);
  return 0;
}

function diffText(
  result: LandedDataset & Comparison & { readonly before: string; readonly after: string },
): string {
  const { publisher, dataset, before, after, largest, dimensions } = result;
  const counts = (["added", "removed", "revised", "reflagged", "unchanged"] as const).map((name) => [
    name,
    result[name],
  ]);
  const text = `${publisher}/${dataset} ${before} → ${after}\n${formatTable(["cells", "count"], counts)}`;
  if (largest.length === 0) return text;
  const isTelling = (name: string): boolean => new Set(largest.map(({ cell }) => cell[name])).size > 1;
  const telling = dimensions.filter(isTelling);
  // What is the same in every row is said once, above them.
  const same = dimensions
    .filter((name) => !isTelling(name))
    .map((name) => `${name} ${largest[0]?.cell[name] ?? ""}`);
  const title = same.length === 0 ? "largest revisions" : `largest revisions, ${printable(same.join(", "))}`;
  const rows = largest.map((one) => [
    ...telling.map((name) => one.cell[name]),
    one.before,
    one.after,
    one.change,
  ]);
  return `${text}\n\n${title}\n${formatTable([...telling, "before", "after", "change"], rows)}`;
}

/** `ingest vacuum [dataset]`: removes old editions, never the newest of a dataset. */
export async function vacuumLanded(
  options: ShowOptions & {
    readonly dataset: string | undefined;
    readonly keep: number | undefined;
    readonly olderThan: string | undefined;
    readonly dryRun: boolean;
  },
  effects: IngestEffects,
): Promise<number> {
  const rule = vacuumRule(options, effects.now());
  const { landing } = await readSettings(effects, options);
  const results = [];
  for (const landed of chosen(landing, options.dataset)) {
    const removed = options.dryRun
      ? vacuumable(landing, landed, rule)
      : await vacuumDataset(landing, landed, rule);
    results.push(...removed.map((one) => ({ ...landed, vintage: one.vintage, bytes: bytesOf(one) })));
  }
  const verb = options.dryRun ? "would remove" : "removed";
  const bytes = results.reduce((sum, one) => sum + one.bytes, 0);
  const lines = results.map((one) => `${verb} ${one.publisher}/${one.dataset} ${one.vintage}`);
  lines.push(`${verb} ${plural(results.length, "vintage")}, ${plural(bytes, "byte")}`);
  createReporter(effects, options).result(lines.join("\n"), results);
  return 0;
}

function vacuumRule(
  { keep, olderThan }: { readonly keep: number | undefined; readonly olderThan: string | undefined },
  now: Date,
): VacuumRule {
  if ((keep === undefined) === (olderThan === undefined)) {
    throw new UsageError("OPTION_INVALID", "say either --keep or --older-than", "ingest vacuum --keep 10");
  }
  if (keep !== undefined) {
    if (Number.isInteger(keep) && keep >= 1) return { kind: "keep", newest: keep };
    throw new UsageError("OPTION_INVALID", "--keep must be a whole number from 1 up");
  }
  const [, count, unit = ""] = /^(\d{1,5})([dwmy])$/.exec(olderThan ?? "") ?? [];
  if (count === undefined) {
    throw new UsageError(
      "OPTION_INVALID",
      `--older-than cannot read "${printable(olderThan ?? "")}"`,
      "say 400d, 12w, 6m or 2y",
    );
  }
  const days = { d: 1, w: 7, m: 30, y: 365 }[unit] ?? 1;
  return {
    kind: "before",
    instant: instantText(new Date(now.getTime() - Number(count) * days * 86_400_000)),
  };
}

const chosen = (landing: string, word: string | undefined): LandedDataset[] =>
  word === undefined ? listLanded(landing) : [findDataset(landing, word)];
