import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryError } from "../../../../runner/adapters/query-error.ts";
import type { QueryErrorKind } from "../../../../runner/adapters/query-error.ts";
import { retryConflicts } from "../../../../runner/adapters/retry-conflicts.ts";

const failing = (kind: QueryErrorKind, times: number) => {
  const state = { calls: 0 };
  const body = async (): Promise<string> => {
    if (state.calls++ < times) throw new QueryError({ message: kind, kind, sql: "" });
    return "done";
  };
  return { state, body };
};

test("a conflict is tried again until it passes", async () => {
  const { state, body } = failing("conflict", 3);
  assert.equal(await retryConflicts(body), "done");
  assert.equal(state.calls, 4);
});

test("a conflict that does not end is given up", async () => {
  const { state, body } = failing("conflict", 100);
  await assert.rejects(retryConflicts(body), { kind: "conflict" });
  assert.equal(state.calls, 6);
});

test("everything else fails at once", async () => {
  for (const kind of ["sql", "cancelled", "locked", "lost", "io"] as const) {
    const { state, body } = failing(kind, 1);
    await assert.rejects(retryConflicts(body), { kind });
    assert.equal(state.calls, 1);
  }
});

test("an abort ends the waiting, and what failed last is told", async () => {
  const stop = new AbortController();
  let calls = 0;
  const trying = retryConflicts(async () => {
    if (++calls === 2) setImmediate(() => stop.abort());
    throw new QueryError({ message: "gone", kind: "lost", sql: "", isUndone: true });
  }, stop.signal);
  await assert.rejects(trying, { kind: "lost" });
  assert.equal(calls, 2);
});

test("a server that was waited for in vain is waited for again when it has answered", async () => {
  let calls = 0;
  const gone = (): Promise<never> => {
    calls++;
    return Promise.reject(new QueryError({ message: "gone", kind: "lost", sql: "", isUndone: true }));
  };
  const tries = async (): Promise<number> => {
    calls = 0;
    await assert.rejects(retryConflicts(gone, undefined, [1, 1]), { kind: "lost" });
    return calls;
  };
  assert.deepEqual([await tries(), await tries(), await tries()], [3, 1, 1]);
  // Of two that conflict nobody has to be gone.
  const { body } = failing("conflict", 1);
  assert.equal(await retryConflicts(body), "done");
  assert.deepEqual([await tries(), await tries()], [3, 1]);
  await retryConflicts(() => Promise.resolve());
});
