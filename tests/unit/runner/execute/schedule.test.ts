import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Task } from "../../../../runner/execute/priorities.ts";
import type { NodeEvent } from "../../../../runner/execute/run-event.ts";
import { schedule } from "../../../../runner/execute/schedule.ts";
import type { Outcome, ScheduleOptions } from "../../../../runner/execute/schedule.ts";
import { skipMessage } from "../../../../runner/execute/skip-message.ts";

/** `c: a b` is a task c below a and b. */
const tasks = (text: string): Task[] =>
  text.split(",").map((entry) => {
    const [id = "", parents = ""] = entry.split(":");
    return { id: id.trim(), parents: parents.split(" ").filter(Boolean) };
  });

type Call = { readonly id: string; readonly event: "start" | "end" };
type FakeWorker = {
  readonly index: number;
  interrupted: boolean;
  closed: boolean;
  interrupt(): void;
  close(): Promise<void>;
};

/** Runs tasks whose outcome is told by `how`, and keeps what happened. */
async function record(
  list: readonly Task[],
  how: (id: string, worker: FakeWorker) => Promise<"ok" | "fail" | "warn"> = async () => "ok",
  more: Partial<ScheduleOptions<string, FakeWorker>> = {},
) {
  const calls: Call[] = [];
  const workers: FakeWorker[] = [];
  const events: NodeEvent<string>[] = [];
  const results = await schedule<string, FakeWorker>(list, {
    threads: 2,
    openWorker: async (index) => {
      const worker: FakeWorker = {
        index,
        interrupted: false,
        closed: false,
        interrupt: () => void (worker.interrupted = true),
        close: async () => void (worker.closed = true),
      };
      workers.push(worker);
      return worker;
    },
    run: async (id, worker): Promise<Outcome<string>> => {
      calls.push({ id, event: "start" });
      const outcome = await how(id, worker);
      calls.push({ id, event: "end" });
      return { result: `${id} ${outcome}`, blocks: outcome === "fail" };
    },
    skip: (id, reason) => `${id} ${skipMessage(reason)}`,
    onEvent: (event) => events.push(event),
    ...more,
  });
  return {
    results,
    calls,
    workers,
    events,
    starts: calls.filter(({ event }) => event === "start").map(({ id }) => id),
  };
}

test("parents come first and all are run once", async () => {
  const { results } = await record(tasks("d: b c, b: a, c: a, a"));
  assert.deepEqual(results, ["a ok", "b ok", "c ok", "d ok"]);
});

test("the task with the longest chain below starts first, then by name", async () => {
  const { starts } = await record(tasks("b, a, long1, long2: long1, long3: long2, c"), undefined, {
    threads: 1,
  });
  assert.deepEqual(starts, ["long1", "long2", "a", "b", "c", "long3"]);
});

test("a task starts when its own parents are done, not when a wave is", async () => {
  const belowRuns = new AbortController();
  const { calls } = await record(tasks("fast, slow, below: fast"), async (id) => {
    if (id === "below") belowRuns.abort();
    if (id === "slow") {
      await sleep(5000, undefined, { signal: belowRuns.signal }).catch(() => undefined);
      await sleep(20);
    }
    return "ok";
  });
  const at = (id: string, event: Call["event"]): number =>
    calls.findIndex((call) => call.id === id && call.event === event);
  assert.ok(at("below", "end") < at("slow", "end"));
});

test("at most `threads` run at once, each worker one at a time, and no more workers than needed are opened", async () => {
  let running = 0;
  let most = 0;
  const busy = new Set<number>();
  const { workers } = await record(
    tasks(Array.from({ length: 30 }, (_, i) => `t${i}`).join()),
    async (_, { index }) => {
      assert.ok(!busy.has(index));
      busy.add(index);
      most = Math.max(most, ++running);
      await sleep(2);
      running--;
      busy.delete(index);
      return "ok";
    },
    { threads: 4 },
  );
  assert.deepEqual([most, workers.length], [4, 4]);
  assert.ok(workers.every(({ closed }) => closed));
  const chain = await record(tasks("a, b: a, c: b"), undefined, { threads: 8 });
  assert.equal(chain.workers.length, 1);
});

test("what stands below a failure is skipped and says because of whom; the rest is run", async () => {
  const { results } = await record(tasks("a, b: a, c: b, other, both: c other"), async (id) =>
    id === "a" ? "fail" : "ok",
  );
  assert.deepEqual(results.toSorted(), [
    "a fail",
    "b skipped because a failed",
    "both skipped because a failed",
    "c skipped because a failed",
    "other ok",
  ]);
});

test("a node between two failures is skipped once", async () => {
  const { results, events } = await record(tasks("a, b, c: a b, d: c"), async (id) =>
    id < "c" ? "fail" : "ok",
  );
  assert.equal(results.length, 4);
  assert.equal(events.filter(({ kind }) => kind === "node-finished").length, 4);
});

test("a warning blocks nothing", async () => {
  const { results } = await record(tasks("a, b: a"), async () => "warn");
  assert.deepEqual(results, ["a warn", "b warn"]);
});

test("parents that are not part of the run count as done", async () => {
  assert.deepEqual((await record(tasks("a: elsewhere"))).results, ["a ok"]);
});

