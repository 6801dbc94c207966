import type { Dialect } from "../dialects/dialect.ts";
import type { Relation, RelationNode } from "../graph/types.ts";
import { kindOf } from "./kind-of.ts";
import { renamePartitions } from "./layout.ts";
import { indexSteps } from "./indexes.ts";
import { statement } from "./statement.ts";
import type { CurrentRelation, Step } from "./step.ts";
import { temporaryName } from "./temporary-name.ts";

/** Where a table is built beside the one that it will replace. */
export function besideRelation(target: Relation, dialect: Dialect): Relation {
  return { ...target, identifier: temporaryName(target.identifier, dialect.maxIdentifierLength) };
}

/** Before anything is built that could not take the place of what is there. */
export function swapGuard(node: RelationNode, current: CurrentRelation, dialect: Dialect): Step[] {
  const unique = node.config.indexes.filter((index) => index.unique).map(({ columns }) => columns);
  const holders = current?.kind === "table" ? dialect.holders(node.relation, unique) : null;
  if (holders === null) return [];
  return [
    {
      kind: "assert-empty",
      label: "see that another can take its place",
      ...holders,
      code: "RELATION_HELD",
      message: `no other table can take the place of ${dialect.quoteRelation(node.relation)}, on which this hangs`,
      hint: "drop it first, or keep what a foreign key needs unique: indexes: [{columns: [id], unique: true}]",
    },
  ];
}

function renameIndexes({ relation, config }: RelationNode, beside: Relation, dialect: Dialect): Step[] {
  const sql = config.indexes.length === 0 ? null : dialect.renameIndexes(relation, beside);
  return sql === null ? [] : [{ kind: "statements-of", label: "give its indexes their names", sql }];
}

/** Puts the finished table `beside` where `target` is: readers see the old one or the new one, never none. */
export function swapSteps(
  node: RelationNode,
  beside: Relation,
  current: CurrentRelation,
  dialect: Dialect,
): Step[] {
  const target = node.relation;
  if (current && !dialect.bindsByName) {
    const replace = { kind: "replace-relation", label: "put the new table there" } as const;
    return [
      ...indexSteps(node, beside, dialect),
      { ...replace, target, beside, is: kindOf(node) },
      ...renamePartitions(node, dialect),
      ...renameIndexes(node, beside, dialect),
    ];
  }
  const isEarly = dialect.altersIndexed;
  const old = current
    ? [statement(`drop the ${current.kind} in its place`, dialect.drop(target, current.kind))]
    : [];
  return [
    ...(isEarly ? indexSteps(node, beside, dialect) : []),
    ...old,
    statement("put the new table there", dialect.rename(beside, "table", target.identifier)),
    ...(isEarly ? [] : indexSteps(node, target, dialect)),
  ];
}
