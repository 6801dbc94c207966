import { StatloomError, messageOf } from "../../runner/base/errors.ts";
import { landingName } from "../../runner/project/landing.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { Landed } from "../landing/land.ts";
import type { Identity } from "../publishers/identify.ts";
import type { SyncDone, SyncEnd, SyncEvent } from "../sync/events.ts";

const done = (seconds: number, bytes: number, updated: string | null): SyncDone => ({
  seconds,
  bytes,
  retries: 0,
  updated,
});

/** How the landing of a file ended, in the words of what is fetched: both are noted and judged alike. */
export function landedEvent(landed: Landed, identity: Identity, bytes: number, now: Date): SyncEvent {
  const { vintage, seconds, outcome } = landed;
  const facts = done(seconds, bytes, vintage.updated);
  if (outcome === "unchanged") {
    const told = landed.same === "document" ? "document" : "content";
    return eventOf(identity, now, { kind: "unchanged", told, ...facts });
  }
  const { vintage: id, rows, rejected } = vintage;
  return eventOf(identity, now, {
    kind: outcome,
    vintage: id,
    rows,
    rejected,
    drift: landed.drift,
    ...facts,
  });
}

export function failedEvent(error: unknown, identity: Identity, now: Date): SyncEvent {
  return eventOf(identity, now, {
    kind: "failed",
    code: error instanceof StatloomError ? error.code : "BUG",
    message: messageOf(error),
    hint: null,
    attempts: 1,
    retryAt: null,
    dead: true,
    ...done(0, 0, null),
  });
}

const eventOf = ({ publisher, dataset }: Identity, now: Date, end: SyncEnd): SyncEvent => ({
  publisher: landingName("publisher", publisher),
  dataset: landingName("dataset", dataset),
  at: instantText(now),
  ...end,
});
