import type { NodePlan, Step } from "./step.ts";

/** A hook with its template rendered. */
export type RenderedHook = { readonly sql: string; readonly transaction: boolean };
/** `header`: `sql_header`, which runs right before the node's own SQL. */
export type NodeHooks = {
  readonly pre: readonly RenderedHook[];
  readonly post: readonly RenderedHook[];
  readonly header?: string | undefined;
};

/**
 * A plan with a node's hooks around it, in dbt's order: those outside the transaction first and last, the others inside it. A hook
 * inside makes the plan a transaction, so that one that fails leaves everything as it was. A plan without steps keeps none.
 */
export function withHooks(plan: NodePlan, hooks: NodeHooks | undefined): NodePlan {
  if (hooks === undefined || plan.steps.length === 0) return plan;
  const [pre, post] = [steps("pre-hook", hooks.pre), steps("post-hook", hooks.post)];
  return {
    ...plan,
    transaction: plan.transaction || pre.inside.length + post.inside.length > 0,
    before: pre.outside,
    steps: [...pre.inside, ...headerSteps(hooks), ...plan.steps, ...post.inside],
    after: post.outside,
  };
}

const headerSteps = ({ header }: NodeHooks): Step[] =>
  header === undefined ? [] : [{ kind: "hook", label: "sql_header", sql: header }];

/** Hooks by themselves, around what is done in several plans, the header right before it; null: there is none of the name. */
export function planHooks(
  uniqueId: string,
  name: "pre-hook" | "post-hook",
  hooks: NodeHooks,
): NodePlan | null {
  const isPre = name === "pre-hook";
  const { inside, outside } = steps(name, isPre ? hooks.pre : hooks.post);
  const header = isPre ? headerSteps(hooks) : [];
  if (inside.length + outside.length + header.length === 0) return null;
  return {
    uniqueId,
    description: name,
    transaction: inside.length > 0,
    query: null,
    temporary: [],
    before: isPre ? outside : [],
    steps: inside,
    after: isPre ? header : outside,
  };
}

function steps(name: string, hooks: readonly RenderedHook[]): { inside: Step[]; outside: Step[] } {
  const made = hooks.map(({ sql, transaction }, i) => ({
    transaction,
    step: { kind: "hook", label: hooks.length > 1 ? `${name} ${i + 1}` : name, sql } satisfies Step,
  }));
  const which = (inside: boolean): Step[] =>
    made.filter(({ transaction }) => transaction === inside).map(({ step }) => step);
  return { inside: which(true), outside: which(false) };
}
