import type { Problem } from "../base/problems.ts";
import { didYouMean } from "../base/nearest.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Index, ModelNode, Relation, RelationNode } from "../graph/types.ts";
import { statement } from "./statement.ts";
import type { Step } from "./step.ts";

/** What makes a table's indexes, once its rows are there, and what the engine must know to use it well. */
export function indexSteps({ config }: RelationNode, table: Relation, dialect: Dialect): Step[] {
  const analyze = dialect.analyze(table);
  return [
    ...config.indexes.map((index) => statement(labelOf(index), dialect.createIndex(table, index))),
    ...(analyze === null ? [] : [statement("see what it holds", analyze)]),
  ];
}

export const labelOf = ({ columns, unique }: Index): string =>
  `create the ${unique ? "unique index" : "index"} on ${columns.map((name) => `"${name}"`).join(", ")}`;

/** Indexes of what is no table; known before anything runs. */
export function checkIndexes({ config, place }: ModelNode): Problem[] {
  const { materialized, indexes } = config;
  if (indexes.length === 0 || /^(table|incremental|materialized_view)$/.test(materialized)) return [];
  const message = `indexes have no meaning with materialized "${materialized}"`;
  return [{ ...place, code: "CONFIG_UNUSED", message, hint: 'set materialized to "table", or remove them' }];
}

/** Columns that indexes name and the table will not have. */
export function checkIndexColumns(
  { config, place }: RelationNode,
  columns: readonly string[],
  dialect: Dialect,
): Problem[] {
  const known = new Set(columns.map((name) => dialect.identifierKey(name)));
  return config.indexes
    .flatMap((index) => index.columns)
    .filter((name) => !known.has(dialect.identifierKey(name)))
    .map((name) => ({
      ...place,
      code: "COLUMN_UNKNOWN",
      message: `indexes name "${name}", which is no column of it`,
      hint: didYouMean(name, columns) ?? `its columns are ${columns.map((each) => `"${each}"`).join(", ")}`,
    }));
}
