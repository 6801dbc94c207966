import type { TestNode } from "../graph/types.ts";

/** Whether the rows that a test finds are kept; `flag`: what the command was told, for all tests of which nothing is said. */
export const isStored = ({ config }: TestNode, flag: boolean | undefined): boolean =>
  config.store_failures ?? flag ?? false;

/** Whether they are kept as a relation of their own too. */
export const isRelationKept = (test: TestNode, flag: boolean | undefined): boolean =>
  isStored(test, flag) && test.config.store_failures_as !== "ephemeral";
