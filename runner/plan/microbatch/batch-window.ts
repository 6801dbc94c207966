import type { Dialect } from "../../dialects/dialect.ts";
import { instantText } from "./batches.ts";
import type { Span } from "./batches.ts";

/** The batch that a node is being compiled for. */
export type BatchOf = Span & { readonly uniqueId: string };

/** Whether a row lies in a batch. */
export function inSpan(column: string, { start, end }: Span, dialect: Dialect): string {
  const [from, to] = [instantText(start), instantText(end)].map((text) => dialect.literal(text));
  return `${column} >= ${from} and ${column} < ${to}`;
}
