import { printable } from "../base/text.ts";
import { dialectOf } from "../dialects/dialect-of.ts";
import type { NodePlan, Step } from "./step.ts";

/** A plan as `--dry-run` prints it: SQL that can be run by hand, with what is no SQL as comments. */
export function explainPlan(plan: NodePlan): string {
  const { before = [], after = [] } = plan;
  const body = plan.steps.map(explainStep);
  const lines = plan.transaction ? ["begin;", ...body, "commit;"] : body;
  const head = `-- ${printable(plan.uniqueId)}: ${plan.description}`;
  return [head, ...before.map(explainStep), ...lines, ...after.map(explainStep)].join("\n");
}

/** Steps that are no node's. */
export const explainSteps = (steps: readonly Step[]): string[] => steps.map(explainStep);

function explainStep(step: Step): string {
  switch (step.kind) {
    case "statement":
    case "hook":
      return `-- ${printable(step.label)}\n${step.sql};`;
    case "unless-read":
      return [
        ...explainSteps(step.statements),
        ...explainOtherwise("where views read it", step.otherwise),
      ].join("\n");
    case "replace-view":
      return [
        `-- ${printable(step.label)}\n${step.sql};`,
        ...explainOtherwise("where its columns do not allow that", step.otherwise),
      ].join("\n");
    case "assert-empty":
      return `-- ${printable(step.label)}: no row may come\n${step.sql};`;
    case "statements-of":
      return `-- ${printable(step.label)}: the statements that this gives\n${step.sql};`;
    case "comment-columns":
      return `-- ${printable(step.label)}, of those that it has\n${step.comments.map(({ column, text }) => `${dialectOf(step.dialect).commentOnColumn(step.target, column, text)};`).join("\n")}`;
    case "audit":
      return `-- ${printable(`${step.label}, on ${step.relation.schema}.${step.relation.identifier}`)}`;
    case "prepare-path":
      return `-- ${printable(`${step.label}: ${step.from}`)}`;
    case "publish-path":
      return `-- ${printable(`${step.label}: ${step.from} becomes ${step.to}`)}`;
    case "replace-relation": {
      const { target, beside } = step;
      return `-- ${printable(`${step.label}: ${beside.schema}.${beside.identifier} becomes ${target.schema}.${target.identifier}, with whatever reads it`)}`;
    }
    case "load-file":
      return `-- ${printable(`${step.label} into ${step.target.schema}.${step.target.identifier} from ${step.source.path}`)}`;
    case "load-csv": {
      const { path, delimiter, columnTypes } = step.source;
      const declared = Object.entries(columnTypes).map(([name, type]) => `${name} ${type}`);
      const types = declared.length > 0 ? `, declared: ${declared.join(", ")}` : "";
      const { schema, identifier } = step.target;
      const into = `${schema}.${identifier}`;
      return `-- ${printable(`${step.label} into ${into} from ${path}, delimiter ${JSON.stringify(delimiter)}${types}`)}`;
    }
  }
}

const explainOtherwise = (when: string, steps: readonly Step[]): string[] => [
  `-- ${when}:`,
  ...explainSteps(steps).flatMap((text) => text.split("\n").map((line) => `--   ${line}`)),
];
