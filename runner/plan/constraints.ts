import type { Dialect } from "../dialects/dialect.ts";
import type { ModelNode } from "../graph/types.ts";
import type { Constraint } from "../project/types.ts";
import { beforePublishing } from "./before-publishing.ts";
import type { Relation } from "../graph/types.ts";
import type { NodePlan, Step } from "./step.ts";

/**
 * A plan that also looks whether the model's constraints hold, in the transaction that builds it: rows that break one are never seen
 * by anybody. Every engine can do that, for views too, and for what is already there when rows are added.
 */
export function constrained(plan: NodePlan, node: ModelNode, dialect: Dialect): NodePlan {
  return beforePublishing(plan, node.relation, (made) =>
    node.constraints.flatMap((constraint) => stepsOf(node, made, constraint, dialect)),
  );
}

function stepsOf(node: ModelNode, made: Relation, constraint: Constraint, dialect: Dialect): Step[] {
  const { type } = constraint;
  if (type === "primary_key")
    return [
      ...stepsOf(node, made, { ...constraint, type: "not_null" }, dialect),
      ...stepsOf(node, made, { ...constraint, type: "unique" }, dialect),
    ];
  return [
    {
      kind: "assert-empty",
      label: `see that ${wordsOf(constraint)}`,
      sql: breakingQuery(made, constraint, dialect),
      code: "CONSTRAINT_BROKEN",
      message: `the constraint of "${node.name}" that ${wordsOf(constraint)} is broken`,
      hint: "what was there before is still there; mend the query, or the constraint",
    },
  ];
}

/** The first row that breaks it. As in SQL, what is null is not found twice, and no check is false of it. */
function breakingQuery(
  relation: Relation,
  { type, columns, expression }: Constraint,
  dialect: Dialect,
): string {
  const table = dialect.quoteRelation(relation);
  const names = columns.map((name) => dialect.quoteIdentifier(name));
  switch (type) {
    case "check":
      return `select * from ${table} where not (${expression}\n) limit 1`;
    case "unique": {
      const filled = names.map((name) => `${name} is not null`).join(" and ");
      return `select ${names.join(", ")}, count(*) as times from ${table} where ${filled}
group by ${names.join(", ")} having count(*) > 1 limit 1`;
    }
    default: {
      const empty = names.map((name) => `${name} is null`).join(" or ");
      return `select * from ${table} where ${empty} limit 1`;
    }
  }
}

function wordsOf({ type, name, columns, expression }: Constraint): string {
  const called = name === null ? "" : ` (${name})`;
  switch (type) {
    case "check":
      return `${expression}${called}`;
    case "not_null":
      return `${columns.join(", ")} is not null${called}`;
    default:
      return `${columns.join(", ")} is unique${called}`;
  }
}
