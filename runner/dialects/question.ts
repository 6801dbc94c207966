import type { Question } from "./dialect.ts";
import { literal } from "./standard.ts";

/** `sqlOf` gives the query for values that are written as SQL expressions of text. */
export const question = (
  name: string,
  values: readonly string[],
  sqlOf: (...values: readonly string[]) => string,
): Question => ({
  sql: sqlOf(...values.map(literal)),
  kept: { name, text: sqlOf(...values.map((_, i) => `$${i + 1}`)), values },
});
