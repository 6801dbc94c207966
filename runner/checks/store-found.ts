import type { Cell, RelationKind } from "../adapters/adapter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { CheckFacts } from "../execute/results.ts";
import type { TestNode } from "../graph/types.ts";

/** Statements that keep rows which are in no table any more: numbers and truth values as they are, everything else as text. */
export function storeFound(
  { relation }: TestNode,
  { columns, rows }: NonNullable<CheckFacts["found"]>,
  dialect: Dialect,
  current: RelationKind | null,
): string[] {
  const isPlain = (at: number): boolean =>
    rows.some((row) => row[at] !== null) &&
    new Set(rows.map((row) => typeof row[at]).filter((type) => type !== "object")).size === 1 &&
    rows.every((row) => row[at] === null || typeof row[at] === "number" || typeof row[at] === "boolean");
  const plain = columns.map((_, at) => isPlain(at));
  const spell = (cell: Cell | undefined, at: number): string => {
    if (cell === null || cell === undefined) return "null";
    if (plain[at]) return dialect.literal(cell as number | boolean);
    const text = typeof cell === "string" ? cell : JSON.stringify(cell);
    return `cast(${dialect.literal(text)} as ${dialect.type("text")})`;
  };
  const names = columns.map((name) => dialect.quoteIdentifier(name)).join(", ");
  const values = rows.map((row) => `(${columns.map((_, at) => spell(row[at], at)).join(", ")})`);
  const query = `select * from (values ${values.join(",\n")}) as found (${names})`;
  return [
    dialect.createSchema(relation.schema),
    ...(current === null ? [] : [dialect.drop(relation, current)]),
    dialect.createTableAs(relation, query, "new"),
  ];
}
