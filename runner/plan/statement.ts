import type { Problem } from "../base/problems.ts";
import type { Step } from "./step.ts";

/** `refused`: what is told where the engine refuses it for what it holds. */
export const statement = (label: string, sql: string, refused?: Problem): Step => ({
  kind: "statement",
  label,
  sql,
  counts: false,
  ...(refused && { refused }),
});

/** The statement whose changed rows are the node's. */
export const counted = (label: string, sql: string): Step => ({
  kind: "statement",
  label,
  sql,
  counts: true,
});
