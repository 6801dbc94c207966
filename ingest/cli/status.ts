import { join } from "node:path";
import { formatTable, plural, printable } from "../../runner/base/text.ts";
import { datasetFolder, readVintages } from "../../runner/project/landing.ts";
import { isLocked } from "../landing/dataset-lock.ts";
import { readHeld } from "../landing/held-folder.ts";
import { instantText } from "../landing/vintage-id.ts";
import { dueAt, tasksOf } from "../schedule/plan.ts";
import { memoryOf, readScheduleState } from "../schedule/schedule-state.ts";
import type { ScheduleState } from "../schedule/schedule-state.ts";
import { schedulerFolder } from "../schedule/scheduler-lock.ts";
import { nextRun } from "../schedule/tasks.ts";
import type { Task } from "../schedule/tasks.ts";
import { readDatasetState } from "../state/dataset-state.ts";
import { datasetStateFolder } from "../state/paths.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import type { Configured } from "../sync/configured.ts";
import type { IngestEffects } from "./effects.ts";
import { createReporter } from "./reporter.ts";
import { readSettings } from "./settings.ts";
import type { ShowOptions } from "./show-landed.ts";

/** `dead`: given up until something newer is announced. `waiting`: it failed, and is tried again. `new`: never fetched. */
type DatasetStatus = "running" | "held" | "dead" | "waiting" | "due" | "new" | "ok";

/** `ingest status`: what is due, running, failed and given up; what ran and runs next; how old everything is. 1 where something is given up or waits for a person. */
export async function showStatus(options: ShowOptions, effects: IngestEffects): Promise<number> {
  const settings = await readSettings(effects, options);
  const { landing } = settings;
  const ingestion = openIngestion({ ...effects, settings });
  try {
    const configured = await ingestion.configured();
    const state = readScheduleState(landing);
    const now = effects.now();
    const datasets = configured.map((item) => statusOf(item, landing, state, now));
    const tasks = tasksOf(settings, ingestion.publisherNames, configured).map((task) =>
      taskOf(task, state, now),
    );
    const isUp = isLocked(schedulerFolder(landing));
    const scheduler = { running: isUp, ...(isUp && state.running) };
    const data = { scheduler, build: state.build, tasks, datasets };
    createReporter(effects, options).result(textOf(data, now), data);
    return datasets.some(({ status }) => status === "dead" || status === "held") ? 1 : 0;
  } finally {
    await ingestion.close();
  }
}

function statusOf(item: Configured, landing: string, schedule: ScheduleState, now: Date) {
  const { publisher, dataset } = item;
  const state = readDatasetState(landing, publisher, dataset);
  const vintages = readVintages(landing, publisher, dataset);
  const newest = vintages.at(-1);
  const held = readHeld(datasetFolder(landing, publisher, dataset), vintages).length;
  const instant = instantText(now);
  const next = dueAt(landing, item, instant);
  const status = ((): DatasetStatus => {
    if (isLocked(join(datasetStateFolder(landing, publisher, dataset), "work"))) return "running";
    if (held > 0) return "held";
    if (state.failure?.dead) return "dead";
    if (state.attempted === null) return "new";
    if (next !== null && next <= instant) return "due";
    return state.failure === null ? "ok" : "waiting";
  })();
  const name = `${publisher}/${dataset}`;
  return {
    publisher,
    dataset,
    status,
    reason: state.due?.reason ?? null,
    attempted: state.attempted,
    succeeded: state.succeeded,
    next,
    vintage: newest?.vintage ?? null,
    published: newest?.updated ?? null,
    landed: newest?.extracted_at ?? null,
    age_seconds: newest ? (now.getTime() - Date.parse(newest.extracted_at)) / 1000 : null,
    /** Whether the models have been built from the newest edition; null where the scheduler has never built. */
    built:
      newest === undefined || schedule.built[name] === undefined
        ? null
        : schedule.built[name] === newest.vintage,
    failures: state.failures,
    error: state.failure === null ? null : { code: state.failure.code, message: state.failure.message },
    held,
  };
}

const taskOf = (task: Task, state: ScheduleState, now: Date) => {
  const memory = memoryOf(state, task.name);
  return {
    task: task.name,
    last: memory?.started ?? null,
    outcome: memory?.outcome ?? null,
    message: memory?.message ?? null,
    next: nextRun(task, memory, now)?.toISOString() ?? null,
  };
};

type Data = {
  readonly scheduler: { readonly running: boolean; readonly pid?: number; readonly since?: string };
  readonly build: ScheduleState["build"];
  readonly tasks: readonly ReturnType<typeof taskOf>[];
  readonly datasets: readonly ReturnType<typeof statusOf>[];
};

function textOf({ scheduler, build, tasks, datasets }: Data, now: Date): string {
  const up = scheduler.running
    ? `the scheduler runs: process ${scheduler.pid}, since ${scheduler.since}`
    : "no scheduler runs";
  const built = build
    ? [
        build.finished === null
          ? `build: since ${build.started}`
          : `last build: ${build.outcome} at ${build.finished}${build.retry_at ? `, again at ${build.retry_at}` : ""}`,
      ]
    : [];
  if (datasets.length === 0)
    return [up, ...built, "the project lists no dataset: ingest add eurostat <code>"].join("\n");
  const order: DatasetStatus[] = ["dead", "held", "waiting", "running", "due", "new", "ok"];
  const rows = datasets
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
    .map((one) => [
      `${one.publisher}/${one.dataset}`,
      one.status,
      one.succeeded,
      one.next !== null && Date.parse(one.next) <= now.getTime() ? "now" : one.next,
      one.vintage,
      one.age_seconds === null ? null : ageText(one.age_seconds),
      one.error
        ? printable(`${one.error.code} ${one.error.message}`)
        : one.held > 0
          ? "ingest accept lands it"
          : "",
    ]);
  const counts = order
    .map((status) => [status, datasets.filter((one) => one.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`);
  const taskRows = tasks.map(({ task, last, outcome, next, message }) => [
    task,
    last,
    outcome,
    next !== null && Date.parse(next) <= now.getTime() ? "now" : next,
    message ?? "",
  ]);
  return [
    up,
    ...built,
    "",
    formatTable(["dataset", "status", "asked last", "next", "newest edition", "age", ""], rows, 70),
    `${plural(datasets.length, "dataset")}: ${counts.join(", ")}`,
    "",
    formatTable(["task", "last run", "outcome", "next run", ""], taskRows, 70),
  ].join("\n");
}

function ageText(seconds: number): string {
  if (seconds < 3600) return `${Math.max(0, Math.floor(seconds / 60))} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
