import { UsageError } from "../../base/errors.ts";
import { parseInstant } from "../../base/instants.ts";
import { isObject } from "../../base/json.ts";
import type { Span } from "../../plan/microbatch/batches.ts";
import type { Portion } from "../../plan/portion.ts";
import { parseYaml } from "../../project/yaml.ts";
import type { BuildArgs } from "./build.ts";

/** `--event-time-start` and `--event-time-end`, which only mean something together. */
export function eventTimeOf(args: BuildArgs): Span | null {
  const { "event-time-start": from, "event-time-end": to } = args;
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) {
    throw new UsageError(
      "EVENT_TIME_INCOMPLETE",
      `--event-time-${from === undefined ? "end" : "start"} needs --event-time-${from === undefined ? "start" : "end"}`,
      "give both: --event-time-start 2024-01-01 --event-time-end 2024-02-01 builds January",
    );
  }
  if (args["full-refresh"]) {
    throw new UsageError(
      "EVENT_TIME_FULL_REFRESH",
      "--full-refresh builds everything from begin, --event-time-start only a part",
      "leave one of them out",
    );
  }
  const [start, end] = [instantOf(from, "start"), instantOf(to, "end")];
  if (start < end) return { start, end };
  throw new UsageError(
    "EVENT_TIME_INVALID",
    `--event-time-start ${from} is not before --event-time-end ${to}`,
  );
}

function instantOf(text: string, which: "start" | "end"): number {
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new UsageError(
    "EVENT_TIME_INVALID",
    `--event-time-${which} "${text}" is neither a day nor an instant`,
    "2024-01-31, or 2024-01-31T12:00:00Z",
  );
}

/** `--empty` and `--sample`; `now`: the end of a span that is said by its length. */
export function portionOf(
  args: Pick<BuildArgs, "empty" | "sample" | "event-time-start">,
  now: Date,
): Portion | undefined {
  if (args.sample === undefined) return args.empty === true ? { kind: "empty" } : undefined;
  const other = args.empty === true ? "--empty" : args["event-time-start"] && "--event-time-start";
  if (other)
    throw new UsageError("SAMPLE_CONFLICT", `--sample and ${other} contradict each other`, "leave one out");
  const span = /^\s*\{/.test(args.sample) ? spanOf(args.sample) : lastOf(args.sample, now.getTime());
  return { kind: "sample", span };
}

const DAY = 86_400_000;
const SAMPLE_HINT = "--sample '3 days', or --sample '{start: 2024-01-01, end: 2024-02-01}'";

const badSample = (message: string): UsageError => new UsageError("SAMPLE_INVALID", message, SAMPLE_HINT);

/** dbt's `{'start': '2024-01-01', 'end': '2024-01-02 18:00:00'}`, in YAML too. */
function spanOf(text: string): Span {
  const { value, problems } = parseYaml("--sample", text);
  const { start, end, ...others } = isObject(value) ? value : {};
  if (problems.length > 0 || Object.keys(others).length > 0)
    throw badSample(`--sample "${text}" is no span of time`);
  const [from, to] = [start, end].map((each) =>
    typeof each === "string" ? parseInstant(each) : each instanceof Date ? each.getTime() : null,
  );
  if (typeof from !== "number" || typeof to !== "number")
    throw badSample("--sample needs a start and an end, as days or instants");
  if (from >= to) throw badSample(`--sample starts at ${String(start)}, which is not before its end`);
  return { start: from, end: to };
}

/**
 * The last hours, days, months or years; months and years as long as the calendar's. Up to the end of today: what happened today on a
 * date, which has no hours, is a part of it.
 */
function lastOf(text: string, now: number): Span {
  const [, digits = "", unit = ""] = /^\s*(\d{1,6})\s*(hour|day|month|year)s?\s*$/i.exec(text) ?? [];
  const count = Number(digits);
  if (count === 0) throw badSample(`--sample "${text}" is no span of time`);
  return { start: before(now, count, unit.toLowerCase()), end: (Math.floor(now / DAY) + 1) * DAY };
}

function before(now: number, count: number, unit: string): number {
  if (unit === "hour") return now - count * 3_600_000;
  if (unit === "day") return now - count * DAY;
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - count * (unit === "year" ? 12 : 1));
  // A month before the 31st of March is the last of February.
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}
