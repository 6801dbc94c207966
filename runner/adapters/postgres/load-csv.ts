import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { readStart } from "../../base/files.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import { postgres } from "../../dialects/postgres.ts";
import type { Relation } from "../../graph/types.ts";
import type { CsvSource } from "../../plan/step.ts";
import { declaredTypes, firstRecord } from "../csv-header.ts";
import { isNested, typeFromDuckDb } from "./duckdb-types.ts";
import { inferredTypes } from "../inferred-types.ts";
import { QueryError } from "../query-error.ts";
import type { RawResult } from "./line.ts";
import { quoteLoneDots } from "./lone-dots.ts";
import { answersOf } from "./patiently.ts";
import type { Talk } from "./talk.ts";

export type CsvSession = Pick<Talk, "query" | "run" | "script" | "copy">;
type Column = { readonly name: string; readonly type: string };
/** `start`: bytes before the header, a byte order mark and empty lines; `skipped`: how many lines those are. */
type CsvFile = CsvSource & {
  readonly start: number;
  readonly skipped: number;
  readonly isQuotedEmptyNull: boolean;
};

/** A longer first line is no header that anyone meant. */
const headerBytes = 1_000_000;
const scratch = postgres.temporaryRelation("statloom_csv");

/**
 * Creates `target` from a CSV file by `COPY`, which reads it strictly: a ragged line fails with its number. Names are those of the header;
 * types that are not declared are inferred over all values, which takes the file to the server once more, as text.
 */
export async function loadCsv(
  session: CsvSession,
  target: Relation,
  csv: CsvSource,
  isQuotedEmptyNull = true,
): Promise<number> {
  const head = readStart(csv.path, headerBytes).toString("utf8");
  const start = head.startsWith("\uFEFF") ? 3 : 0;
  const { record, skipped } = firstRecord(head.replace(/^\uFEFF/, ""));
  const file = {
    ...csv,
    start: start + (/^[\r\n]*/.exec(head.slice(start ? 1 : 0))?.[0].length ?? 0),
    skipped,
    isQuotedEmptyNull,
  };
  try {
    const header = await readHeader(session, record, csv.delimiter);
    // As in every engine, so that a file loads everywhere or nowhere.
    const declared = declaredTypes(header, csv, (name) => duckdb.identifierKey(name)).map(
      ({ name, type }) => ({
        name,
        // A project for both engines says `double`, and means the same.
        type: type === null || isNested(type) ? type : (typeFromDuckDb(type) ?? type),
      }),
    );
    const { columns, rows } = await inferTypes(session, file, declared);
    await session.run(creating(target, columns, "table"));
    await copy(session, target, columns, file);
    return rows ?? Number((await session.query(counting(target))).rows[0]?.[0]);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    let line: number | null = null;
    const message = error.message.replace(/(COPY [^;]*?, line )(\d+)/, (_, words: string, found: string) => {
      line = Number(found) + skipped;
      return `${words}${line}`;
    });
    throw error.restated({ message: `${basename(csv.path)}: ${message}`, line, column: null });
  }
}

/** Of names in quotes the server reads what they say, from the first record alone: as many columns as there are delimiters outside of quotes. */
async function readHeader(
  session: CsvSession,
  record: string,
  delimiter: string,
): Promise<readonly (string | null)[]> {
  if (record === "") return [null];
  if (!record.includes('"')) return record.split(delimiter).map((name) => (name === "" ? null : name));
  let isQuoted = false;
  let count = 1;
  for (const letter of record) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) count++;
  }
  const columns = await createScratch(session, count);
  await session.copy(copySql(scratch, columns, { delimiter, isQuotedEmptyNull: true }, false), [
    Buffer.from(`${record}\n`),
  ]);
  const [names] = await askScratch(session, "*");
  return names?.map((name) => (name === null ? null : String(name))) ?? [null];
}

