import { ProjectError } from "../base/errors.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { printSql } from "../template/print-sql.ts";
import type { GlobalCall, GlobalFunction } from "../template/types.ts";
import { valueToJson } from "../template/value-to-json.ts";
import { Data, Identifier, Sql } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import { trimmedQuery } from "./node-query.ts";
import type { Queries } from "./queries.ts";

/** `run_query` and `get_column_values`: what the warehouse says while SQL is compiled. Results are data. */
export function queryFunctions(queries: Queries, dialect: Dialect): Record<string, GlobalFunction> {
  const print = (value: Value, call: GlobalCall): string => {
    if (value instanceof Sql) return trimmedQuery(printSql(value.parts, dialect, call.spot.place()));
    if (value instanceof Identifier) return dialect.quoteIdentifier(value.text);
    const hint =
      "text with data in it is no SQL: write a macro with the query, run_query(my_query(var('x')))";
    const { file, line, column } = call.spot.place();
    throw new ProjectError([
      { file, line, column, code: "VALUE_KIND", message: "a query is SQL, data was given", hint },
    ]);
  };
  return {
    run_query: (call) =>
      new Data([...queries.answer(print(call.args.get("sql") ?? null, call), call.spot.place())]),
    get_column_values: (call) => {
      const { args, spot } = call;
      const clause = (name: string, word: string): string =>
        args.has(name) ? `\n${word} ${print(args.get(name)!, call)}` : "";
      const column = columnOf(args.get("column") ?? null, dialect) ?? print(args.get("column") ?? null, call);
      const order = args.has("order_by") ? "" : "\norder by count(*) desc, 1";
      const most = args.has("max_records") ? `\nlimit ${Number(valueToJson(args.get("max_records")!))}` : "";
      const sql = `select ${column} as value\nfrom ${print(args.get("table") ?? null, call)}${clause("where", "where")}\ngroup by 1${clause("order_by", "order by")}${order}${most}`;
      const values = queries.answer(sql, spot.place()).map(({ value = null }) => value);
      return values.length === 0 && args.has("default") ? args.get("default")! : new Data(values);
    },
  };
}

/** A column's name is quoted, an expression is not; data is always a name. */
function columnOf(value: Value, dialect: Dialect): string | undefined {
  const text = value instanceof Data ? value.value : value instanceof Sql ? valueToJson(value) : null;
  if (typeof text !== "string") return undefined;
  return value instanceof Data || /^[A-Za-z_]\w*$/.test(text) ? dialect.quoteIdentifier(text) : undefined;
}
