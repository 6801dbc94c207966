import { hostname } from "node:os";
import { messageOf } from "../../runner/base/errors.ts";
import { buildUnbuilt, nextBuild } from "./build-unbuilt.ts";
import { memoryOf, readScheduleState, writeScheduleState } from "./schedule-state.ts";
import type { Rounds } from "./rounds.ts";
import { nextRun } from "./tasks.ts";
import type { Task } from "./tasks.ts";
import type { World } from "./world.ts";

export type ScheduleOptions = {
  readonly landing: string;
  /** At least so often it is looked whether something came from elsewhere: another process, a changed project. */
  readonly lookEveryMs: number;
  readonly signal: AbortSignal;
};

/**
 * Runs tasks whose time has come, fetches what is due, builds what follows from it, and sleeps until the next of these; until it is
 * stopped. One thing after the other, so that nothing runs twice at once: the fetching itself goes side by side. Call with the
 * scheduler's lock held.
 */
export async function runSchedule(world: World, options: ScheduleOptions): Promise<void> {
  const { landing, lookEveryMs, signal } = options;
  let state = readScheduleState(landing);
  const rounds: Rounds = {
    world,
    signal,
    state: () => state,
    change(next) {
      state = { ...state, ...next };
      writeScheduleState(landing, state);
    },
  };
  rounds.change({ running: { pid: process.pid, host: hostname(), since: world.now().toISOString() } });
  try {
    while (!signal.aborted) {
      const next = await round(rounds).catch((error: unknown) => {
        if (!signal.aborted) world.tell({ kind: "trouble", message: messageOf(error) });
        return null;
      });
      if (signal.aborted) break;
      const now = world.now().getTime();
      const until = Math.min(next?.getTime() ?? Infinity, now + lookEveryMs);
      world.tell({ kind: "waiting", until: new Date(until).toISOString() });
      await world.sleep(Math.max(1000, until - now), signal);
    }
  } finally {
    rounds.change({ running: null });
  }
}

/** Everything that is to be done now; when there is something to do again, as far as is known. */
async function round(rounds: Rounds): Promise<Date | null> {
  const { world, signal } = rounds;
  const tasks = await world.tasks();
  forget(rounds, tasks);
  for (const task of tasks) {
    if (signal.aborted) return null;
    const at = nextRun(task, memoryOf(rounds.state(), task.name), world.now());
    if (at !== null && at <= world.now()) await runTask(rounds, task);
  }
  const due = await world.nextDue();
  if (due !== null && due <= world.now() && !signal.aborted) await world.sync(signal);
  if (!signal.aborted) await buildUnbuilt(rounds);
  const now = world.now();
  const still = await world.nextDue();
  const times = [
    ...tasks.map((task) => nextRun(task, memoryOf(rounds.state(), task.name), now)),
    // What is due and was not fetched is another process's work: it is looked at with the next round.
    still !== null && still > now ? still : null,
    nextBuild(rounds.state()),
  ].filter((at) => at !== null);
  return times.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
}

/** Notes new tasks, so that a time of theirs that passes is missed and not unknown; those that are gone are forgotten. */
function forget(rounds: Rounds, tasks: readonly Task[]): void {
  const { tasks: before } = rounds.state();
  const known = rounds.world.now().toISOString();
  const fresh = { known, started: null, finished: null, outcome: null, message: null };
  const after = Object.fromEntries(tasks.map(({ name }) => [name, memoryOf(rounds.state(), name) ?? fresh]));
  if (Object.keys(after).sort().join("\n") !== Object.keys(before).sort().join("\n"))
    rounds.change({ tasks: after });
}

async function runTask(rounds: Rounds, task: Task): Promise<void> {
  const { world, signal } = rounds;
  const { name } = task;
  const before = memoryOf(rounds.state(), name)!;
  const started = world.now();
  const note = (more: Partial<typeof before>): void =>
    rounds.change({
      tasks: { ...rounds.state().tasks, [name]: { ...memoryOf(rounds.state(), name)!, ...more } },
    });
  const missed = missedRuns(task, before.started, started);
  note({ started: started.toISOString(), finished: null });
  world.tell({ kind: "task-started", task: name, missed });
  let message: string | null = null;
  try {
    await world.runTask(name, signal);
  } catch (error) {
    // Stopped in the middle: it is done again when the scheduler is started again.
    if (signal.aborted) return note({ started: before.started, finished: before.finished });
    message = messageOf(error);
  }
  const outcome = message === null ? "ok" : "failed";
  note({ finished: world.now().toISOString(), outcome, message });
  const seconds = (world.now().getTime() - started.getTime()) / 1000;
  world.tell({ kind: "task-finished", task: name, outcome, seconds, message });
}

/** How many times of the pattern went by besides the one that is caught up now; counted up to a hundred. */
function missedRuns(task: Task, started: string | null, now: Date): number {
  if (started === null) return 0;
  let count = -1;
  let from = started;
  for (; count < 100; count++) {
    const memory = { known: from, started: from, finished: from, outcome: null, message: null };
    const next = nextRun({ ...task, jitterSeconds: 0 }, memory, now);
    if (next === null || next > now) break;
    from = next.toISOString();
  }
  return Math.max(0, count);
}
