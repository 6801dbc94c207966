import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { QueryError } from "../../../../runner/adapters/query-error.ts";
import { withRetries } from "../../../../runner/execute/attempts.ts";
import type { Retry } from "../../../../runner/execute/attempts.ts";

const failure = (kind: QueryError["kind"]): QueryError => new QueryError({ message: kind, kind, sql: "" });

describe("retries", () => {
  for (const [kind, tries] of [
    ["lost", 3],
    ["conflict", 3],
    ["network", 3],
    ["sql", 1],
    ["cancelled", 1],
    ["io", 1],
  ] as const) {
    test(`${kind} is tried ${tries} times of at most 3`, async () => {
      const retries: Retry[] = [];
      let tried = 0;
      await assert.rejects(
        withRetries(
          { count: 2, delay: 0.001 },
          undefined,
          (retry) => retries.push(retry),
          async () => {
            tried++;
            throw failure(kind);
          },
        ),
        { kind },
      );
      assert.equal(tried, tries);
      const waits = [0.001, 0.002].slice(0, tries - 1);
      assert.deepEqual(
        retries,
        waits.map((wait, i) => ({ next: i + 2, of: 3, wait, why: kind })),
      );
    });
  }

  test("an abort ends the waiting at once", async () => {
    const stop = new AbortController();
    const begin = performance.now();
    await assert.rejects(
      withRetries(
        { count: 5, delay: 30 },
        stop.signal,
        () => setImmediate(() => stop.abort()),
        async () => {
          throw failure("lost");
        },
      ),
      { kind: "lost" },
    );
    assert.ok(performance.now() - begin < 5000);
  });
});
