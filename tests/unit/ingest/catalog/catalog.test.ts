import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { readVintages } from "../../../../runner/project/landing.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import { tempFolder } from "../../../support/temp.ts";
import { ingest } from "../cli/recorded.ts";
import { edition, tinyLibrary } from "../sync/tiny.ts";

describe("ingest catalog", async () => {
  const library = tinyLibrary();
  const publisher = await startPublisher({ eurostat: library, now: () => new Date("2026-01-05T12:00:00Z") });
  after(() => publisher.close());
  const cwd = tempFolder();
  const run = (...words: string[]) =>
    ingest(["catalog", "--landing", "landing", ...words], {
      cwd,
      env: publisher.env,
      now: "2026-01-05T12:00:00Z",
    });

  test("tells what came, went and changed, and lands each state as a table", async () => {
    assert.equal((await run()).out, "eurostat: 2 datasets; ingest catalog --search finds some\n");
    assert.match((await run()).out, /2 datasets; 0 added, 0 removed, 0 changed/);
    library.publish(
      "toy_a",
      edition("toy_a", "2026-01-04T11:00:00+0100", 7),
      new Date("2026-01-04T10:00:00Z"),
    );
    library.publish(
      "toy_c",
      edition("toy_c", "2026-01-04T11:00:00+0100", 7),
      new Date("2026-01-04T10:00:00Z"),
    );
    const { out } = await run();
    assert.match(out, /3 datasets; 1 added, 0 removed, 1 changed/);
    assert.match(out, /added {4}toy_c {2}Toy toy_c/);
    assert.match(out, /changed {2}toy_a {2}data 2026-01-01 → 2026-01-04/);
    const vintages = readVintages(`${cwd}/landing`, "eurostat", "catalog");
    assert.deepEqual(
      vintages.map(({ rows }) => rows),
      [2, 3],
    );
  });

  test("is searched by words of titles and by day, offline too", async () => {
    await run();
    assert.match((await run("--search", "TOY_C")).out, /toy_c .*\n1 dataset$/m);
    assert.match((await run("--changed-since", "2026-01-03", "--offline")).out, /2 datasets/);
    assert.match((await run("--search", "nothing of the kind")).out, /no dataset of the catalogue fits/);
    assert.equal((await run("--changed-since", "yesterday")).code, 2);
  });

  test("reads the XML form where the tabular one cannot be read", async () => {
    publisher.setFault(({ path }) => (path.includes("toc/txt") ? "truncated-json" : undefined));
    // Cut in the middle of a row of quotes, the tabular form is no table.
    const { code, out } = await run("--output", "json");
    publisher.setFault(undefined);
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as { datasets: number }[])[0]!.datasets, 3);
  });

  test("does not believe a catalogue that has lost most of what it had", async () => {
    await run();
    const small = await startPublisher({ eurostat: tinyLibrary(["toy_a"]) });
    after(() => small.close());
    const words = ["catalog", "--landing", "landing"];
    const found = await ingest(words, { cwd, env: small.env });
    assert.equal(found.code, 1);
    assert.match(found.err, /CATALOG_SHRUNK the catalogue of eurostat names 1 dataset, and named 3 before/);
    assert.equal((await ingest([...words, "--force"], { cwd, env: small.env })).code, 0);
  });
});
