import { basename } from "node:path";
import { OperationError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import { duckdb, escapeGlob } from "../../dialects/duckdb.ts";
import type { Relation } from "../../graph/types.ts";
import type { FileSource } from "../../plan/step.ts";
import type { ResultColumn, Session } from "../adapter.ts";
import { QueryError } from "../query-error.ts";
import { uncastable } from "./misfits.ts";

/**
 * Creates `target` from JSON (a list of objects, or an object a line) or Parquet. Declared types are cast to; the others are the
 * file's own, in JSON as all its rows show them.
 */
export async function loadFile(session: Session, target: Relation, file: FileSource): Promise<number> {
  const name = basename(file.path);
  const reader = readerOf(file);
  let casts: readonly Cast[] = [];
  try {
    const columns = await session.describe(`select * from ${reader}`);
    const scalars = await mixedScalars(session, reader, columns);
    casts = castsOf(file, columns, scalars);
    const replaced = [
      ...casts.map(({ column, value, type }) => `cast(${value} as ${type}) as ${quote(column)}`),
      ...scalars
        .filter((column) => casts.every((cast) => cast.column !== column))
        .map((column) => `${textOf(column)} as ${quote(column)}`),
    ];
    const query = `select *${replaced.length > 0 ? ` replace (${replaced.join(", ")})` : ""} from ${reader}`;
    return (await session.run(duckdb.createTableAs(target, query, "new"))) ?? 0;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (file.format === "json" && error.message.includes("non-record JSON"))
      throw new OperationError("SEED_HEADER", `${name} holds no rows that name their columns`, {
        hint: "a JSON seed is a list of objects, or an object a line",
      });
    const found = casts.length > 0 && error.kind === "sql" ? await uncastable(reader, casts) : [];
    const message = `${name}: ${found.length > 0 ? found.join("\n") : error.message}`;
    throw error.restated({ message, line: null, column: null });
  }
}

type Cast = { readonly column: string; readonly value: string; readonly type: string };

const quote = (name: string): string => duckdb.quoteIdentifier(name);
const textOf = (column: string): string => `${quote(column)} ->> '$'`;

/** Columns of numbers, texts and the like beside each other, which DuckDB keeps as JSON, quotes and all: they are texts. */
async function mixedScalars(
  session: Session,
  reader: string,
  columns: readonly ResultColumn[],
): Promise<readonly string[]> {
  const mixed = columns.filter(({ type }) => type === "JSON").map(({ name }) => name);
  if (mixed.length === 0) return [];
  const tests = mixed.map(
    (name) => `coalesce(bool_and(json_type(${quote(name)}) not in ('OBJECT', 'ARRAY')), false)`,
  );
  const { rows } = await session.query(`select ${tests.join(", ")} from ${reader}`);
  return mixed.filter((_, i) => rows[0]?.[i] === true);
}

function castsOf(
  file: FileSource,
  columns: readonly ResultColumn[],
  scalars: readonly string[],
): readonly Cast[] {
  const known = new Map(columns.map(({ name }) => [duckdb.identifierKey(name), name]));
  return Object.entries(file.columnTypes).map(([declared, type]) => {
    const column = known.get(duckdb.identifierKey(declared));
    if (column !== undefined)
      return { column, type, value: scalars.includes(column) ? textOf(column) : quote(column) };
    const names = columns.map(({ name }) => name);
    const hint =
      didYouMean(declared, names) ?? `its columns are ${names.map((each) => `"${each}"`).join(", ")}`;
    throw new OperationError(
      "SEED_HEADER",
      `column_types names "${declared}", which ${basename(file.path)} does not have`,
      { hint },
    );
  });
}

function readerOf({ path, format }: FileSource): string {
  const file = duckdb.literal(escapeGlob(path));
  if (format === "parquet") return `read_parquet(${file}, hive_partitioning = false)`;
  // Every row is looked at: a guess from the first ones fails at a later one. Maps are made of odd objects, and are none here.
  return `read_json(${file}, format = 'auto', records = true, sample_size = -1, map_inference_threshold = -1, hive_partitioning = false)`;
}
