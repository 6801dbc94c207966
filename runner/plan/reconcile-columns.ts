import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import type { Problem } from "../base/problems.ts";
import { checkQueryColumns } from "./check-incremental.ts";
import { statement } from "./statement.ts";
import type { Column, Step } from "./step.ts";

/** How a table takes up what a query gives. */
export type Reconciled = {
  readonly problems: readonly Problem[];
  /** Columns to write, by name. */
  readonly columns: readonly string[];
  /** What makes the table fit; empty where it does. */
  readonly steps: readonly Step[];
};

/**
 * What `on_schema_change` makes of a query and a table that differ, with dbt's meanings: `ignore` leaves new columns out, `fail` allows
 * no difference, `append_new_columns` adds what is new and fills what is gone with nulls, `sync_all_columns` adds, drops and
 * retypes. Columns that an ignoring model no longer gives are a mistake: they would fill with nulls unseen.
 */
export function reconcileColumns(
  node: ModelNode,
  table: readonly Column[],
  query: readonly Column[] | null,
  dialect: Dialect,
): Reconciled {
  const names = table.map(({ name }) => name);
  if (query === null) return { problems: [], columns: names, steps: [] };
  const given = query.map(({ name }) => name);
  const change = compareColumns(table, query, dialect);
  switch (node.config.on_schema_change) {
    case "ignore":
      return { problems: checkQueryColumns(node, names, given, dialect), columns: names, steps: [] };
    case "fail":
      return { problems: checkSame(node, change, dialect), columns: names, steps: [] };
    case "append_new_columns":
      return { problems: [], columns: given, steps: additions(node, change, dialect) };
    case "sync_all_columns":
      return {
        problems: [],
        columns: given,
        steps: [
          ...additions(node, change, dialect),
          ...change.gone.map(({ name }) =>
            statement(`drop the column "${name}"`, dialect.dropColumn(node.relation, name)),
          ),
          ...change.retyped.map(({ name, type, was }) =>
            statement(
              `change the column "${name}" from ${was} to ${type}`,
              dialect.changeColumnType(node.relation, { name, type }),
            ),
          ),
        ],
      };
  }
}

type Change = {
  readonly added: readonly Column[];
  readonly gone: readonly Column[];
  /** Spelled as the table has them. */
  readonly retyped: readonly (Column & { readonly was: string })[];
};

export function compareColumns(table: readonly Column[], query: readonly Column[], dialect: Dialect): Change {
  const byKey = (columns: readonly Column[]): Map<string, Column> =>
    new Map(columns.map((column) => [dialect.identifierKey(column.name), column]));
  const [inTable, inQuery] = [byKey(table), byKey(query)];
  return {
    added: query.filter(({ name }) => !inTable.has(dialect.identifierKey(name))),
    gone: table.filter(({ name }) => !inQuery.has(dialect.identifierKey(name))),
    retyped: table.flatMap(({ name, type: was }) => {
      const found = inQuery.get(dialect.identifierKey(name));
      return found && found.type !== was ? [{ name, type: found.type, was }] : [];
    }),
  };
}

const additions = (node: ModelNode, { added }: Change, dialect: Dialect): Step[] =>
  added.map((column) =>
    statement(`add the column "${column.name}" (${column.type})`, dialect.addColumn(node.relation, column)),
  );

function checkSame(node: ModelNode, { added, gone, retyped }: Change, dialect: Dialect): Problem[] {
  const parts = [
    ...added.map(({ name, type }) => `the query has a new column "${name}" (${type})`),
    ...gone.map(({ name }) => `it no longer gives "${name}"`),
    ...retyped.map(({ name, type, was }) => `"${name}" is ${type} in the query and ${was} in the table`),
  ];
  if (parts.length === 0) return [];
  return [
    {
      ...node.place,
      code: "SCHEMA_CHANGED",
      message: `the query no longer fits the table ${dialect.quoteRelation(node.relation)}: ${parts.join("; ")}`,
      hint: 'set on_schema_change to "append_new_columns" or "sync_all_columns", or rebuild the table with --full-refresh',
    },
  ];
}
