import type { History } from "../observed.ts";
import { statusOf } from "./outcomes.ts";
import type { SiteModel } from "./site-model.ts";
import type { AlertSpan } from "./runs-types.ts";
import type { Status } from "./types.ts";

type Seen = { readonly id: string; readonly at: string; readonly status: Status; readonly message: string };

/** What went wrong, from the first run that saw it to the first that saw it well again; the newest first, what still is before the rest. */
export function alertSpans(model: SiteModel, { results, freshness }: History): AlertSpan[] {
  const seen: Seen[] = [
    ...results.map(({ id, at, status, message }) => ({ id, at, status, message })),
    ...freshness.map(({ id, at, word, message }) => ({
      id,
      at,
      status: statusOf(word),
      message: message || `freshness: ${word}`,
    })),
  ];
  const open = new Map<string, AlertSpan>();
  const closed: AlertSpan[] = [];
  for (const { id, at, status, message } of seen.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const before = open.get(id);
    if (status === "bad" || status === "warn") {
      open.set(id, {
        ...model.linkTo(id),
        status: before?.status === "bad" ? "bad" : status,
        since: before?.since ?? at,
        until: null,
        times: (before?.times ?? 0) + 1,
        message: message.slice(0, 300) || (before?.message ?? ""),
      });
    } else if (before !== undefined && status === "good") {
      closed.push({ ...before, until: at });
      open.delete(id);
    }
  }
  const newest = (a: AlertSpan, b: AlertSpan): number => (a.since < b.since ? 1 : -1);
  return [...[...open.values()].toSorted(newest), ...closed.toSorted(newest)];
}
