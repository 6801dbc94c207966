import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runSchedule } from "../../../../ingest/schedule/run-schedule.ts";
import { readScheduleState } from "../../../../ingest/schedule/schedule-state.ts";
import { asOnlyScheduler } from "../../../../ingest/schedule/scheduler-lock.ts";
import type { Task } from "../../../../ingest/schedule/tasks.ts";
import type { ScheduleEvent, World } from "../../../../ingest/schedule/world.ts";
import { tempFolder } from "../../../support/temp.ts";

type Ended = Awaited<ReturnType<World["build"]>>;
const hourly: Task = {
  name: "feed:p",
  pattern: "0 * * * *",
  timeZone: "UTC",
  jitterSeconds: 0,
  first: "now",
};
const ended = (more: Partial<Ended> = {}): Ended => ({
  kind: "ended",
  outcome: "success",
  seconds: 1,
  errors: 0,
  message: null,
  isCrash: false,
  ...more,
});

/** A scheduler with a clock that jumps, until `hours` are over; `did` is what it did, with the hour and minute. */
function scheduler(parts: Partial<World> = {}, landing = tempFolder()) {
  const did: string[] = [];
  const events: ScheduleEvent[] = [];
  let stop = new AbortController();
  let now = Date.parse("2025-05-01T08:30:00Z");
  const at = (): string => new Date(now).toISOString().slice(11, 16);
  return {
    landing,
    did,
    events,
    pass: (hours: number) => void (now += hours * 3_600_000),
    stop: () => stop.abort(),
    state: () => readScheduleState(landing),
    run: async (hours: number, more: Partial<World> = {}): Promise<void> => {
      stop = new AbortController();
      const end = now + hours * 3_600_000;
      const world: World = {
        now: () => new Date(now),
        async sleep(ms) {
          now += ms;
          await sleep(0);
          if (now >= end) stop.abort();
        },
        tasks: async () => [hourly],
        runTask: async (name) => void did.push(`${at()} ${name}`),
        nextDue: async () => null,
        sync: async () => void did.push(`${at()} sync`),
        landed: async () => [],
        async build(datasets) {
          did.push(`${at()} build ${datasets.join(" ")}`);
          return ended();
        },
        tell: (event) => void events.push(event),
        ...parts,
        ...more,
      };
      await runSchedule(world, { landing, lookEveryMs: 600_000, signal: stop.signal });
    },
  };
}

describe("the scheduler", () => {
  test("runs a task at its times, and what was missed once", async () => {
    const { did, run, pass, events } = scheduler();
    await run(2.6);
    assert.deepEqual(did.splice(0), ["08:30 feed:p", "09:00 feed:p", "10:00 feed:p", "11:00 feed:p"]);
    pass(5);
    await run(1);
    assert.deepEqual(did, ["16:10 feed:p", "17:00 feed:p"]);
    assert.equal(events.findLast(({ kind }) => kind === "task-started")?.kind, "task-started");
    assert.deepEqual(
      events.flatMap((event) => (event.kind === "task-started" && event.missed > 0 ? [event.missed] : [])),
      [4],
    );
  });

  test("fetches what is due, then builds what follows, once", async () => {
    let due = true;
    const newest = { name: "p/a", vintage: "1" };
    const { did, run, state } = scheduler({
      tasks: async () => [],
      nextDue: async () => (due ? new Date(0) : null),
      landed: async () => [newest],
    });
    await run(1, {
      async sync() {
        due = false;
        newest.vintage = "2";
        did.push("sync");
      },
    });
    assert.deepEqual(did, ["sync", "08:30 build p/a"]);
    assert.deepEqual(state().built, { "p/a": "2" });
  });

  test("tries a build again that came to nothing, three times one in which models failed, and never one whose tests failed", async () => {
    const tries = async (result: Partial<Ended>): Promise<string[]> => {
      const { did, run } = scheduler({
        tasks: async () => [],
        landed: async () => [{ name: "p/a", vintage: "1" }],
      });
      await run(3, {
        async build() {
          did.push("build");
          return ended(result);
        },
      });
      return did;
    };
    assert.equal((await tries({ outcome: "failed", errors: 0 })).length, 1);
    assert.equal((await tries({ outcome: "failed", errors: 2 })).length, 3);
    assert.equal((await tries({ outcome: "broken" })).length, 6, "after 1, 5, 15, 60 minutes, then hourly");
  });

  test("goes on after whatever goes wrong, and tells it", async () => {
    const { did, run, events, state } = scheduler();
    await run(1, {
      runTask: () => Promise.reject(new Error("no network")),
      nextDue: () => Promise.reject(new Error("disk full")),
    });
    assert.deepEqual(did, []);
    assert.ok(events.some((event) => event.kind === "trouble" && event.message === "disk full"));
    assert.equal(state().tasks["feed:p"]?.outcome, "failed");
    assert.equal(state().tasks["feed:p"]?.message, "no network");
    assert.equal(state().running, null);
  });

  test("does a task again that was stopped in the middle", async () => {
    const { run, stop, state, did } = scheduler();
    await run(1, {
      async runTask(_name, signal) {
        stop();
        signal.throwIfAborted();
      },
    });
    assert.equal(state().tasks["feed:p"]?.started, null);
    await run(0.1);
    assert.deepEqual(did, ["08:30 feed:p"]);
  });

  test("is alone on a landing zone", async () => {
    const landing = join(tempFolder(), "landing");
    await asOnlyScheduler(landing, async () => {
      await assert.rejects(
        asOnlyScheduler(landing, () => Promise.resolve()),
        { code: "SCHEDULER_RUNNING" },
      );
    });
    assert.equal(await asOnlyScheduler(landing, () => Promise.resolve("free again")), "free again");
  });
});
