import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResultColumn, Session } from "../../adapters/adapter.ts";
import { loadCsv } from "../../adapters/duckdb/load-csv.ts";
import { OperationError } from "../../base/errors.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import { temporaryFolder } from "../../base/temporary-folder.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { Relation } from "../../graph/types.ts";
import type { Fixture } from "../../project/types.ts";

/** Where a unit test keeps what is its own, out of the way of what is tested. */
export const OWN_SCHEMA = "statloom unit test";
const STAGE: Relation = { database: null, schema: OWN_SCHEMA, identifier: "given" };

/**
 * Fills a table with the rows of a fixture; columns that it does not name are null. `columns` null: the table is made with the types
 * that the rows show. Returns the columns that the fixture names, in its order.
 */
export async function fillTable(
  session: Session,
  target: Relation,
  columns: readonly ResultColumn[] | null,
  fixture: Fixture,
): Promise<readonly string[]> {
  const table = duckdb.quoteRelation(target);
  const named = await stage(session, fixture, columns);
  const names = named.map(({ name }) => name);
  const stageName = duckdb.quoteRelation(STAGE);
  if (columns === null) {
    if (names.length === 0)
      throw invalid("the columns of an input that is not known are those of its rows: give one at least");
    await session.run(`create table ${table} as from ${stageName}`);
  } else {
    const known = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
    const list = names.map((name) => {
      const column = known.get(name.toLowerCase());
      if (!column)
        throw invalid(
          `there is no column "${name}"`,
          didYouMean(
            name,
            columns.map((each) => each.name),
          ),
        );
      return column;
    });
    if (list.length > 0) {
      const into = list.map(({ name }) => duckdb.quoteIdentifier(name)).join(", ");
      const values = list.map(({ type }, i) => cast(duckdb.quoteIdentifier(names[i]!), named[i]!.type, type));
      await session.run(`insert into ${table} (${into}) select ${values.join(", ")} from ${stageName}`);
    }
  }
  await session.run(`drop table if exists ${stageName}`);
  return names;
}

/** Text of maps and lists is JSON; everything else casts by itself. */
const cast = (column: string, from: string, to: string): string =>
  from === "JSON" && to !== "JSON" ? `cast(cast(${column} as json) as ${to})` : `cast(${column} as ${to})`;

/** The rows as a table of their own; the columns that it has. */
async function stage(
  session: Session,
  { format, rows }: Fixture,
  columns: readonly ResultColumn[] | null,
): Promise<readonly ResultColumn[]> {
  const name = duckdb.quoteRelation(STAGE);
  await session.run(`drop table if exists ${name}`);
  if (rows === null || rows.length === 0) return [];
  if (typeof rows !== "string") {
    await session.run(`create table ${name} as ${dictQuery(rows)}`);
  } else if (format === "sql") await session.run(`create table ${name} as from (\n${rows}\n)`);
  else await stageCsv(session, rows, columns);
  return session.columnsOf(STAGE);
}

async function stageCsv(
  session: Session,
  rows: string,
  columns: readonly ResultColumn[] | null,
): Promise<void> {
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, "rows.csv");
    const text = rows
      .split("\n")
      .map((line) => line.trim())
      .join("\n")
      .trim();
    await writeFile(path, `${text}\n`);
    const header = (text.split("\n", 1)[0] ?? "").split(",").map((each) => each.trim());
    // What has a type there is read as text and cast: `007` is a code where a code is expected.
    const known = new Map((columns ?? []).map(({ name }) => [name.toLowerCase(), name]));
    const declared = header.filter((each) => known.has(each.toLowerCase()));
    const columnTypes = Object.fromEntries(declared.map((each) => [each, "varchar"]));
    await loadCsv(session, STAGE, { path, delimiter: ",", columnTypes });
  } finally {
    folder.remove();
  }
}

/** Maps as a query; a key that a map does not have is null there. */
function dictQuery(rows: readonly JsonObject[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const typed = keys.map((key) => typeOf(rows.map((row) => row[key] ?? null)));
  const selects = rows.map(
    (row) =>
      `select ${keys.map((key, i) => `cast(${literal(row[key] ?? null)} as ${typed[i]}) as ${duckdb.quoteIdentifier(key)}`).join(", ")}`,
  );
  return selects.join("\nunion all ");
}

function typeOf(values: readonly Json[]): string {
  const filled = values.filter((value) => value !== null);
  if (filled.some((value) => typeof value === "object")) return "json";
  if (filled.some((value) => typeof value === "string")) return "varchar";
  if (filled.length > 0 && filled.every((value) => typeof value === "boolean")) return "boolean";
  if (filled.length === 0) return "varchar";
  return filled.every((value) => Number.isSafeInteger(value)) ? "bigint" : "double";
}

const literal = (value: Json): string =>
  typeof value === "object" && value !== null
    ? duckdb.literal(JSON.stringify(value))
    : duckdb.literal(typeof value === "number" ? String(value) : value);

const invalid = (message: string, hint?: string): OperationError =>
  new OperationError("FIXTURE_INVALID", message, hint === undefined ? {} : { hint });
