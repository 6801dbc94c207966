import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import { indexSteps } from "./indexes.ts";
import { tableSteps } from "./layout.ts";
import { statement } from "./statement.ts";
import type { Column, Step } from "./step.ts";
import { besideRelation, swapSteps } from "./swap.ts";

/** How a query and a table differ. */
export type Change = {
  readonly added: readonly Column[];
  readonly gone: readonly Column[];
  /** Spelled as the table has them. */
  readonly retyped: readonly (Column & { readonly was: string })[];
};

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

/**
 * Where the engine lets nobody alter a table with indexes, the table is copied in its new shape, and its indexes are made again. Where
 * views hold on to columns that go or change, another table takes its place, with those views.
 */
export function reshapeSteps(
  node: ModelNode,
  table: readonly Column[],
  change: Change,
  dialect: Dialect,
): readonly Step[] {
  const steps = alterations(node, change, dialect);
  if (steps.length === 0) return [];
  const label = steps.map((step) => step.label).join(", ");
  if (!dialect.altersIndexed && node.config.indexes.length > 0)
    return [
      ...dialect
        .replaceTable(node.relation, inShape(node, table, change, dialect))
        .map((sql) => statement(label, sql, unchangeable(node, change.retyped))),
      ...indexSteps(node, node.relation, dialect),
    ];
  const isHeld = !dialect.bindsByName && change.gone.length + change.retyped.length > 0;
  if (!isHeld) return steps;
  const beside = besideRelation(node.relation, dialect);
  const query = inShape(node, table, change, dialect);
  const refused = unchangeable(node, change.retyped);
  const otherwise = [
    statement("drop what an earlier run may have left", dialect.drop(beside, "table")),
    ...tableSteps(node, beside, query, label, dialect).steps.map((step) =>
      step.kind === "statement" && refused ? { ...step, refused } : step,
    ),
    ...swapSteps(node, beside, { kind: "table", columns: [] }, dialect),
  ];
  return [{ kind: "unless-read", label, statements: steps, otherwise }];
}

/** What a table holds, with the columns that it shall have. */
function inShape(
  { relation }: ModelNode,
  table: readonly Column[],
  { added, gone, retyped }: Change,
  dialect: Dialect,
): string {
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
  return `select ${columns.join(", ")} from ${dialect.quoteRelation(relation)}`;
}
