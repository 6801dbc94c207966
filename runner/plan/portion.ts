import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode } from "../graph/types.ts";
import { inSpan } from "./microbatch/batch-window.ts";
import type { BatchOf } from "./microbatch/batch-window.ts";
import type { Span } from "./microbatch/batches.ts";

/**
 * How much of its inputs a run reads. `empty`: nothing, to see that all SQL holds and what columns come of it. `sample`: of those
 * that have an `event_time` the rows of a span, in models and snapshots.
 */
export type Portion = { readonly kind: "empty" } | { readonly kind: "sample"; readonly span: Span };

export type Reading = {
  readonly batch?: BatchOf | undefined;
  readonly portion?: Portion | undefined;
};

/**
 * An input of a node as this run reads it, as something to select from. A batch of the node shows its own rows alone, of what has an
 * event time; a node that is not built in batches sees everything.
 */
export function inputOf(
  relation: string,
  eventTime: string | null,
  reader: GraphNode | undefined,
  { batch, portion }: Reading,
  dialect: Dialect,
): string {
  if (portion?.kind === "empty") return dialect.asTable(`select * from ${relation} where false limit 0`);
  if (eventTime === null || reader === undefined) return relation;
  const isSampled = reader.resourceType === "model" || reader.resourceType === "snapshot";
  const spans = [
    ...(batch?.uniqueId === reader.uniqueId ? [batch] : []),
    ...(portion && isSampled ? [portion.span] : []),
  ];
  if (spans.length === 0) return relation;
  const span = {
    start: Math.max(...spans.map(({ start }) => start)),
    end: Math.min(...spans.map(({ end }) => end)),
  };
  const isInside = inSpan(dialect.quoteIdentifier(eventTime), span, dialect);
  return dialect.asTable(`select * from ${relation} where ${isInside}`);
}
