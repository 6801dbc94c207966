import { readDatasetState } from "../state/dataset-state.ts";
import { isDue } from "../state/due.ts";
import type { Configured } from "../sync/configured.ts";
import type { Settings } from "../cli/settings.ts";
import { listTasks } from "./tasks.ts";
import type { Task } from "./tasks.ts";

/** The tasks that the project calls for. */
export const tasksOf = (
  { schedule }: Pick<Settings, "schedule">,
  publishers: readonly string[],
  configured: readonly Configured[],
): Task[] =>
  listTasks({
    schedule,
    publishers,
    datasets: configured.flatMap(({ publisher, dataset, config }) =>
      config.schedule === undefined ? [] : [{ publisher, dataset, pattern: config.schedule }],
    ),
  });

/** When a dataset is fetched by itself: `now` where it is due or new, later where it failed; null where nothing calls for it. */
export function dueAt(
  landing: string,
  { publisher, dataset, fingerprint }: Configured,
  now: string,
): string | null {
  const state = readDatasetState(landing, publisher, dataset);
  const isNew = state.attempted === null || state.fingerprint !== fingerprint;
  if (isDue(state, now) || (isNew && state.failure === null)) return now;
  return state.failure?.retry_at ?? null;
}
