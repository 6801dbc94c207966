import type { BuildEvent } from "../observe/build-event.ts";
import type { Task, TaskName } from "./tasks.ts";

/** A dataset with its newest edition. */
export type LandedEdition = { readonly name: string; readonly vintage: string };

/** All that the scheduler does to the world; the loop knows only this and the clock. */
export type World = {
  now(): Date;
  /** Ends early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** What the project says now: read again each time. */
  tasks(): Promise<readonly Task[]>;
  /** Does what a task is for; what it throws is a failed run of it. */
  runTask(name: TaskName, signal: AbortSignal): Promise<void>;
  /** When a dataset has to be fetched next: now or in the past where one is due; null where nothing calls for it. */
  nextDue(): Promise<Date | null>;
  /** Fetches all that is due. */
  sync(signal: AbortSignal): Promise<void>;
  /** The newest edition of every dataset that has landed; none where the project builds nothing. */
  landed(): Promise<readonly LandedEdition[]>;
  /** Builds what is downstream of these datasets. */
  build(datasets: readonly string[], signal: AbortSignal): Promise<Extract<BuildEvent, { kind: "ended" }>>;
  /** Tells what happened; for logs and metrics. */
  tell(event: ScheduleEvent): void;
};

export type ScheduleEvent =
  | { readonly kind: "task-started"; readonly task: TaskName; readonly missed: number }
  | {
      readonly kind: "task-finished";
      readonly task: TaskName;
      readonly outcome: "ok" | "failed";
      readonly seconds: number;
      readonly message: string | null;
    }
  | { readonly kind: "build-started"; readonly datasets: readonly string[] }
  | ({ readonly kind: "build-finished"; readonly retryAt: string | null } & Omit<
      Extract<BuildEvent, { kind: "ended" }>,
      "kind" | "isCrash"
    >)
  | { readonly kind: "trouble"; readonly message: string }
  | { readonly kind: "waiting"; readonly until: string };
