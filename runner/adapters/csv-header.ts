import { basename } from "node:path";
import { OperationError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import type { CsvSource } from "../plan/step.ts";

/** The first record of a CSV file: up to a line end that no quotes enclose; `skipped` empty lines stand before it. */
export function firstRecord(text: string): { readonly record: string; readonly skipped: number } {
  const before = /^[\r\n]*/.exec(text)?.[0] ?? "";
  const skipped = before.match(/\r\n|\r|\n/g)?.length ?? 0;
  let quoted = false;
  let end = before.length;
  for (; end < text.length; end++) {
    if (text[end] === '"') quoted = !quoted;
    else if (!quoted && (text[end] === "\n" || text[end] === "\r")) break;
  }
  return { record: text.slice(before.length, end), skipped };
}

/**
 * The type of each column of the header, null where it must be inferred.
 * @throws OperationError for a column without a name, a name twice, a declared column that the file lacks, one column that looks like several
 */
export function declaredTypes(
  header: readonly (string | null)[],
  csv: CsvSource,
  identifierKey: (name: string) => string,
): { readonly name: string; readonly type: string | null }[] {
  const file = basename(csv.path);
  const names = new Map<string, string>();
  if (header.every((name) => !name))
    throw headerError(`the first line of ${file} is empty`, "the first line names the columns");
  for (const [i, name] of header.entries()) {
    if (name === null || name === "")
      throw headerError(`column ${i + 1} of ${file} has no name in the first line`);
    if (name.includes("\0")) throw headerError(`${file} is no text file`);
    if (names.has(identifierKey(name))) throw headerError(`the first line of ${file} names "${name}" twice`);
    names.set(identifierKey(name), name);
  }
  checkDelimiter(header, csv.delimiter, file);
  const types = new Map<string, string>();
  for (const [name, type] of Object.entries(csv.columnTypes)) {
    if (!names.has(identifierKey(name))) {
      const known = `its columns are ${header.map((each) => `"${each}"`).join(", ")}`;
      throw headerError(
        `column_types names "${name}", which ${file} does not have`,
        didYouMean(name, names.values()) ?? known,
      );
    }
    types.set(identifierKey(name), type);
  }
  return Array.from(names, ([key, name]) => ({ name, type: types.get(key) ?? null }));
}

/** A file that was saved with another delimiter would be a table of one column. */
function checkDelimiter(header: readonly (string | null)[], delimiter: string, file: string): void {
  const [only] = header;
  if (header.length !== 1 || !only) return;
  const other = [",", ";", "\t", "|"].find((one) => one !== delimiter && only.includes(one));
  if (other === undefined) return;
  const spelled = (text: string): string => JSON.stringify(text);
  throw headerError(
    `the first line of ${file} is one column, ${spelled(only)}, as ${spelled(delimiter)} is what separates columns`,
    `say what the file has: config: {delimiter: ${spelled(other)}}`,
  );
}

const headerError = (message: string, hint?: string): OperationError =>
  new OperationError("SEED_HEADER", message, hint === undefined ? {} : { hint });
