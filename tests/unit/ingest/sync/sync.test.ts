import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { readVintages } from "../../../../runner/project/landing.ts";
import { readDatasetState } from "../../../../ingest/state/dataset-state.ts";
import { markDue } from "../../../../ingest/state/due.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import { tempFolder, writeFiles } from "../../../support/temp.ts";
import { ingest } from "../cli/recorded.ts";
import { tinyLibrary, edition } from "./tiny.ts";

const project = (datasets: string): string =>
  writeFiles(tempFolder(), {
    "sql_project.yaml": `name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  publishers: {eurostat: {concurrency: 8}}\n  datasets:\n${datasets}`,
  });

describe("ingest sync", async () => {
  const library = tinyLibrary();
  const publisher = await startPublisher({ eurostat: library });
  after(() => publisher.close());
  const run = (cwd: string, ...words: string[]) =>
    ingest(["sync", ...words], { cwd, env: publisher.env, now: "2026-01-05T12:00:00Z" });

  test("lands what is new, and asks for the rest only whether it changed", async () => {
    const cwd = project("    - {publisher: eurostat, code: toy_a}\n");
    const first = await run(cwd);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /landed eurostat\/toy_a 2026-01-01T100000Z: 6 rows/);
    const asked = publisher.asked.length;
    const second = await run(cwd);
    assert.match(second.out, /unchanged.*told by the probe/);
    assert.equal(publisher.asked.length, asked + 1);
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-04T11:00:00+0100", 7),
      new Date("2026-01-04T10:00:00Z"),
    );
    await run(cwd);
    assert.deepEqual(
      readVintages(`${cwd}/data/landing`, "eurostat", "toy_a").map(({ vintage }) => vintage),
      ["2026-01-01T100000Z", "2026-01-04T100000Z"],
    );
  });

  test("one that fails does not stop the others, and is tried again later", async () => {
    const cwd = project(
      "    - {publisher: eurostat, code: nothing}\n    - {publisher: eurostat, code: toy_b}\n",
    );
    const { code, out, err } = await run(cwd, "--output", "json");
    assert.equal(code, 1);
    assert.match(err, /DATASET_UNKNOWN eurostat\/nothing: Eurostat says: ERR_NOT_FOUND_4/);
    const results = JSON.parse(out) as { dataset: string; kind: string }[];
    assert.deepEqual(
      results.map(({ dataset, kind }) => [dataset, kind]),
      [
        ["nothing", "failed"],
        ["toy_b", "landed"],
      ],
    );
    assert.equal(readDatasetState(`${cwd}/data/landing`, "eurostat", "nothing").failure?.dead, true);
  });

  test("--due fetches what is announced, and without asking first", async () => {
    const cwd = project("    - {publisher: eurostat, code: toy_b}\n");
    await run(cwd);
    assert.match((await run(cwd, "--due")).out, /nothing is due/);
    library.publish(
      "toy_b",
      edition("toy_b", "2026-01-03T11:00:00+0100", 9),
      new Date("2026-01-03T10:00:00Z"),
    );
    const mark = {
      publisher: "eurostat",
      dataset: "toy_b",
      reason: "feed",
      certain: true,
      published: "2026-01-03T10:00:00Z",
    } as const;
    const landing = `${cwd}/data/landing`;
    assert.equal(await markDue(landing, mark, "2026-01-04T00:00:00Z"), true);
    const asked = publisher.asked.length;
    assert.match((await run(cwd, "--due")).out, /landed eurostat\/toy_b 2026-01-03T100000Z/);
    assert.equal(publisher.asked.length, asked + 1);
    assert.equal(readDatasetState(landing, "eurostat", "toy_b").due, null);
    assert.equal(await markDue(landing, mark, "2026-01-05T00:00:00Z"), false, "it is here already");
  });

  test("a pattern loads the catalogue that it needs; an outage of one publisher is not the other's", async () => {
    const cwd = project(
      '    - {publisher: eurostat, code: "toy_*", exclude: [toy_b]}\n    - {publisher: ssb, code: x}\n',
    );
    publisher.setFault(({ path }) => (path.startsWith("/pxweb") ? "503" : undefined));
    const { code, out, err } = await run(cwd);
    publisher.setFault(undefined);
    assert.equal(code, 1);
    assert.match(err, /OUTAGE ssb\/x/);
    assert.match(out, /landed eurostat\/toy_a/);
    assert.doesNotMatch(out, /toy_b/);
  });

  test("a word that means no dataset is a wrong call, with the nearest name", async () => {
    const cwd = project("    - {publisher: eurostat, code: toy_a}\n");
    const { code, err } = await run(cwd, "toy_aa");
    assert.equal(code, 2);
    assert.match(err, /DATASET_UNKNOWN the project has no dataset "toy_aa"\n {4}did you mean "toy_a"/);
  });
});
