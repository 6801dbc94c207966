import { millisecondsOf } from "../base/instants.ts";
import type { Session } from "../adapters/adapter.ts";
import type { FreshnessResult } from "../execute/results.ts";
import type { SourceNode } from "../graph/types.ts";
import type { SourceFinder } from "../plan/source-relations.ts";
import type { Freshness, FreshnessLimit } from "../project/types.ts";

/** What has an age: a source, or a model of which somebody wants to know. */
export type Aged = {
  readonly uniqueId: string;
  readonly freshness: Freshness;
  /** The query that gives the newest load; null: it is known without asking the warehouse. */
  readonly query: string | null;
  /** ISO 8601. */
  readonly known: string | null;
  /** What to call the place that the age is read from. */
  readonly field: string;
  /** What is told when there is no age, and how bad that is. */
  readonly empty: Pick<FreshnessVerdict, "message"> & { readonly status: "warn" | "error" };
};

/** Sources of which somebody wants to know: limits are set, and it is known where the age can be read. */
export const hasFreshness = (source: SourceNode): boolean =>
  source.freshness !== null &&
  (source.landing || source.loadedAtField !== null || source.loadedAtQuery !== null);

const EMPTY = { status: "error", message: "the source is empty" } as const;
const NEVER_LANDED = { status: "warn", message: "nothing has landed yet: ingest file …" } as const;

/** A source's age is in its rows, or the landing zone knows it. `query`: its `loaded_at_query`, rendered. */
export function agedSource(source: SourceNode, finder: SourceFinder, query: string | null): Aged {
  const { uniqueId, loadedAtField } = source;
  const freshness = source.freshness ?? { warnAfter: null, errorAfter: null, filter: null };
  const landed = finder.vintages(source);
  const known = landed.at(-1)?.extracted_at ?? null;
  const relation = finder.relation(source, { vintage: null, part: "observations" });
  const isMissing = finder.isEmpty(source);
  return {
    uniqueId,
    freshness,
    query: isMissing
      ? null
      : (query ?? (loadedAtField === null ? null : newestOf(loadedAtField, relation, freshness))),
    known,
    field: query === null ? (loadedAtField ?? "") : "loaded_at_query",
    empty: isMissing ? NEVER_LANDED : EMPTY,
  };
}

export const newestOf = (field: string, relation: string, { filter }: Freshness): string =>
  `select max(${field}) as max_loaded_at\nfrom ${relation}${filter === null ? "" : `\nwhere ${filter}`}`;

export type FreshnessVerdict = Pick<
  FreshnessResult,
  "status" | "maxLoadedAt" | "snapshottedAt" | "ageSeconds" | "message"
>;

/** How old something is, against its limits. Reads no clock of its own: `now` is when we looked. */
export async function checkFreshness(aged: Aged, session: Session, now: Date): Promise<FreshnessVerdict> {
  const verdict = { maxLoadedAt: null, snapshottedAt: now.toISOString(), ageSeconds: null };
  const newest = aged.query === null ? aged.known : (await session.query(aged.query)).rows[0]?.[0];
  if (newest === null || newest === undefined) return { ...verdict, ...aged.empty };
  const loadedAt = instantOf(typeof newest === "string" ? newest : JSON.stringify(newest));
  if (loadedAt === null) {
    const message = `"${aged.field}" gave ${JSON.stringify(newest)}, which is not a date or a time`;
    return { ...verdict, status: "runtime error", message };
  }
  const ageSeconds = (now.getTime() - loadedAt.getTime()) / 1000;
  return {
    ...verdict,
    status: judgeAge(aged.freshness, ageSeconds),
    maxLoadedAt: loadedAt.toISOString(),
    ageSeconds,
    message: null,
  };
}

function judgeAge({ errorAfter, warnAfter }: Freshness, ageSeconds: number): "pass" | "warn" | "error" {
  const isOver = (limit: FreshnessLimit | null): boolean =>
    limit !== null && ageSeconds > millisecondsOf(limit) / 1000;
  return isOver(errorAfter) ? "error" : isOver(warnAfter) ? "warn" : "pass";
}

/** `2024-01-31`, `2024-01-31 12:00:00.5`, `2024-01-31T12:00Z`, `… +05:30`, `…+00`. */
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s?(?:Z|([+-]\d{2}):?(\d{2})?)?$/;

/** An instant as engines print it; without a zone it is UTC. */
export function instantOf(text: string): Date | null {
  const found = INSTANT.exec(text.trim());
  if (!found) return null;
  const [, day, time = "00:00", hours, minutes = "00"] = found;
  const date = new Date(`${day}T${time}${hours === undefined ? "Z" : `${hours}:${minutes}`}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
