import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startPublisher } from "../../../support/publisher/start.ts";
import type { LocalPublisher } from "../../../support/publisher/start.ts";
import { makeProject } from "../../../support/models.ts";
import { edition, tinyLibrary } from "../sync/tiny.ts";
import { ingest } from "./recorded.ts";

const project = (datasets: string): string =>
  makeProject({
    "sql_project.yaml": `name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  schedule: {jitter_seconds: 0}\n  datasets: [${datasets}]\n`,
  });

describe("ingest status", () => {
  const library = tinyLibrary();
  let publisher: LocalPublisher;
  before(async () => void (publisher = await startPublisher({ eurostat: library })));
  after(() => publisher.close());
  const run = (cwd: string, words: string[], now = "2026-01-05T12:00:00Z") =>
    // Nobody answers where the second publisher is.
    ingest(words, { cwd, env: { ...publisher.env, STATLOOM_SCB_URL: "http://127.0.0.1:9" }, now });
  type Status = {
    datasets: { dataset: string; status: string; next: string | null; age_seconds: number | null }[];
  };
  const status = async (cwd: string, now?: string): Promise<{ code: number; data: Status }> => {
    const { code, out } = await run(cwd, ["status", "--output", "json"], now);
    return { code, data: JSON.parse(out) as Status };
  };
  const words = ({ data }: { data: Status }): Record<string, string> =>
    Object.fromEntries(data.datasets.map((one) => [one.dataset, one.status]));

  test("tells what is new, well, due, tried again and given up, and asks nobody for it", async () => {
    const cwd = project(
      "{publisher: eurostat, code: toy_a}, {publisher: eurostat, code: toy_b}, {publisher: eurostat, code: nothing}, {publisher: scb, code: tab1}",
    );
    const asked = publisher.asked.length;
    assert.deepEqual(words(await status(cwd)), { toy_a: "new", toy_b: "new", nothing: "new", tab1: "new" });
    assert.equal(publisher.asked.length, asked);
    // toy_b is left out, nothing is not there, and scb does not answer.
    await run(cwd, ["sync", "toy_a", "nothing"]);
    const found = await status(cwd, "2026-01-07T12:00:00Z");
    assert.deepEqual(words(found), { toy_a: "ok", toy_b: "new", nothing: "dead", tab1: "new" });
    assert.equal(found.code, 1, "something is given up");
    assert.equal(found.data.datasets[0]!.age_seconds, 2 * 86_400);
    await run(cwd, ["feed"]);
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-06T11:00:00+0100", 5),
      new Date("2026-01-06T10:00:00Z"),
    );
    await run(cwd, ["feed"], "2026-01-06T12:00:00Z");
    assert.equal(words(await status(cwd, "2026-01-06T12:00:00Z"))["toy_a"], "due");
    const text = await run(cwd, ["status"]);
    assert.match(text.out, /^no scheduler runs/);
    assert.match(text.out, /eurostat\/nothing +dead/);
    assert.match(text.out, /feed:eurostat/);
  });

  test("ingest schedule --list tells what runs when", async () => {
    const cwd = project('{publisher: eurostat, code: toy_a, schedule: "0 8 * * 1"}');
    const { code, out } = await run(cwd, ["schedule", "--list", "--output", "json"]);
    assert.equal(code, 0);
    const runs = JSON.parse(out) as { task: string; next: string }[];
    assert.deepEqual(
      runs.map(({ task, next }) => [task, next]),
      [
        ["catalog:eurostat", "2026-01-05T12:00:00.000Z"],
        ["feed:eurostat", "2026-01-05T12:00:00.000Z"],
        ["freshness", "2026-01-06T05:00:00.000Z"],
        ["dataset:eurostat/toy_a", "2026-01-12T07:00:00.000Z"],
      ],
    );
  });
});