/** One scan over the file for all columns that are not declared, which counts the rows too; null: there is none of them. */
async function inferTypes(
  session: CsvSession,
  file: CsvFile,
  columns: readonly { readonly name: string; readonly type: string | null }[],
): Promise<{ readonly columns: readonly Column[]; readonly rows: number | null }> {
  const unknown = columns.flatMap(({ type }, i) => (type === null ? [i] : []));
  if (unknown.length === 0)
    return { columns: columns.map(({ name, type }) => ({ name, type: type ?? "" })), rows: null };
  await copy(session, scratch, await createScratch(session, columns.length), file);
  const tests = unknown.flatMap((i) => inferredTypes.map((candidate) => fits(`c${i + 1}`, candidate)));
  const [[rows, ...held] = []] = await askScratch(session, ["count(*)", ...tests].join(",\n"));
  const inferred = new Map(
    unknown.map((column, i) => {
      const found = inferredTypes.find((_, j) => String(held[i * inferredTypes.length + j]) === "t");
      return [column, postgres.type(found?.type ?? "text")];
    }),
  );
  return {
    columns: columns.map(({ name, type }, i) => ({ name, type: type ?? inferred.get(i)! })),
    rows: Number(String(rows)),
  };
}

/** The pattern keeps codes what they are; the calendar refuses the 31st of February. Null when there is no value. */
function fits(column: string, { type, pattern }: (typeof inferredTypes)[number]): string {
  const matches = `${column} ~ ${postgres.literal(`^(${pattern})$`)}`;
  if (type !== "date" && type !== "timestamp") return `bool_and(${matches})`;
  const part = (from: number, length: number): string => `substr(${column}, ${from}, ${length})::integer`;
  const isTime = `${part(12, 2)} < 24 and ${part(15, 2)} < 60 and coalesce(nullif(substr(${column}, 18, 2), ''), '0')::integer < 60`;
  const isDay = `${part(1, 4)} > 0 and ${part(6, 2)} between 1 and 12 and ${part(9, 2)} > 0 and case when ${part(1, 4)} > 0 and ${part(6, 2)} between 1 and 12
    then ${part(9, 2)} <= extract(day from make_date(${part(1, 4)}, ${part(6, 2)}, 1) + interval '1 month - 1 day') end`;
  const holds = type === "date" ? isDay : `${isDay} and ${isTime}`;
  return `bool_and(case when ${column} is null then null when ${matches} then ${holds} else false end)`;
}

const creating = (target: Relation, columns: readonly Column[], what: string): string => {
  const list = columns.map(({ name, type }) => `${postgres.quoteIdentifier(name)} ${type}`);
  return `create ${what} ${postgres.quoteRelation(target)} (${list.join(", ")})`;
};

const counting = (table: Relation): string => `select count(*) from ${postgres.quoteRelation(table)}`;

/** So many columns of text, in the place of what a load that failed outside of any transaction left. */
async function createScratch(session: CsvSession, count: number): Promise<readonly Column[]> {
  const columns = Array.from({ length: count }, (_, i) => ({
    name: `c${i + 1}`,
    type: postgres.type("text"),
  }));
  await session.script([postgres.drop(scratch, "table"), creating(scratch, columns, "temporary table")]);
  return columns;
}

/** What a list of expressions gives of it, which goes then. */
async function askScratch(session: CsvSession, list: string): Promise<RawResult["rows"]> {
  const results = await session.script([
    `select ${list}\nfrom ${postgres.quoteRelation(scratch)}`,
    postgres.drop(scratch, "table"),
  ]);
  return answersOf(results)[0]!.rows;
}

const copy = (
  session: CsvSession,
  target: Relation,
  columns: readonly Column[],
  file: CsvFile,
): Promise<void> => session.copy(copySql(target, columns, file, true), readFrom(file));

/** An empty cell is null; in quotes as well, as in every engine, unless the file was written by us. */
function copySql(
  target: Relation,
  columns: readonly Column[],
  { delimiter, isQuotedEmptyNull }: Pick<CsvFile, "delimiter" | "isQuotedEmptyNull">,
  hasHeader: boolean,
): string {
  const list = columns.map(({ name }) => postgres.quoteIdentifier(name)).join(", ");
  const settings = `format csv, header ${hasHeader}, delimiter ${postgres.literal(delimiter)}, encoding 'UTF8'${isQuotedEmptyNull ? `, force_null (${list})` : ""}`;
  return `copy ${postgres.quoteRelation(target)} (${list}) from stdin (${settings})`;
}

const readFrom = ({ path, start }: CsvFile): AsyncIterable<Uint8Array> =>
  quoteLoneDots(createReadStream(path, { start, highWaterMark: 1 << 17 }));
