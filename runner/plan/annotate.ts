import type { Dialect } from "../dialects/dialect.ts";
import type { RelationNode } from "../graph/types.ts";
import { kindOf } from "./kind-of.ts";
import { statement } from "./statement.ts";
import type { NodePlan, Step } from "./step.ts";

/** Who had what on a relation before this run. */
export type Grant = { readonly privilege: string; readonly grantee: string };

/**
 * A plan that also leaves the node's descriptions as comments (`persist_docs`) and its `grants`, in one transaction with the rest. A
 * plan without steps keeps none.
 */
export function annotated(
  plan: NodePlan,
  node: RelationNode,
  dialect: Dialect,
  granted: readonly Grant[] = [],
): NodePlan {
  const steps = [...commentSteps(node, dialect), ...grantSteps(node, granted, dialect)];
  if (steps.length === 0 || plan.steps.length === 0) return plan;
  return { ...plan, transaction: true, steps: [...plan.steps, ...steps] };
}

/** The same by itself, for what is built in several plans; null: there is nothing to do. */
export function planAnnotations(
  node: RelationNode,
  dialect: Dialect,
  granted: readonly Grant[],
): NodePlan | null {
  const steps = [...commentSteps(node, dialect), ...grantSteps(node, granted, dialect)];
  if (steps.length === 0) return null;
  const { uniqueId } = node;
  return {
    uniqueId,
    description: "comments and grants",
    query: null,
    transaction: true,
    temporary: [],
    steps,
  };
}

/** An empty description takes away what was said before. */
function commentSteps(node: RelationNode, dialect: Dialect): Step[] {
  const { persist_docs: asked } = node.config;
  const [kind, docs] = [kindOf(node), [...node.columns.values()]];
  const told = docs.filter(({ description }) => description !== "");
  return [
    ...(asked.relation
      ? [
          statement(
            "say what it is",
            dialect.commentOn(node.relation, kind, node.description === "" ? null : node.description),
          ),
        ]
      : []),
    ...(asked.columns && told.length > 0
      ? [
          {
            kind: "comment-columns",
            label: "say what its columns are",
            target: node.relation,
            dialect: dialect.name,
            comments: told.map(({ name, description }) => ({ column: name, text: description })),
          } satisfies Step,
        ]
      : []),
  ];
}

/** What is wanted is granted; what others hold besides is taken from them, of the privileges that are named or not, as in dbt. */
function grantSteps(node: RelationNode, granted: readonly Grant[], dialect: Dialect): Step[] {
  const { grants } = dialect;
  const wanted = Object.entries(node.config.grants);
  if (grants === null || wanted.length === 0) return [];
  const isWanted = ({ privilege, grantee }: Grant): boolean =>
    wanted.some(
      ([name, grantees]) => name.toLowerCase() === privilege.toLowerCase() && grantees.includes(grantee),
    );
  return [
    ...granted
      .filter((grant) => !isWanted(grant))
      .map(({ privilege, grantee }) =>
        statement(`take ${privilege} from "${grantee}"`, grants.revoke(node.relation, privilege, [grantee])),
      ),
    ...wanted
      .filter(([, grantees]) => grantees.length > 0)
      .map(([privilege, grantees]) =>
        statement(`grant ${privilege}`, grants.grant(node.relation, privilege, grantees)),
      ),
  ];
}
