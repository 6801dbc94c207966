import type { CatalogEntry } from "../publishers/publisher.ts";
import type { DatasetState } from "../state/dataset-state.ts";
import type { DueMark } from "../state/due.ts";

export type Announced = Pick<DueMark, "certain" | "published">;

/**
 * What the dates of a catalogue call for; null where nothing. Catalogues name days, and two editions can be of one day: a dataset that was
 * looked at last on the day of its update is asked again whether it changed.
 */
export function dueByCatalog(
  entry: CatalogEntry,
  before: CatalogEntry | undefined,
  state: DatasetState,
  zone: string,
): Announced | null {
  // What was never fetched is new, and comes by itself.
  if (state.succeeded === null) return null;
  if (before !== undefined && before.structureUpdated !== entry.structureUpdated)
    return { certain: true, published: null };
  const { updated } = entry;
  if (updated === null) return null;
  if (updated.includes("T"))
    return state.updated === null || updated > state.updated ? { certain: true, published: updated } : null;
  const ask = { certain: false, published: null };
  if (state.updated === null) return dayIn(zone, state.succeeded) <= updated ? ask : null;
  const had = dayIn(zone, state.updated);
  if (updated > had) return ask;
  return updated === had && dayIn(zone, state.succeeded) <= updated ? ask : null;
}

/** `2026-10-03` of an instant, by the clocks of a time zone. */
const dayIn = (zone: string, instant: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(new Date(instant));
