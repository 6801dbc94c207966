import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readVintages } from "../../../../runner/project/landing.ts";
import { ingest as run, toy } from "./recorded.ts";

// Hooks of a file would be those of all that share its process.
describe("keeping what has landed", () => {
  let root: string;
  const landing = () => join(root, "landing");
  const ingest = (...words: string[]) => run([...words, "--landing", "landing"], { cwd: root });
  const dataset = () => join(landing(), "eurostat/toy_1");
  const names = () => readVintages(landing(), "eurostat", "toy_1").map(({ vintage }) => vintage);
  const editions = ["2025-01-01T000000Z", "2025-02-01T000000Z", "2025-03-01T000000Z"];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "statloom-keep-"));
    const documents = {
      "1.json": toy({ updated: "2025-01-01", values: [1, 2, 3, null] }),
      "2.json": toy({ updated: "2025-02-01", values: [1, 2.5, 3, 4] }),
      "3.json": toy({
        updated: "2025-03-01",
        values: [null, 2.5, ":C", 14.1],
        more: { status: { "3": "p" } },
      }),
    };
    for (const [name, text] of Object.entries(documents)) writeFileSync(join(root, name), text);
    assert.equal((await ingest("file", "1.json", "2.json", "3.json")).code, 0);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  describe("ingest diff", () => {
    test("counts what was added, removed, revised and reflagged between the two newest, and shows the largest", async () => {
      const { code, out } = await ingest("diff", "toy_1", "--output", "json");
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(out), {
        publisher: "eurostat",
        dataset: "toy_1",
        before: "2025-02-01T000000Z",
        after: "2025-03-01T000000Z",
        dimensions: ["geo", "time_period"],
        added: 0,
        removed: 1,
        revised: 2,
        reflagged: 1,
        unchanged: 0,
        largest: [{ cell: { geo: "FR", time_period: "2024" }, before: 4, after: 14.1, change: 10.1 }],
      });
    });

    test("compares any two by how their names begin, in either direction", async () => {
      const ahead = await ingest("diff", "toy_1", "2025-01", "2025-02-01T000000Z");
      assert.match(ahead.out, /^eurostat\/toy_1 2025-01-01T000000Z → 2025-02-01T000000Z\n/);
      assert.match(ahead.out, /\nadded +1\nremoved +0\nrevised +1\nreflagged +0\nunchanged +2\n/);
      assert.match(
        ahead.out,
        /\nlargest revisions, geo DE, time_period 2024\nbefore +after +change\n.*\n +2 +2\.5 +0\.5\n$/,
      );
      assert.match((await ingest("diff", "toy_1", "2025-02", "2025-01")).out, /\nadded +0\nremoved +1\n/);
    });

    test("refuses vintages that are not there, not told apart, or of other dimensions", async () => {
      assert.match((await ingest("diff", "toy_1", "2025")).err, /VINTAGE_AMBIGUOUS/);
      assert.match(
        (await ingest("diff", "toy_1", "2031")).err,
        /VINTAGE_UNKNOWN .*\n.*it has 2025-01-01T000000Z, /,
      );
      const dimension = {
        sex: { category: { index: { M: 0, F: 1 } } },
        time: { category: { index: { "2023": 0, "2024": 1 } } },
      };
      writeFileSync(
        join(root, "4.json"),
        toy({ updated: "2025-04-01", more: { id: ["sex", "time"], dimension } }),
      );
      await ingest("file", "4.json");
      await ingest("accept", "toy_1");
      const { code, err } = await ingest("diff", "toy_1");
      assert.equal(code, 1);
      assert.match(err, /DIMENSIONS_DIFFER .* geo, time_period, .* sex, time_period/);
      await ingest("vacuum", "--keep", "1");
      assert.match((await ingest("diff", "toy_1")).err, /VINTAGE_ALONE/);
    });
  });

  describe("ingest verify", () => {
    test("passes what is as it landed", async () => {
      const { code, out } = await ingest("verify");
      assert.equal(code, 0);
      assert.match(out, /^(ok {6}eurostat\/toy_1 .*\n){3}3 vintages verified, all as they landed\n$/);
    });

    test("names every file that is damaged, missing or new, and exits with 1", async () => {
      const at = (vintage: number, file: string) => join(dataset(), editions[vintage]!, file);
      const bytes = readFileSync(at(0, "observations.parquet"));
      bytes[20]! ^= 1;
      writeFileSync(at(0, "observations.parquet"), bytes);
      truncateSync(at(1, "header.json"), 5);
      rmSync(at(1, "dimensions.parquet"));
      appendFileSync(at(1, "mine.txt"), "x");
      rmSync(join(dataset(), editions[2]!), { recursive: true });
      const { code, out } = await ingest("verify", "toy_1", "--output", "json");
      assert.equal(code, 1);
      const results = JSON.parse(out) as { ok: boolean; problems: string[] }[];
      assert.deepEqual(
        results.map(({ problems }) =>
          problems.map((text) => text.replace(/[\d,]+ bytes/, "5 bytes").replace(/not \d+$/, "not n")),
        ),
        [
          ["observations.parquet has changed since it landed"],
          [
            "dimensions.parquet is missing",
            "header.json holds 5 bytes, not n",
            "mine.txt is not of the vintage",
          ],
          ["its folder is missing"],
        ],
      );
    });

    test("counts again, so that a wrong list is found too", async () => {
      const path = join(dataset(), "vintages.json");
      writeFileSync(path, readFileSync(path, "utf8").replace('"rows": 4', '"rows": 5'));
      assert.match((await ingest("verify")).out, /\n {8}it holds 4 rows, not 5\n/);
    });
  });

  describe("ingest vacuum", () => {
    test("--keep leaves the newest few, after saying what would go", async () => {
      const dry = await ingest("vacuum", "--keep", "2", "--dry-run");
      assert.match(dry.out, /^would remove eurostat\/toy_1 2025-01-01T000000Z\nwould remove 1 vintage, /);
      assert.equal(names().length, 3);
      assert.equal((await ingest("vacuum", "toy_1", "--keep", "2")).code, 0);
      assert.deepEqual(names(), editions.slice(1));
      assert.deepEqual(readdirSync(dataset()).sort(), [...editions.slice(1), "vintages.json"]);
      assert.equal((await ingest("verify")).code, 0);
    });

    test("--older-than goes by publication and never takes the newest", async () => {
      // It is 2025-05-01 10:20:30 here.
      const some = JSON.parse(
        (await ingest("vacuum", "--older-than", "90d", "--output", "json")).out,
      ) as unknown[];
      assert.equal(some.length, 1);
      assert.deepEqual(names(), editions.slice(1));
      await ingest("vacuum", "--older-than", "1d");
      assert.deepEqual(names(), editions.slice(2));
      assert.equal(
        JSON.parse((await ingest("vacuum", "--older-than", "1d", "--output", "json")).out).length,
        0,
      );
    });

    test("refuses what it cannot be sure of", async () => {
      for (const words of [
        [],
        ["--keep", "0"],
        ["--keep", "1.5"],
        ["--keep", "1", "--older-than", "1d"],
        ["--older-than", "soon"],
        ["--older-than", "-1d"],
      ]) {
        const { code, err } = await ingest("vacuum", ...words);
        assert.equal(code, 2, words.join(" "));
        assert.match(err, /OPTION_INVALID|CALL_INVALID/);
      }
      assert.deepEqual(names(), editions);
    });

    test("cut short before the list was written changes nothing; after it, the next landing finishes", async () => {
      writeFileSync(join(dataset(), editions[0]!, ".unlisted"), "");
      await ingest("file", "1.json");
      assert.deepEqual(names(), editions);
      assert.ok(!existsSync(join(dataset(), editions[0]!, ".unlisted")));
      writeFileSync(join(dataset(), editions[0]!, ".unlisted"), "");
      const path = join(dataset(), "vintages.json");
      const list = JSON.parse(readFileSync(path, "utf8")) as { vintages: unknown[] };
      writeFileSync(path, JSON.stringify({ ...list, vintages: list.vintages.slice(1) }));
      await ingest("file", "2.json");
      assert.deepEqual(readdirSync(dataset()).sort(), [...editions.slice(1), "vintages.json"]);
    });
  });
});
