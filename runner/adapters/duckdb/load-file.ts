import { basename } from "node:path";
import { OperationError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import { duckdb, escapeGlob } from "../../dialects/duckdb.ts";
import type { Relation } from "../../graph/types.ts";
import type { FileSource } from "../../plan/step.ts";
import type { Session } from "../adapter.ts";
import { QueryError } from "../query-error.ts";

/**
 * Creates `target` from JSON (a list of objects, or an object a line) or Parquet. Declared types are cast to; the others are the
 * file's own, in JSON as all its rows show them.
 */
export async function loadFile(session: Session, target: Relation, file: FileSource): Promise<number> {
  const name = basename(file.path);
  const reader = readerOf(file);
  try {
    const columns = (await session.describe(`select * from ${reader}`)).map((column) => column.name);
    const known = new Map(columns.map((column) => [duckdb.identifierKey(column), column]));
    const casts = Object.entries(file.columnTypes).map(([declared, type]) => {
      const column = known.get(duckdb.identifierKey(declared));
      if (column !== undefined) {
        const quoted = duckdb.quoteIdentifier(column);
        return `cast(${quoted} as ${type}) as ${quoted}`;
      }
      const hint =
        didYouMean(declared, columns) ?? `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`;
      throw new OperationError(
        "SEED_HEADER",
        `column_types names "${declared}", which ${name} does not have`,
        { hint },
      );
    });
    const replaced = casts.length > 0 ? ` replace (${casts.join(", ")})` : "";
    const query = `select *${replaced} from ${reader}`;
    return (await session.run(duckdb.createTableAs(target, query, "new"))) ?? 0;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw error.restated({ message: `${name}: ${error.message}`, line: null, column: null });
  }
}

function readerOf({ path, format }: FileSource): string {
  const file = duckdb.literal(escapeGlob(path));
  if (format === "parquet") return `read_parquet(${file}, hive_partitioning = false)`;
  // Every row is looked at: a guess from the first ones fails at a later one. Maps are made of odd objects, and are none here.
  return `read_json(${file}, format = 'auto', records = true, sample_size = -1, map_inference_threshold = -1, hive_partitioning = false)`;
}
