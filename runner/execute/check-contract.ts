import type { ResultColumn, Session } from "../adapters/adapter.ts";
import { ProjectError } from "../base/errors.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ColumnInfo, ModelNode } from "../graph/types.ts";

/**
 * Holds what a query returns against the contract of its model: the same columns in any order, each of the type that is declared, as the
 * engine spells it. Throws a ProjectError that names every difference.
 */
export async function checkContract(
  node: ModelNode,
  found: readonly ResultColumn[],
  session: Session,
  dialect: Dialect,
): Promise<void> {
  const declared = [...node.columns.values()];
  const typeOf = ({ dataType }: ColumnInfo): string =>
    node.config.contract.alias_types && dataType!.toLowerCase() === "string" ? "text" : dataType!;
  const spelt = await session.describe(
    `select ${declared.map((column) => `cast(null as ${typeOf(column)}) as ${dialect.quoteIdentifier(column.name)}`).join(", ")}`,
  );
  const byKey = (columns: readonly ResultColumn[]): ReadonlyMap<string, ResultColumn> =>
    new Map(columns.map((column) => [dialect.identifierKey(column.name), column]));
  const [wanted, given] = [byKey(spelt), byKey(found)];
  const differences = [
    ...spelt.flatMap(({ name, type }) => {
      const column = given.get(dialect.identifierKey(name));
      if (column === undefined) return [`"${name}" (${type}) is missing`];
      return column.type === type ? [] : [`"${name}" is ${column.type}, not ${type}`];
    }),
    ...found
      .filter(({ name }) => !wanted.has(dialect.identifierKey(name)))
      .map(({ name, type }) => `"${name}" (${type}) is not in it`),
  ];
  if (differences.length === 0) return;
  const { file, line, column } = node.place;
  const message = `the query does not keep the contract of "${node.name}": ${differences.join("; ")}`;
  const hint = "cast in the query, or change the columns that the contract lists";
  throw new ProjectError([{ file, line, column, code: "CONTRACT_BROKEN", message, hint }]);
}
