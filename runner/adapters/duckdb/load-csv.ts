import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readStart } from "../../base/files.ts";
import { temporaryFolder } from "../../base/temporary-folder.ts";
import { duckdb, escapeGlob } from "../../dialects/duckdb.ts";
import type { Relation } from "../../graph/types.ts";
import type { CsvSource } from "../../plan/step.ts";
import type { Session } from "../adapter.ts";
import { cellTextOrNull } from "../cell-text.ts";
import { declaredTypes, firstRecord } from "../csv-header.ts";
import { inferredTypes } from "../inferred-types.ts";
import { QueryError } from "../query-error.ts";
import { moreMisfits } from "./misfits.ts";

/** A file and how many empty lines stand before its header. */
type CsvFile = Pick<CsvSource, "path" | "delimiter"> & { readonly skipped: number };
type Column = { readonly name: string; readonly type: string };

/** A longer first line is no header that anyone meant. */
const headerBytes = 1_000_000;

/**
 * Creates `target` from a CSV file: names from the header, declared types as declared, the others inferred over all
 * values. DuckDB reads the file strictly and guesses nothing, so that a ragged line fails with its number.
 */
export async function loadCsv(session: Session, target: Relation, csv: CsvSource): Promise<number> {
  let read: string | undefined;
  try {
    const { record, skipped } = firstRecord(readStart(csv.path, headerBytes).toString("utf8"));
    const header = await readHeader(session, record, csv.delimiter);
    const declared = declaredTypes(header, csv, (name) => duckdb.identifierKey(name));
    const file = { ...csv, skipped };
    read = reader(
      file,
      declared.map(({ name, type }) => ({ name, type: type ?? duckdb.type("text") })),
    );
    const columns = await inferTypes(session, file, declared);
    return (await session.run(duckdb.createTableAs(target, `from ${reader(file, columns)}`, "new"))) ?? 0;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const found = /CSV Error on Line: (\d+)/.exec(error.message)?.[1];
    const line = found === undefined ? null : Number(found);
    const more = line === null || read === undefined ? "" : await moreMisfits(read, line);
    const message = `${basename(csv.path)}: ${error.message}${more}`;
    throw error.restated({ message, line, column: null });
  }
}

/**
 * Reads the names with DuckDB's own reader from a copy of the first record alone: with the whole file, a ragged line
 * anywhere makes it guess another header, or fail without saying where.
 */
async function readHeader(
  session: Session,
  record: string,
  delimiter: string,
): Promise<readonly (string | null)[]> {
  if (record === "") return [null];
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, "header.csv");
    await writeFile(path, `${record}\n`);
    const { rows } = await session.query(
      `from read_csv(${options({ path, delimiter, skipped: 0 })}, header = false, all_varchar = true)`,
    );
    return rows[0]?.map(cellTextOrNull) ?? [null];
  } finally {
    folder.remove();
  }
}

/** One scan over the file for all columns that are not declared. */
async function inferTypes(
  session: Session,
  csv: CsvFile,
  columns: readonly { readonly name: string; readonly type: string | null }[],
): Promise<Column[]> {
  const unknown = columns.filter(({ type }) => type === null);
  if (unknown.length === 0) return columns.map(({ name, type }) => ({ name, type: type ?? "" }));
  const text = columns.map(({ name }) => ({ name, type: duckdb.type("text") }));
  const tests = unknown.flatMap(({ name }) => inferredTypes.map((candidate) => fits(name, candidate)));
  const { rows } = await session.query(`select ${tests.join(",\n")}\nfrom ${reader(csv, text)}`);
  const inferred = new Map(
    unknown.map(({ name }, i) => {
      const found = inferredTypes.find((_, j) => rows[0]?.[i * inferredTypes.length + j] === true);
      return [name, duckdb.type(found?.type ?? "text")];
    }),
  );
  return columns.map(({ name, type }) => ({ name, type: type ?? inferred.get(name)! }));
}

/** The pattern keeps codes what they are; the cast refuses the 31st of February. Null when there is no value. */
function fits(name: string, { type, pattern }: (typeof inferredTypes)[number]): string {
  const column = duckdb.quoteIdentifier(name);
  const castable = `try_cast(${column} as ${duckdb.type(type)}) is not null`;
  const matches = `regexp_full_match(${column}, ${duckdb.literal(pattern)})`;
  // An empty cell says nothing of a type: null and false would be false.
  return `bool_and(case when ${column} is not null then ${matches} and ${castable} end)`;
}

function reader(csv: CsvFile, columns: readonly Column[]): string {
  const types = columns.map(({ name, type }) => `${duckdb.literal(name)}: ${duckdb.literal(type)}`);
  return `read_csv(${options(csv)}, header = true, auto_detect = false, columns = {${types.join(", ")}})`;
}

/** Every option that DuckDB would otherwise guess: it takes lines that start with # for comments, and skips odd first lines. */
function options({ path, delimiter, skipped }: CsvFile): string {
  return [
    duckdb.literal(escapeGlob(path)),
    `delim = ${duckdb.literal(delimiter)}`,
    `quote = '"', escape = '"', comment = '', skip = ${skipped}, encoding = 'utf-8', compression = 'none'`,
  ].join(", ");
}
