import type { Rounds } from "./rounds.ts";
import type { ScheduleState } from "./schedule-state.ts";

/** Minutes until a build that came to nothing is tried again; then hourly. */
const MINUTES = [1, 5, 15, 60];
/** Times that a build is repeated in which models failed; what came to nothing is repeated until it does not. */
const TRIES_OF_FAILED = 3;

/** When a build is tried again; null where none waits. */
export const nextBuild = ({ build }: ScheduleState): Date | null =>
  build?.retry_at ? new Date(build.retry_at) : null;

/**
 * Builds what is downstream of the editions that the models have not been built from, all of them at once. What has been built is compared
 * by edition, so that nothing is lost by a kill between landing and building, and an edition that landed by hand counts too.
 */
export async function buildUnbuilt(rounds: Rounds): Promise<void> {
  const { world, signal } = rounds;
  const { build: before, built } = rounds.state();
  const landed = await world.landed();
  const changed = landed.filter(({ name, vintage }) => built[name] !== vintage);
  if (changed.length === 0) return;
  const retryAt = nextBuild(rounds.state());
  const isWaiting = before?.outcome === "broken" || before?.outcome === "failed";
  if (isWaiting && retryAt !== null && retryAt > world.now()) return;
  const attempts = isWaiting ? before.attempts : 0;
  const datasets = changed.map(({ name }) => name);
  const begun = {
    started: world.now().toISOString(),
    finished: null,
    outcome: null,
    message: null,
    attempts,
    retry_at: null,
  };
  rounds.change({ build: begun });
  world.tell({ kind: "build-started", datasets });
  const { outcome, seconds, errors, message } = await world.build(datasets, signal);
  const now = world.now();
  const isAgain =
    outcome === "broken" || (outcome === "failed" && errors > 0 && attempts + 1 < TRIES_OF_FAILED);
  const minutes = MINUTES[Math.min(attempts, MINUTES.length - 1)]!;
  const retry = isAgain ? new Date(now.getTime() + minutes * 60_000).toISOString() : null;
  const isDone = outcome !== "stopped" && !isAgain;
  rounds.change({
    build: {
      ...begun,
      finished: now.toISOString(),
      outcome,
      message,
      attempts: isAgain ? attempts + 1 : 0,
      retry_at: retry,
    },
    ...(isDone && {
      built: {
        ...rounds.state().built,
        ...Object.fromEntries(changed.map(({ name, vintage }) => [name, vintage])),
      },
    }),
  });
  world.tell({ kind: "build-finished", outcome, seconds, errors, message, retryAt: retry });
}
