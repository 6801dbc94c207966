/**
 * The instant of a local time, `2026-04-24 23:00:00.0` in `Europe/Brussels`, as UTC to the second; null for text that is no such time.
 * The hour that a change of clocks repeats is taken as the first of the two.
 */
export function zonedInstant(text: string, zone: string): string | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(text.trim());
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  // A day that does not exist would have been moved to another.
  if (new Date(wall).toISOString().slice(0, 10) !== found[0].slice(0, 10) || hour! > 23 || minute! > 59)
    return null;
  // The offset of the instant that is looked for may differ from that of the guess, around a change of clocks.
  const first = wall - offsetAt(wall, zone);
  const instant = wall - offsetAt(first, zone);
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds that clocks in `zone` are ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant);
  const at = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
  return wall - Math.floor(instant / 1000) * 1000;
}
