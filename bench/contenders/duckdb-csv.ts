/** DuckDB alone, with all its threads: `duckdb-csv <rows.csv> <rows.parquet>`. It is told the types, which spares it a look ahead,
 * and what is the same of all rows, which spares it reading that. */
import { DuckDBInstance } from "@duckdb/node-api";
import { CONSTANTS, CSV_COLUMNS, PARQUET } from "./final-rows.ts";

const [source = "", target = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(
  `copy (select *, ${CONSTANTS} from read_csv('${source}', header = true, columns = ${CSV_COLUMNS})) to '${target}' (${PARQUET})`,
);
connection.closeSync();
instance.closeSync();
