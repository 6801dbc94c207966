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
