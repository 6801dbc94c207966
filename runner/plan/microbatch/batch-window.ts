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

/**
 * An input of a node as a batch of it sees it: with an event time only the rows of the batch, else all of them. Nodes that are not
 * being built in batches see everything.
 */
export function inputInBatch(
  relation: string,
  eventTime: string | null,
  reader: string | null,
  batch: BatchOf | undefined,
  dialect: Dialect,
): string {
  if (batch === undefined || batch.uniqueId !== reader || eventTime === null) return relation;
  return `(select * from ${relation} where ${inSpan(dialect.quoteIdentifier(eventTime), batch, dialect)})`;
}