test("nothing to do is done at once, without a worker", async () => {
  const { results, workers } = await record([]);
  assert.deepEqual([results, workers], [[], []]);
});

test("an abort interrupts what runs and skips what has not started", async () => {
  const abort = new AbortController();
  const { results, workers } = await record(
    tasks("a, b, c: a, d"),
    async (_, worker) => {
      setTimeout(() => abort.abort(), 5);
      while (!worker.interrupted) await sleep(1);
      return "fail";
    },
    { signal: abort.signal },
  );
  // Which of the two hears of it first is the timers' to say.
  assert.deepEqual(results.toSorted(), [
    "a fail",
    "b fail",
    "c skipped because a failed",
    "d skipped because the run was cancelled",
  ]);
  assert.ok(workers.every(({ closed }) => closed));
});

test("an abort before the start runs nothing", async () => {
  const { results, workers } = await record(tasks("a"), undefined, { signal: AbortSignal.abort() });
  assert.deepEqual([results, workers], [["a skipped because the run was cancelled"], []]);
});

test("fail-fast stops at the first failure", async () => {
  const { results } = await record(
    tasks("a, b: a, slow, z"),
    async (id, worker) => {
      if (id === "a") return "fail";
      while (!worker.interrupted) await sleep(1);
      return "ok";
    },
    { failFast: true },
  );
  assert.deepEqual(results, [
    "a fail",
    "b skipped because a failed",
    "slow ok",
    "z skipped by --fail-fast after a failed",
  ]);
});

test("a bug in a task stops the run and is thrown once all is quiet", async () => {
  const bug = new Error("bug");
  let ended = false;
  const running = record(tasks("a, b, c: a"), async (id, worker) => {
    if (id === "a") throw bug;
    while (!worker.interrupted) await sleep(1);
    await sleep(5);
    ended = true;
    return "ok";
  });
  await assert.rejects(running, bug);
  assert.ok(ended);
});

test("a worker that cannot be opened ends the run", async () => {
  const refused = new Error("refused");
  await assert.rejects(
    record(tasks("a, b"), undefined, { openWorker: () => Promise.reject(refused) }),
    refused,
  );
});

test("a cycle or a task listed twice is refused rather than waited for", async () => {
  await assert.rejects(record(tasks("a: b, b: a")), /cycle/);
  await assert.rejects(record(tasks("a, a")), /twice/);
});

test("events count starts from 1 and pair up", async () => {
  const { events } = await record(tasks("a, b: a"), async (id) => (id === "a" ? "fail" : "ok"));
  assert.deepEqual(events, [
    { kind: "node-started", uniqueId: "a", index: 1, total: 2 },
    { kind: "node-finished", uniqueId: "a", result: "a fail", index: 1, total: 2 },
    { kind: "node-finished", uniqueId: "b", result: "b skipped because a failed", index: 2, total: 2 },
  ]);
});

test("any graph: each task has one result, after its parents, and none below a failure is run", async () => {
  const graph = fc.array(
    fc.record({ parents: fc.array(fc.nat(), { maxLength: 4 }), fails: fc.integer({ min: 0, max: 5 }) }),
    {
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(graph, fc.integer({ min: 1, max: 5 }), async (nodes, threads) => {
      const list = nodes.map(({ parents }, i) => ({
        id: `n${i}`,
        parents: i === 0 ? [] : parents.map((parent) => `n${parent % i}`),
      }));
      const failing = new Set(nodes.flatMap(({ fails }, i) => (fails === 0 ? [`n${i}`] : [])));
      const { results, calls } = await record(list, async (id) => (failing.has(id) ? "fail" : "ok"), {
        threads,
      });
      assert.equal(new Set(results.map((result) => result.split(" ")[0])).size, list.length);
      const ended = new Map<string, number>();
      const blocked = new Set<string>();
      for (const [i, { id, event }] of calls.entries()) if (event === "end") ended.set(id, i);
      for (const { id, parents } of list) {
        if (parents.some((parent) => failing.has(parent) || blocked.has(parent))) blocked.add(id);
        const start = calls.findIndex((call) => call.id === id && call.event === "start");
        assert.equal(start === -1, blocked.has(id));
        if (start !== -1) assert.ok(parents.every((parent) => ended.get(parent)! < start));
      }
    }),
    { numRuns: 200 },
  );
});

test("10,000 nodes cost less than 0.2 ms each", async () => {
  const list = Array.from({ length: 10_000 }, (_, i) => ({
    id: `n${i}`,
    parents: i < 100 ? [] : [`n${i - 100}`, `n${i - 1 - (i % 50)}`],
  }));
  // Of the processor's time: there may be others who want it.
  const cost = (since: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1000;
  };
  const started = process.cpuUsage();
  const { results } = await record(list, undefined, { threads: 8 });
  assert.equal(results.length, 10_000);
  assert.ok(cost(started) < 2000);
  const wide = [
    { id: "root", parents: [] },
    ...Array.from({ length: 10_000 }, (_, i) => ({ id: `c${i}`, parents: ["root"] })),
  ];
  const failing = process.cpuUsage();
  await record(wide, async () => "fail");
  assert.ok(cost(failing) < 2000);
});
