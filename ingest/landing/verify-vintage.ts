import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../runner/base/errors.ts";
import { posixRelative } from "../../runner/base/files.ts";
import { plural } from "../../runner/base/text.ts";
import { duckdb as dialect } from "../../runner/dialects/duckdb.ts";
import { datasetFolder, observationFiles } from "../../runner/project/landing.ts";
import type { LandedDataset, Vintage } from "../../runner/project/landing.ts";
import type { Scratch } from "./scratch.ts";
import { hashFile } from "./hash-file.ts";

/** What is wrong with a landed vintage, in sentences; nothing when every file has its bytes and every count is right. */
export async function verifyVintage(
  scratch: Scratch,
  landing: string,
  { publisher, dataset }: LandedDataset,
  vintage: Vintage,
): Promise<string[]> {
  const folder = join(datasetFolder(landing, publisher, dataset), vintage.vintage);
  if (!existsSync(folder)) return ["its folder is missing"];
  const problems: string[] = [];
  for (const { path, bytes, sha256 } of vintage.files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false });
    if (found === undefined) problems.push(`${path} is missing`);
    else if (found.size !== bytes)
      problems.push(`${path} holds ${plural(found.size, "byte")}, not ${bytes.toLocaleString("en-US")}`);
    else if ((await hashFile(join(folder, path))) !== sha256)
      problems.push(`${path} has changed since it landed`);
  }
  const listed = new Set(vintage.files.map(({ path }) => path));
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = posixRelative(folder, join(entry.parentPath, entry.name));
    if (entry.isFile() && !listed.has(path)) problems.push(`${path} is not of the vintage`);
  }
  if (problems.length > 0) return problems;
  return countProblems(scratch, observationFiles(landing, publisher, dataset, vintage), vintage);
}

/** Counts again; only files that are still what was written are worth counting. */
async function countProblems(
  { connection }: Scratch,
  files: readonly string[],
  vintage: Vintage,
): Promise<string[]> {
  const counted = `select count(*) as rows, count(value) as numbers, count(value_text) as texts,
    count(*) filter (status is not null or confidentiality is not null) as statuses
    from ${dialect.readParquet(files)}`;
  try {
    const [row] = (await connection.runAndReadAll(counted)).getRowObjectsJson();
    return (["rows", "numbers", "texts", "statuses"] as const).flatMap((name) => {
      const found = Number(row?.[name]);
      const expected = vintage[name].toLocaleString("en-US");
      return found === vintage[name]
        ? []
        : [`it holds ${found.toLocaleString("en-US")} ${name}, not ${expected}`];
    });
  } catch (error) {
    return [`its observations cannot be read: ${messageOf(error)}`];
  }
}
