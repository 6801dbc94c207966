import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { buildNodes } from "../../../../runner/api/build-nodes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import type { OpenProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import { makeProject } from "../../../support/models.ts";

const sink = { write: () => undefined, isTerminal: false, width: 80 };
let clock = "";

/** A table `t` of as many rows as are told, with one test of it; its runs are days apart. */
async function watched(
  test_name: string,
  args: object,
): Promise<(rows: number, day?: string) => Promise<string>> {
  const cwd = makeProject({
    "models/t.sql": "{{ config(materialized='table') }} select 1 as x",
    "models/p.yml": JSON.stringify({
      models: [{ name: "t", data_tests: [{ name: "watch", test_name, arguments: args }] }],
    }),
  });
  let open: OpenProject;
  const run = async (command: "run" | "test"): Promise<string> => {
    open = await openProject({}, { now: () => new Date(clock), env: {}, cwd, stdout: sink, stderr: sink });
    const { results } = await buildNodes(open, {
      command,
      select: [],
      exclude: [],
      onEvent: () => undefined,
    });
    return results[0]!.status + (results[0]!.status === "error" ? results[0]!.message : "");
  };
  clock = "2025-01-01T00:00:00Z";
  await run("run");
  // To open the warehouse and to close it, twice for each run, takes longer than the run.
  const warehouse = await openAdapter(open!.project.target);
  after(() => warehouse.close());
  let day = 0;
  return async (rows, at) => {
    clock = at ?? new Date(Date.UTC(2025, 0, ++day)).toISOString();
    await withSession(open.project.target, undefined, (session) =>
      session.run(`create or replace table t as select range as x from range(${rows})`),
    );
    return run("test");
  };
}

describe("what is usual", () => {
  test("is told by the runs before, once there are enough", async () => {
    const run = await watched("measure_usual", { minimum_history: 3, sensitivity: 3 });
    const found: string[] = [];
    for (const rows of [100, 500, 102, 98, 101, 2000]) found.push(await run(rows));
    assert.deepEqual(found, ["pass", "pass", "pass", "pass", "pass", "fail"]);
    assert.equal(await run(2000), "fail", "what failed is no history");
    assert.equal(await run(120), "pass");
  });
  test("by the median is not moved by one outlier before", async () => {
    const rows = [100, 5000, 102, 98, 101, 99, 130];
    for (const [method, last] of [
      ["mean", "pass"],
      ["median", "fail"],
    ] as const) {
      const run = await watched("measure_usual", { minimum_history: 6, method });
      for (const count of rows.slice(0, -1)) assert.equal(await run(count), "pass");
      assert.equal(await run(rows.at(-1)!), last, method);
    }
  });
  test("may depend on the weekday", async () => {
    const run = await watched("measure_usual", { minimum_history: 2, season: "weekday", minimum_change: 5 });
    // Sundays have a tenth of what other days have.
    for (let day = 5; day < 5 + 14; day++) {
      const date = new Date(Date.UTC(2025, 0, day));
      assert.equal(await run(date.getUTCDay() === 0 ? 10 : 100, date.toISOString()), "pass");
    }
    assert.equal(await run(10, "2025-01-19T00:00:00Z"), "pass");
    assert.equal(await run(100, "2025-01-26T00:00:00Z"), "fail");
  });
  test("a row count is near that of the last run that did not fail", async () => {
    const run = await watched("row_count_near", { max_share: 0.1 });
    const found: string[] = [];
    for (const rows of [100, 109, 119, 106, 200, 200, 110]) found.push(await run(rows));
    assert.deepEqual(found, ["pass", "pass", "pass", "fail", "fail", "fail", "pass"]);
  });
});
