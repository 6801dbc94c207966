import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { readDatasetState } from "../../../../ingest/state/dataset-state.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import type { LocalPublisher } from "../../../support/publisher/start.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";
import { ingest } from "../cli/recorded.ts";
import { edition, tinyLibrary } from "../sync/tiny.ts";

type Read = {
  due: { dataset: string; by: string }[];
  fallback: string | null;
  changes: unknown[];
  deleted: string[];
};

async function world(datasets: string, options: { untidyFeed?: boolean } = {}) {
  const clock = { now: new Date("2026-01-05T12:00:00Z") };
  const library = tinyLibrary();
  const publisher = await startPublisher({ eurostat: library, now: () => clock.now, ...options });
  after(() => publisher.close());
  const cwd = writeFiles(tempFolder(), {
    "sql_project.yaml": `name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  publishers: {eurostat: {concurrency: 8}}\n  datasets:\n${datasets}`,
  });
  const run = (...words: string[]) =>
    ingest(words, { cwd, env: publisher.env, now: clock.now.toISOString() });
  const feed = async (): Promise<Read> => {
    const { code, out, err } = await run("feed", "--output", "json");
    assert.equal(code, 0, err);
    return (JSON.parse(out) as Read[])[0]!;
  };
  const state = (dataset: string) => readDatasetState(`${cwd}/data/landing`, "eurostat", dataset);
  return { clock, library, publisher, run, feed, state };
}

const asked = ({ asked: all }: LocalPublisher, path: RegExp): number =>
  all.filter((one) => path.test(one.path)).length;

describe("ingest feed", () => {
  test("marks what is announced once, and what is fetched no more", async () => {
    const { clock, library, run, feed, state } = await world(
      "    - {publisher: eurostat, code: toy_a}\n    - {publisher: eurostat, code: toy_b}\n",
      { untidyFeed: true },
    );
    await run("sync");
    const first = await feed();
    assert.match(first.fallback ?? "", /for the first time/);
    assert.deepEqual(first.due, []);
    clock.now = new Date("2026-01-06T12:00:00Z");
    library.publish(
      "toy_b",
      edition("toy_b", "2026-01-06T11:00:00+0100", 5),
      new Date("2026-01-06T10:00:00Z"),
    );
    const second = await feed();
    assert.deepEqual([second.due, second.fallback], [[{ dataset: "toy_b", by: "feed" }], null]);
    assert.equal(state("toy_b").due?.published, "2026-01-06T10:00:00Z");
    assert.deepEqual((await feed()).due, [], "the same items again");
    assert.match((await run("sync", "--due")).out, /1 dataset: 1 landed/);
    assert.deepEqual((await feed()).due, []);
    assert.match((await run("sync", "--due")).out, /nothing is due/);
  });

  test("compares the dates of the catalogue after a gap of more than the feed covers", async () => {
    const { clock, library, run, feed } = await world(
      "    - {publisher: eurostat, code: toy_a}\n    - {publisher: eurostat, code: toy_b}\n",
    );
    await run("sync");
    await feed();
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-09T11:00:00+0100", 5),
      new Date("2026-01-09T10:00:00Z"),
    );
    clock.now = new Date("2026-01-25T12:00:00Z");
    const read = await feed();
    assert.match(read.fallback ?? "", /goes back to/);
    assert.deepEqual(read.due, [{ dataset: "toy_a", by: "catalog" }]);
    assert.match((await run("sync", "--due")).out, /landed eurostat\/toy_a 2026-01-09/);
  });

  test("compares the dates of the catalogue when the feed is broken, and reads on when it is well", async () => {
    const { clock, library, publisher, run, feed } = await world(
      "    - {publisher: eurostat, code: toy_a}\n    - {publisher: eurostat, code: toy_b}\n",
    );
    await run("sync");
    await feed();
    clock.now = new Date("2026-01-06T22:30:00Z");
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-06T23:00:00+0100", 5),
      new Date("2026-01-06T22:00:00Z"),
    );
    publisher.setFault(({ path }) => (path.includes("rss") ? "truncated-json" : undefined));
    const broken = await feed();
    assert.match(broken.fallback ?? "", /cannot be read/);
    assert.deepEqual(broken.due, [{ dataset: "toy_a", by: "catalog" }]);
    publisher.setFault(undefined);
    await run("sync", "--due");
    const fetched = asked(publisher, /data\/toy_a/);
    assert.deepEqual((await feed()).due, [], "what the feed then says has been fetched");
    assert.match((await run("sync", "--due")).out, /nothing is due/);
    assert.equal(asked(publisher, /data\/toy_a/), fetched);
  });

  test("a second edition of the same day is found by the catalogue too", async () => {
    const { clock, library, publisher, run, feed } = await world(
      "    - {publisher: eurostat, code: toy_a}\n",
    );
    clock.now = new Date("2026-01-06T11:00:00Z");
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-06T11:00:00+0100", 5),
      new Date("2026-01-06T10:00:00Z"),
    );
    await run("sync");
    publisher.setFault(({ path }) => (path.includes("rss") ? "503" : undefined));
    clock.now = new Date("2026-01-06T22:30:00Z");
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-06T23:00:00+0100", 6),
      new Date("2026-01-06T22:00:00Z"),
    );
    assert.deepEqual((await feed()).due, [{ dataset: "toy_a", by: "catalog" }]);
    assert.match((await run("sync", "--due")).out, /landed eurostat\/toy_a 2026-01-06T220000Z/);
  });

  test("a dataset that a pattern finds is new when the feed names it", async () => {
    const { clock, library, run, feed } = await world('    - {publisher: eurostat, code: "toy_*"}\n');
    await feed();
    assert.match((await run("sync", "--due")).out, /2 datasets: 2 landed/);
    clock.now = new Date("2026-01-06T12:00:00Z");
    library.publish(
      "toy_c",
      edition("toy_c", "2026-01-06T11:00:00+0100", 5),
      new Date("2026-01-06T10:00:00Z"),
    );
    const read = await feed();
    assert.match(read.fallback ?? "", /toy_c/);
    assert.deepEqual(read.due, [{ dataset: "toy_c", by: "feed" }]);
    assert.match((await run("sync", "--due")).out, /landed eurostat\/toy_c/);
  });

  test("fails where neither the feed nor the catalogue can be had, and misses nothing", async () => {
    const { clock, library, publisher, run, feed } = await world(
      "    - {publisher: eurostat, code: toy_a}\n",
    );
    await run("sync");
    await feed();
    clock.now = new Date("2026-01-06T12:00:00Z");
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-06T11:00:00+0100", 5),
      new Date("2026-01-06T10:00:00Z"),
    );
    publisher.setFault(() => "503");
    const { code, err } = await run("feed");
    assert.equal(code, 1);
    assert.match(err, /OUTAGE eurostat/);
    publisher.setFault(undefined);
    assert.deepEqual((await feed()).due, [{ dataset: "toy_a", by: "feed" }]);
  });
});
