import { isObject, parseJson } from "../../runner/base/json.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { formatSeconds, plural, printable } from "../../runner/base/text.ts";
import type { ScheduleEvent } from "../schedule/world.ts";
import type { Reporter } from "./reporter.ts";

/** A line for what the scheduler does, for people or as JSON. */
export function tellSchedule(event: ScheduleEvent, reporter: Reporter): void {
  const { paint } = reporter;
  const { kind, ...facts } = event;
  const say = (text: string): void => reporter.event(kind, text, facts as JsonObject);
  switch (event.kind) {
    case "task-started": {
      const missed = event.missed > 0 ? `, ${plural(event.missed, "run")} of it missed` : "";
      return say(`${paint.cyan("task")}   ${event.task}${missed}`);
    }
    case "task-finished":
      if (event.outcome === "ok")
        return say(`${paint.dim("done")}   ${event.task} in ${formatSeconds(event.seconds)}`);
      return reporter.warn(`${event.task}: ${printable(event.message ?? "failed")}`, {
        kind,
        ...facts,
      } as JsonObject);
    case "build-started":
      return say(`${paint.cyan("build")}  what is below ${listed(event.datasets)}`);
    case "build-finished": {
      const after = event.retryAt === null ? "" : `; again at ${event.retryAt}`;
      const text = `build ${event.outcome} in ${formatSeconds(event.seconds)}${event.message ? `: ${printable(event.message)}` : ""}${after}`;
      if (event.outcome === "success" || event.outcome === "stopped")
        return say(`${paint.green("built")}  ${text}`);
      return reporter.warn(text, { kind, ...facts } as JsonObject);
    }
    case "trouble":
      return reporter.warn(printable(event.message), { kind });
    case "waiting":
      return;
  }
}

const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;

/** A warning or an error of `models`, which tells them as JSON. */
export function tellModels(line: string, reporter: Reporter): void {
  const value = parseJson(line);
  // What has landed and is read by no model.
  if (isObject(value) && value["code"] === "SELECTOR_NO_MATCH") return;
  if (!isObject(value)) return reporter.warn(`models: ${printable(line)}`);
  const textAt = (key: string): string | undefined =>
    typeof value[key] === "string" ? value[key] : undefined;
  const problems = Array.isArray(value["problems"]) ? (value["problems"] as Record<string, unknown>[]) : [];
  const first = problems[0];
  const where = first ? `${String(first["file"])}:${String(first["line"])} ${String(first["message"])}` : "";
  const text = `models: ${textAt("code") ?? ""} ${textAt("message") ?? where}`;
  const { event: _event, at: _at, ...facts } = value;
  reporter.warn(printable(text), facts as JsonObject);
}
