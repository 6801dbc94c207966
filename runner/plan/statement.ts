import type { Step } from "./step.ts";

export const statement = (label: string, sql: string): Step => ({
  kind: "statement",
  label,
  sql,
  counts: false,
});

/** The statement whose changed rows are the node's. */
export const counted = (label: string, sql: string): Step => ({
  kind: "statement",
  label,
  sql,
  counts: true,
});
