import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import type { Problem } from "../base/problems.ts";
import { checkQueryColumns } from "./check-incremental.ts";
import { indexSteps } from "./indexes.ts";
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
  const alter = (wanted: Change): Reconciled => ({
    problems: [],
    columns: given,
    steps: withIndexes(node, table, wanted, alterations(node, wanted, dialect), dialect),
  });
  switch (node.config.on_schema_change) {
    case "ignore":
      return { problems: checkQueryColumns(node, names, given, dialect), columns: names, steps: [] };
    case "fail":
      return { problems: checkSame(node, change, dialect), columns: names, steps: [] };
    case "append_new_columns":
      return alter({ ...change, gone: [], retyped: [] });
    case "sync_all_columns":
      return alter(change);
  }
}

function alterations(node: ModelNode, { added, gone, retyped }: Change, dialect: Dialect): Step[] {
  const { relation } = node;
  return [
    ...added.map((column) =>
      statement(`add the column "${column.name}" (${column.type})`, dialect.addColumn(relation, column)),
    ),
    ...gone.map(({ name }) => statement(`drop the column "${name}"`, dialect.dropColumn(relation, name))),
    ...retyped.map(({ name, type, was }) =>
      statement(
        `change the column "${name}" from ${was} to ${type}`,
        dialect.changeColumnType(relation, { name, type }),
        unchangeable(node, [{ name, type, was }]),
      ),
    ),
  ];
}

/** What is told of columns whose rows do not fit the type that they should get. */
function unchangeable(node: ModelNode, retyped: Change["retyped"]): Problem | undefined {
  if (retyped.length === 0) return undefined;
  const each = retyped.map(({ name, type, was }) => `"${name}" from ${was} to ${type}`).join(", ");
  const what = retyped.length === 1 ? "the column" : "one of the columns";
  return {
    ...node.place,
    code: "COLUMN_UNCHANGEABLE",
    message: `the table of "${node.name}" stays as it was, as ${what} ${each} could not be changed`,
    hint: "cast it in the model to the type that the table has, or rebuild the table with --full-refresh",
  };
}

/** Where the engine lets nobody alter a table with indexes, the table is copied in its new shape, and its indexes are made again. */
function withIndexes(
  node: ModelNode,
  table: readonly Column[],
  { added, gone, retyped }: Change,
  steps: readonly Step[],
  dialect: Dialect,
): readonly Step[] {
  if (steps.length === 0 || dialect.altersIndexed || node.config.indexes.length === 0) return steps;
  const quote = (name: string): string => dialect.quoteIdentifier(name);
  const types = new Map(retyped.map(({ name, type }) => [name, type]));
  const dropped = new Set(gone.map(({ name }) => name));
  const kept = table
    .filter(({ name }) => !dropped.has(name))
    .map(({ name }) => {
      const type = types.get(name);
      return type === undefined ? quote(name) : `cast(${quote(name)} as ${type}) as ${quote(name)}`;
    });
  const columns = [...kept, ...added.map(({ name, type }) => `cast(null as ${type}) as ${quote(name)}`)];
  const query = `select ${columns.join(", ")} from ${dialect.quoteRelation(node.relation)}`;
  const label = steps.map((step) => step.label).join(", ");
  return [
    ...dialect
      .replaceTable(node.relation, query)
      .map((sql) => statement(label, sql, unchangeable(node, retyped))),
    ...indexSteps(node, node.relation, dialect),
  ];
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
