import type { Dialect, Question } from "../dialects/dialect.ts";
import type { ModelConstraint, ModelNode, Relation } from "../graph/types.ts";
import { beforePublishing } from "./before-publishing.ts";
import { kindOf } from "./kind-of.ts";
import type { NodePlan, Step } from "./step.ts";
import { besideRelation } from "./swap.ts";

/**
 * A plan that also looks whether the model's constraints hold, in the transaction that builds it: rows that break one are never seen
 * by anybody. Every engine can do that, for views too, and for what is already there when rows are added. An engine that keeps
 * constraints of tables itself is told of them besides.
 */
export function constrained(
  plan: NodePlan,
  node: ModelNode,
  dialect: Dialect,
  /** What stands in its place now is a table. */
  isThere: boolean,
): NodePlan {
  // Those that may be left out where they cannot be looked at.
  if (node.config.materialized === "incremental" && node.config.incremental_strategy === "microbatch")
    return plan;
  const spelling = kindOf(node) === "table" ? dialect.constraints : null;
  const isReplaced = plan.steps.some(({ kind }) => kind === "replace-relation");
  const adds = isThere && !isReplaced;
  // The server looks at what is added itself, where it can.
  const looked =
    adds && spelling ? node.constraints.filter(({ type }) => type === "foreign_key") : node.constraints;
  const seen = beforePublishing(plan, node.relation, (made) =>
    looked.flatMap((constraint) => stepsOf(node, made, constraint, dialect)),
  );
  if (spelling === null || plan.steps.length === 0 || (node.constraints.length === 0 && !adds)) return seen;
  const statements = (label: string, asked: Question): Step => ({ kind: "statements-of", label, ...asked });
  const kept = beforePublishing(seen, node.relation, (made) =>
    node.constraints.length === 0
      ? []
      : [
          statements("have the server keep its constraints", {
            sql: spelling.settle(made, node.relation, node.constraints),
          }),
        ],
  );
  const before = adds
    ? [
        statements(
          "forget constraints that are declared no longer",
          spelling.forget(node.relation, node.constraints),
        ),
      ]
    : [];
  const after = isReplaced
    ? [
        statements("give its constraints their names", {
          sql: spelling.rename(node.relation, besideRelation(node.relation, dialect)),
        }),
      ]
    : [];
  return { ...kept, transaction: true, steps: [...before, ...kept.steps, ...after] };
}

export const BROKEN_HINT = "what was there before is still there; mend the query, or the constraint";

function stepsOf(node: ModelNode, made: Relation, constraint: ModelConstraint, dialect: Dialect): Step[] {
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
      sql: breakingQuery(node, made, constraint, dialect),
      code: "CONSTRAINT_BROKEN",
      message: `the constraint of "${node.name}" that ${wordsOf(constraint)} is broken`,
      hint: BROKEN_HINT,
    },
  ];
}

/** The first row that breaks it. As in SQL, what is null is not found twice, and no check is false of it. */
function breakingQuery(
  node: ModelNode,
  relation: Relation,
  { type, columns, expression, other, toColumns }: ModelConstraint,
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
    case "foreign_key": {
      const isOwn = dialect.quoteRelation(other!) === dialect.quoteRelation(node.relation);
      const [there, here] = [dialect.quoteRelation(isOwn ? relation : other!), "pointing"];
      const same = names.map(
        (name, i) => `there.${dialect.quoteIdentifier(toColumns[i]!)} = ${here}.${name}`,
      );
      const filled = names.map((name) => `${here}.${name} is not null`).join(" and ");
      return `select * from ${table} as ${here} where ${filled}
and not exists (select 1 from ${there} as there where ${same.join(" and ")}) limit 1`;
    }
    default: {
      const empty = names.map((name) => `${name} is null`).join(" or ");
      return `select * from ${table} where ${empty} limit 1`;
    }
  }
}

function wordsOf({ type, name, columns, expression, to, toColumns }: ModelConstraint): string {
  const called = name === null ? "" : ` (${name})`;
  switch (type) {
    case "check":
      return `${expression}${called}`;
    case "not_null":
      return `${columns.join(", ")} is not null${called}`;
    case "foreign_key":
      return `${columns.join(", ")} is in ${to} (${toColumns.join(", ")})${called}`;
    default:
      return `${columns.join(", ")} is unique${called}`;
  }
}
