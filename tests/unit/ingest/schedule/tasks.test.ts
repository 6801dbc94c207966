import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listTasks, nextRun } from "../../../../ingest/schedule/tasks.ts";
import type { Task, TaskMemory } from "../../../../ingest/schedule/tasks.ts";
import { scheduleSchema } from "../../../../runner/project/schedule-schema.ts";

const feed: Task = {
  name: "feed:eurostat",
  pattern: "5 11,23 * * *",
  timeZone: "Europe/Brussels",
  jitterSeconds: 0,
  first: "now",
};
const ran = (started: string, more: Partial<TaskMemory> = {}): TaskMemory => ({
  known: "2025-01-01T00:00:00Z",
  started,
  finished: started,
  outcome: "ok",
  message: null,
  ...more,
});
const now = new Date("2025-03-29T12:00:00Z");
const next = (task: Task, memory: TaskMemory | undefined): string | undefined =>
  nextRun(task, memory, now)?.toISOString();

describe("when a task runs next", () => {
  test("by the publisher's clock, also when it is put forward", () => {
    assert.equal(next(feed, ran("2025-03-29T10:05:00Z")), "2025-03-29T22:05:00.000Z");
    // The night to the 30th of March 2025 lost an hour.
    assert.equal(next(feed, ran("2025-03-29T22:05:00Z")), "2025-03-30T09:05:00.000Z");
  });
  test("at once where it never ran; where it is said so, at its time after it became known", () => {
    assert.equal(next(feed, undefined), now.toISOString());
    const then: Task = { ...feed, first: "then" };
    assert.equal(next(then, undefined), "2025-03-29T22:05:00.000Z");
    const known = ran("", { known: "2025-03-20T00:00:00Z", started: null, finished: null, outcome: null });
    assert.equal(next(then, known), "2025-03-20T10:05:00.000Z", "missed while nobody was there");
  });
  test("once for all that was missed, and at once after a kill", () => {
    const missed = next(feed, ran("2025-03-01T10:05:00Z"))!;
    assert.equal(missed, "2025-03-01T22:05:00.000Z");
    assert.equal(next(feed, ran(now.toISOString())), "2025-03-29T22:05:00.000Z");
    assert.equal(next(feed, ran("2025-03-29T11:59:00Z", { finished: null })), now.toISOString());
  });
  test("some seconds later, the same each time it is asked, and never so late that a run is lost", () => {
    const late = { ...feed, jitterSeconds: 600 };
    const times = Array.from({ length: 30 }, (_, i) => {
      const day = String((i % 28) + 1).padStart(2, "0");
      const begun = `2025-02-${day}T10:15:00Z`;
      assert.equal(next(late, ran(begun)), next(late, ran(begun)));
      return Date.parse(next(late, ran(begun))!) - Date.parse(`2025-02-${day}T22:05:00Z`);
    });
    assert.ok(times.every((ms) => ms >= 0 && ms < 600_000));
    assert.ok(new Set(times).size > 20);
    const often = { ...late, pattern: "* * * * *" };
    assert.ok(Date.parse(next(often, ran("2025-03-29T11:00:00Z"))!) < Date.parse("2025-03-29T11:01:15Z"));
  });
  test("never, for a pattern without a time left", () => {
    assert.equal(nextRun({ ...feed, pattern: "0 0 30 2 *" }, ran("2025-01-01T00:00:00Z"), now), null);
  });
});

test("tasks are what the project calls for", () => {
  const options = {
    publishers: ["cso", "eurostat"],
    datasets: [{ publisher: "cso", dataset: "x", pattern: "0 1 * * *" }],
  };
  const names = (schedule: object): string[] =>
    listTasks({ ...options, schedule: scheduleSchema.parse(schedule) }).map(({ name }) => name);
  assert.deepEqual(names({}), [
    "catalog:cso",
    "catalog:eurostat",
    "feed:cso",
    "feed:eurostat",
    "dataset:cso/x",
    "freshness",
  ]);
  assert.deepEqual(names({ feed: false, catalog: false, freshness: false }), ["dataset:cso/x"]);
  assert.equal(scheduleSchema.safeParse({ time_zone: "Europe/Bruxelles" }).success, false);
});
