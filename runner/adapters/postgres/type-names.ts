import type { ResultTable } from "../adapter.ts";
import { arrayType, builtinTypes, otherType } from "./cells.ts";
import type { CellType } from "./cells.ts";
import type { Line, RawResult } from "./line.ts";

/** Types by number; those that are not built in are asked for once. */
export type TypeNames = {
  table(raw: RawResult, line: Line): Promise<ResultTable>;
};

export function createTypeNames(): TypeNames {
  const known = new Map(builtinTypes);

  async function learn(numbers: readonly number[], line: Line): Promise<void> {
    const sql = `select oid, pg_catalog.format_type(oid, null), case when typcategory = 'A' then typelem else 0 end
      from pg_catalog.pg_type where oid in (${numbers.join(", ")})`;
    const [found] = await line.send(sql, "one");
    const rows = found!.rows.map(([number, name, element]) => ({
      number: Number(String(number)),
      name: String(name),
      element: Number(String(element)),
    }));
    const unknown = rows
      .map(({ element }) => element)
      .filter((element) => element > 0 && !known.has(element));
    if (unknown.length > 0) await learn(unknown, line);
    for (const { number, name, element } of rows)
      known.set(number, element > 0 ? arrayType(name, known.get(element)!) : otherType(name));
  }

  return {
    async table({ columns, rows }, line) {
      const unknown = new Set(columns.map(({ type }) => type).filter((type) => !known.has(type)));
      if (unknown.size > 0) await learn([...unknown], line);
      const types: CellType[] = columns.map(({ type }) => known.get(type) ?? otherType(`type ${type}`));
      return {
        columns: columns.map(({ name }, i) => ({ name, type: types[i]!.name })),
        rows: rows.map((row) =>
          row.map((cell, i) => (cell === null ? null : types[i]!.toCell(cell.toString("utf8")))),
        ),
      };
    },
  };
}
