import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import type { Problem } from "../base/problems.ts";
import { checkQueryColumns } from "./check-incremental.ts";
import { holdsLess, isLonger } from "./kept-types.ts";
import { reshapeSteps } from "./reshape-table.ts";
import type { Change } from "./reshape-table.ts";
import type { Column, NodePlan, Step } from "./step.ts";

/** How a table takes up what a query gives. */
export type Reconciled = {
  readonly problems: readonly Problem[];
  /** Columns to write, by name. */
  readonly columns: readonly string[];
  /** What makes the table fit; empty where it does. */
  readonly steps: readonly Step[];
  /** Columns that keep a type which holds less than what the query gives. */
  readonly warnings: NonNullable<NodePlan["warnings"]>;
};

/**
 * What `on_schema_change` makes of a query and a table that differ, with dbt's meanings: `ignore` leaves new columns out, `fail` allows
 * no difference, `append_new_columns` adds what is new and fills what is gone with nulls, `sync_all_columns` adds, drops and
 * retypes. A text column grows in any case where the query may give longer ones. Columns that an ignoring model no longer gives are a
 * mistake: they would fill with nulls unseen.
 */
export function reconcileColumns(
  node: ModelNode,
  table: readonly Column[],
  query: readonly Column[] | null,
  dialect: Dialect,
): Reconciled {
  const names = table.map(({ name }) => name);
  if (query === null) return { problems: [], columns: names, steps: [], warnings: [] };
  const given = query.map(({ name }) => name);
  const change = compareColumns(table, query, dialect);
  const stepsOf = (wanted: Change): readonly Step[] => reshapeSteps(node, table, wanted, dialect);
  const alter = (wanted: Change): Reconciled => ({
    problems: [],
    columns: given,
    steps: stepsOf(wanted),
    warnings: warningsOf(node, change, wanted, dialect),
  });
  // As in dbt, a text may grow whatever is said of changes.
  const grown = change.retyped.filter(({ was, type }) => isLonger(was, type));
  const growing = { added: [], gone: [], retyped: grown };
  switch (node.config.on_schema_change) {
    case "ignore":
      return {
        problems: checkQueryColumns(node, names, given, dialect),
        columns: names,
        steps: stepsOf(growing),
        warnings: warningsOf(node, change, growing, dialect),
      };
    case "fail": {
      const rest = { ...change, retyped: change.retyped.filter((column) => !grown.includes(column)) };
      return {
        problems: checkSame(node, rest, dialect),
        columns: names,
        steps: stepsOf(growing),
        warnings: [],
      };
    }
    case "append_new_columns":
      return alter({ ...growing, added: change.added });
    case "sync_all_columns":
      return alter(change);
  }
}

/** An engine rounds what a column cannot hold, and says nothing. */
function warningsOf(
  { name: model, config }: ModelNode,
  { retyped }: Change,
  { retyped: taken }: Change,
  dialect: Dialect,
): Reconciled["warnings"] {
  const way =
    'set on_schema_change to "sync_all_columns", cast it in the query, or rebuild the table with --full-refresh';
  return retyped
    .filter((column) => !taken.includes(column) && holdsLess(column.was, column.type))
    .map(({ name, type, was }) => ({
      code: "COLUMN_TYPE_KEPT",
      message: `${dialect.quoteIdentifier(name)} of "${model}" is ${type} in the query and stays ${was} in the table (on_schema_change "${config.on_schema_change}"), which cuts its values: ${way}`,
    }));
}

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
