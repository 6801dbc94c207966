import type { Session } from "../adapters/adapter.ts";
import type { FreshnessResult, FreshnessStatus } from "../execute/results.ts";
import type { SourceNode } from "../graph/types.ts";
import type { SourceFinder } from "../plan/source-relations.ts";
import type { FreshnessLimit } from "../project/types.ts";

const SECONDS: Record<FreshnessLimit["period"], number> = { minute: 60, hour: 3600, day: 86_400 };

/** Sources of which somebody wants to know: limits are set, and it is known where the age can be read. */
export function hasFreshness(source: SourceNode): boolean {
  return source.freshness !== null && (source.landing || source.loadedAtField !== null);
}

/** The query that reads the newest load of a source; null: the landing zone knows it without asking the warehouse. */
export function freshnessQuery(source: SourceNode, relation: string): string | null {
  const { loadedAtField, freshness } = source;
  if (loadedAtField === null) return null;
  const where = freshness?.filter ? `\nwhere ${freshness.filter}` : "";
  return `select max(${loadedAtField}) as max_loaded_at\nfrom ${relation}${where}`;
}

export type FreshnessVerdict = Pick<
  FreshnessResult,
  "status" | "maxLoadedAt" | "snapshottedAt" | "ageSeconds" | "message"
>;

/** How old a source is, against its limits. Reads no clock of its own: `now` is when we looked. */
export async function checkFreshness(
  source: SourceNode,
  finder: SourceFinder,
  session: Session,
  now: Date,
): Promise<FreshnessVerdict> {
  const snapshottedAt = now.toISOString();
  const landed = finder.vintages(source);
  if (source.landing && landed.length === 0) {
    return {
      status: "warn",
      maxLoadedAt: null,
      snapshottedAt,
      ageSeconds: null,
      message: "nothing has landed yet: ingest file …",
    };
  }
  const query = freshnessQuery(source, finder.relation(source, { vintage: null, part: "observations" }));
  const newest = query === null ? landed.at(-1)!.extracted_at : (await session.query(query)).rows[0]?.[0];
  if (newest === null || newest === undefined) {
    return {
      status: "error",
      maxLoadedAt: null,
      snapshottedAt,
      ageSeconds: null,
      message: "the source is empty",
    };
  }
  const loadedAt = instantOf(typeof newest === "string" ? newest : JSON.stringify(newest));
  if (loadedAt === null) {
    const message = `"${source.loadedAtField}" gave ${JSON.stringify(newest)}, which is not a date or a time`;
    return { status: "runtime error", maxLoadedAt: null, snapshottedAt, ageSeconds: null, message };
  }
  const ageSeconds = (now.getTime() - loadedAt.getTime()) / 1000;
  return {
    status: judgeAge(source, ageSeconds),
    maxLoadedAt: loadedAt.toISOString(),
    snapshottedAt,
    ageSeconds,
    message: null,
  };
}

export function judgeAge(source: SourceNode, ageSeconds: number): Exclude<FreshnessStatus, "runtime error"> {
  const { errorAfter, warnAfter } = source.freshness ?? { errorAfter: null, warnAfter: null };
  if (errorAfter && ageSeconds > errorAfter.count * SECONDS[errorAfter.period]) return "error";
  if (warnAfter && ageSeconds > warnAfter.count * SECONDS[warnAfter.period]) return "warn";
  return "pass";
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
