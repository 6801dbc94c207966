import type { TestNode } from "../graph/types.ts";

/** Whether the rows that a test finds are kept; `flag`: what the command was told, for all tests. */
export const isStored = ({ config }: TestNode, flag: boolean | undefined): boolean =>
  flag ?? config.store_failures;

/** Whether they are kept as a relation of their own too. */
export const isRelationKept = (test: TestNode, flag: boolean | undefined): boolean =>
  isStored(test, flag) && test.config.store_failures_as !== "ephemeral";
