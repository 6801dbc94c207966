import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../base/json.ts";
import { OperationError, UsageError } from "../base/errors.ts";
import { diskError, readIfThere } from "../base/files.ts";
import { printable } from "../base/text.ts";

/**
 * The landing zone as every reader sees it: `<landing>/<publisher>/<dataset>/vintages.json` lists editions, and
 * `<vintage>/` beside it holds their files. Ingest writes them, models read them; this is the contract between the two.
 */
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "must be an instant in UTC");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
const count = z.number().int().min(0);

/** `2025-04-04T210000Z`, and `-2` after it when the publisher gave the same instant to other content. */
export const VINTAGE_ID = /^\d{4}-\d{2}-\d{2}T\d{6}Z(?:-\d+)?$/;

export const vintageSchema = z.strictObject({
  vintage: z.string().regex(VINTAGE_ID, "must be a vintage such as 2025-04-04T210000Z"),
  /** When the publisher says it changed; null where it does not say. */
  updated: instant.nullable(),
  extracted_at: instant,
  /** What the publisher calls the dataset. */
  label: z.string().nullable().default(null),
  /** Path or URL, as it was given. */
  source: z.string(),
  /** Of the document's bytes, uncompressed. */
  sha256,
  /** Of rows and categories, whatever their order in the document: the same for the same data. */
  content: sha256,
  rows: count,
  /** Rows with a number, with a text instead of one, with a status or a confidentiality. */
  numbers: count,
  texts: count,
  statuses: count,
  rejected: count,
  batch_id: z.string(),
  partition_by: z.array(z.string()),
  /** Every file of the vintage; `path` is relative to its folder, with forward slashes. */
  files: z.array(z.strictObject({ path: z.string().min(1), bytes: count, sha256 })).min(1),
});

const vintagesSchema = z.strictObject({
  version: z.literal(1),
  publisher: z.string(),
  dataset: z.string(),
  /** Oldest first; the last one is what a source means. */
  vintages: z.array(vintageSchema),
});

export type Vintage = z.infer<typeof vintageSchema>;
export type VintageList = z.infer<typeof vintagesSchema>;
export type LandedDataset = { readonly publisher: string; readonly dataset: string };

const NAME = /^[a-z0-9][a-z0-9_.-]{0,99}$/;

/** A publisher's or dataset's name as its folder is called: lower case. Throws a UsageError for one that could not be a folder. */
export function landingName(kind: "publisher" | "dataset", name: string): string {
  const lower = name.toLowerCase();
  if (NAME.test(lower) && !lower.includes("..") && !lower.endsWith(".")) return lower;
  throw new UsageError(
    "NAME_INVALID",
    `"${printable(name.slice(0, 100))}" cannot name a ${kind}`,
    "letters, digits, dots, underscores and hyphens, a letter or digit first, at most 100 characters",
  );
}

/** The folder of a dataset. Names are checked, so that it never lies outside the landing zone. */
export function datasetFolder(landing: string, publisher: string, dataset: string): string {
  return join(landing, landingName("publisher", publisher), landingName("dataset", dataset));
}

/** The list of a dataset's editions. */
export const vintagesPath = (landing: string, publisher: string, dataset: string): string =>
  join(datasetFolder(landing, publisher, dataset), "vintages.json");

/** The editions of a dataset, oldest first; none where nothing has landed. A list that cannot be read is an OperationError. */
export function readVintages(landing: string, publisher: string, dataset: string): readonly Vintage[] {
  const path = vintagesPath(landing, publisher, dataset);
  const text = readIfThere(path);
  if (text === undefined) return [];
  const parsed = vintagesSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.vintages;
  const issue = parsed.error.issues[0];
  throw new OperationError("VINTAGES_INVALID", `${path} cannot be trusted: ${issueText(issue)}`, {
    hint: "restore it from a copy; the vintages beside it are whole, nothing was changed",
  });
}

function issueText(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined || issue.path.length === 0) return "it is not a list of vintages";
  return `"${issue.path.join(".")}" ${issue.message}`;
}

/** One file, or one a piece of a long document, in the order of their numbers. */
const OBSERVATIONS = /^observations(?:-\d{4,})?\.parquet$/;

/** Absolute paths of the Parquet files that together hold the observations of a vintage. */
export function observationFiles(
  landing: string,
  publisher: string,
  dataset: string,
  vintage: Vintage,
): string[] {
  const folder = join(datasetFolder(landing, publisher, dataset), vintage.vintage);
  return vintage.files
    .map(({ path }) => path)
    .filter((path) => OBSERVATIONS.test(path) || path.includes("="))
    .map((path) => join(folder, path));
}

/** Every dataset of the landing zone that has a list of vintages, in order of name. */
export function listLanded(landing: string): LandedDataset[] {
  return foldersOf(landing).flatMap((publisher) =>
    foldersOf(join(landing, publisher))
      .filter((dataset) => existsSync(join(landing, publisher, dataset, "vintages.json")))
      .map((dataset) => ({ publisher, dataset })),
  );
}

function foldersOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw diskError(`cannot read the folder ${folder}`, error);
  }
}
