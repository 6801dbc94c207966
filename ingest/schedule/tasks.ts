import { Cron } from "croner";
import { createHash } from "node:crypto";
import type { ScheduleConfig } from "../../runner/project/schedule-schema.ts";

/** What the scheduler does by the clock. What it does because something is due or has landed is no task. */
export type TaskName = `feed:${string}` | `catalog:${string}` | `dataset:${string}/${string}` | "freshness";

export type Task = {
  readonly name: TaskName;
  /** Cron. */
  readonly pattern: string;
  readonly timeZone: string;
  readonly jitterSeconds: number;
  /** What a task that never ran waits for: nothing, or its time. */
  readonly first: "now" | "then";
};

/** What is known of a task. Instants are ISO 8601 in UTC. */
export type TaskMemory = {
  /** When the scheduler first knew of it. */
  readonly known: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly outcome: "ok" | "failed" | null;
  readonly message: string | null;
};

export type TaskOptions = {
  readonly schedule: ScheduleConfig;
  /** Publishers that the project names, and datasets that have a pattern of their own. */
  readonly publishers: readonly string[];
  readonly datasets: readonly {
    readonly publisher: string;
    readonly dataset: string;
    readonly pattern: string;
  }[];
};

export function listTasks({ schedule, publishers, datasets }: TaskOptions): Task[] {
  const task = (name: TaskName, pattern: string | false, first: Task["first"]): Task[] =>
    pattern === false
      ? []
      : [{ name, pattern, timeZone: schedule.time_zone, jitterSeconds: schedule.jitter_seconds, first }];
  return [
    ...publishers.flatMap((name) => task(`catalog:${name}`, schedule.catalog, "now")),
    ...publishers.flatMap((name) => task(`feed:${name}`, schedule.feed, "now")),
    ...datasets.flatMap(({ publisher, dataset, pattern }) =>
      task(`dataset:${publisher}/${dataset}`, pattern, "then"),
    ),
    ...task("freshness", schedule.freshness, "then"),
  ];
}

/**
 * When a task runs next: the first time of its pattern after it began last, and some seconds. In the past where it was missed, however
 * often that was: it is caught up once. Null for a pattern that has no time left.
 */
export function nextRun(task: Task, memory: TaskMemory | undefined, now: Date): Date | null {
  if ((memory?.started ?? null) === null && task.first === "now") return now;
  // Cut short by a kill.
  if (memory?.started && memory.finished === null) return now;
  const from = new Date(memory?.started ?? memory?.known ?? now);
  const cron = new Cron(task.pattern, { timezone: task.timeZone, paused: true });
  const next = cron.nextRun(from);
  const after = next && cron.nextRun(next);
  if (!next) return null;
  // More than a part of the time between two runs would skip some.
  const most = Math.min(task.jitterSeconds * 1000, after ? (after.getTime() - next.getTime()) / 4 : Infinity);
  return new Date(next.getTime() + Math.floor(most * share(`${task.name} ${next.toISOString()}`)));
}

/** From 0 up to 1, by the text alone: a scheduler that is started again means the same second. */
const share = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
