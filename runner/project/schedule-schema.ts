import * as z from "zod";

/** When `ingest schedule` does what. Cron patterns are checked when the project is read; `false` is never. */
const pattern = (usual: string) => z.union([z.string(), z.literal(false)]).default(usual);

export const scheduleSchema = z.strictObject({
  /** Of all patterns, those of datasets included. */
  time_zone: z
    .string()
    .refine(isTimeZone, "must be a time zone such as Europe/Brussels")
    .default("Europe/Brussels"),
  /** The list of what changed; Eurostat publishes at 11:00 and 23:00. */
  feed: pattern("5 11,23 * * *"),
  /** The table of contents. */
  catalog: pattern("30 3 * * 0"),
  /** `models source freshness`. */
  freshness: pattern("0 6 * * *"),
  /** Each run begins up to so much later, so that not everybody asks in the same second. */
  jitter_seconds: z.number().int().min(0).max(86_400).default(600),
  /** `models build` of what is downstream of what changed. */
  build: z.boolean().default(true),
});

export type ScheduleConfig = z.infer<typeof scheduleSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
