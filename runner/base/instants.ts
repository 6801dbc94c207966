const PATTERN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** `2024-03-01`, `2024-03-01 12:00`, `2024-03-01T12:00:00Z` in milliseconds since 1970, in UTC unless a zone is given; null for anything else. */
export function parseInstant(text: string): number | null {
  const found = PATTERN.exec(text.trim());
  if (!found) return null;
  const [, date = "", time = "00:00", zone = "Z"] = found;
  const instant = Date.parse(`${date}T${time}${zone}`);
  // The 31st of February would become the 3rd of March.
  const midnight = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(instant) || new Date(midnight).toISOString().slice(0, 10) !== date) return null;
  return instant;
}

const PERIODS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A time that something may take or be, in milliseconds. */
export const millisecondsOf = ({
  count,
  period,
}: {
  readonly count: number;
  readonly period: keyof typeof PERIODS;
}): number => count * PERIODS[period];
