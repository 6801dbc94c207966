import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { ingest as run, toy } from "./recorded.ts";

// Hooks of a file would be those of all that share its process.
describe("drift", () => {
  let root: string;
  const ingest = (...words: string[]) => run(words, { cwd: root });
  const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
  const project = (ingestYaml: string): void =>
    write(
      "sql_project.yaml",
      `name: p\ntarget: d\ntargets: {d: {type: duckdb, path: w.duckdb}}\ningest: ${ingestYaml}\n`,
    );
  const parse = ({ out }: { out: string }) => JSON.parse(out) as Record<string, unknown>;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "statloom-drift-"));
    project("{}");
    write("1.json", toy({ updated: "2025-01-01" }));
    const time = { category: { index: { "2023": 0, "2024": 1 } } };
    const fewer = { geo: { category: { index: { DE: 0 } } }, time };
    write(
      "2.json",
      toy({ updated: "2025-02-01", values: [1, 2], more: { size: [1, 2], dimension: fewer, status: {} } }),
    );
    assert.equal((await ingest("file", "1.json")).code, 0);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  describe("an edition that changed too much", () => {
    test("fails with every reason at once and the way out, which works", async () => {
      const kept = await ingest("file", "2.json");
      assert.equal(kept.code, 1);
      assert.equal(kept.out, "");
      assert.equal(
        kept.err,
        `error DRIFT 2.json: eurostat/toy_1 2025-02-01T000000Z changed too much and is kept aside, the edition before stays current:
    warn: 1 code of "geo" gone: FR
    fail: rows fell by 50.0 %, from 4 to 2: at most 25 % may be missing
    if it is meant: ingest accept eurostat/toy_1 2025-02-01T000000Z, if not: the same with --discard; what may change is said under "drift" in sql_project.yaml
`,
      );
      assert.match(
        (await ingest("list")).err,
        /^warning 1 edition of eurostat\/toy_1 changed too much and waits/,
      );
      const shown = (await ingest("vintages", "toy_1")).out;
      assert.match(
        shown,
        /\n\nheld 2025-02-01T000000Z, 2 rows, from 2\.json: ingest accept lands it\n {4}warn: 1 code/,
      );
      const accepted = await ingest("accept", "toy_1");
      assert.deepEqual(
        [accepted.code, accepted.out],
        [0, "accepted eurostat/toy_1 2025-02-01T000000Z: it is the newest\n"],
      );
      assert.equal((await ingest("list")).err, "");
      assert.deepEqual(await ingest("accept", "toy_1"), {
        code: 0,
        out: "eurostat/toy_1: nothing waits\n",
        err: "",
      });
      assert.match((await ingest("accept", "toy_1", "2025-02")).out, /^listed already /);
      assert.deepEqual(await ingest("accept", "toy_1", "2025-02", "--discard"), {
        code: 2,
        out: "",
        err: "error VINTAGE_UNKNOWN nothing of eurostat/toy_1 waits to be let in or discarded\n    what has landed is removed by ingest vacuum\n",
      });
    });

    test("goes with a vacuum that would take it if it had been let in, unless it is the newest", async () => {
      await ingest("file", "2.json");
      const removed = async (...words: string[]): Promise<string[]> => {
        const { out } = await ingest("vacuum", ...words, "--output", "json");
        return (JSON.parse(out) as { vintage: string }[]).map(({ vintage }) => vintage);
      };
      assert.deepEqual(await removed("--keep", "1"), []);
      write("3.json", toy({ updated: "2025-03-01", values: [1, 2, 3, 5] }));
      assert.equal((await ingest("file", "3.json")).code, 0);
      assert.deepEqual(await removed("--keep", "2"), []);
      const both = ["2025-01-01T000000Z", "2025-02-01T000000Z"];
      assert.deepEqual(await removed("--keep", "1", "--dry-run"), both);
      assert.deepEqual(await removed("--keep", "1"), both);
      assert.equal((await ingest("accept", "toy_1")).out, "eurostat/toy_1: nothing waits\n");
    });

    test("is all of it in JSON", async () => {
      const kept = await ingest("file", "2.json", "--output", "json");
      assert.equal(kept.code, 1);
      const [result] = JSON.parse(kept.out) as Record<string, unknown>[];
      assert.equal(result?.["outcome"], "held");
      assert.deepEqual((result["drift"] as unknown[])[0], {
        kind: "codes_gone",
        action: "warn",
        column: "geo",
        message: '1 code of "geo" gone: FR',
        codes: ["FR"],
      });
      const { held } = parse(await ingest("vintages", "toy_1", "--output", "json"));
      assert.equal((held as unknown[]).length, 1);
      assert.deepEqual(parse(await ingest("accept", "toy_1", "--output", "json")), {
        publisher: "eurostat",
        dataset: "toy_1",
        vintage: "2025-02-01T000000Z",
        outcome: "accepted",
        current: true,
      });
    });

    test("lands with a warning, or without a word, where the project says so", async () => {
      project(
        "{drift: {rows_fallen: warn}, datasets: [{publisher: eurostat, code: toy_1, drift: {codes_gone: {geo: accept}}}]}",
      );
      const landed = await ingest("file", "2.json");
      assert.equal(landed.code, 0);
      assert.match(landed.out, /^landed eurostat\/toy_1/);
      assert.equal(
        landed.err,
        "warning eurostat/toy_1 2025-02-01T000000Z: rows fell by 50.0 %, from 4 to 2: at most 25 % may be missing\n",
      );
    });

    test("must be named where several wait, and be one that is there", async () => {
      write("3.json", toy({ updated: "2025-03-01", values: [7, null, null, null] }));
      await ingest("file", "2.json", "3.json");
      const which = await ingest("accept", "toy_1");
      assert.equal(which.code, 2);
      assert.match(which.err, /VINTAGE_AMBIGUOUS .*\n.*2025-02-01T000000Z, 2025-03-01T000000Z/);
      assert.match((await ingest("accept", "toy_1", "2031")).err, /VINTAGE_UNKNOWN/);
      assert.equal((await ingest("accept", "toy_1", "2025-03")).code, 0);
    });

    test("has a dimension without categories that came, or went", async () => {
      const none = { category: { index: [] } };
      const geo = { category: { index: ["DE", "FR"] } };
      const time = { category: { index: ["2023", "2024"] } };
      const more = {
        id: ["geo", "item", "time"],
        size: [2, 0, 2],
        dimension: { geo, item: none, time },
        status: {},
      };
      write("empty.json", toy({ updated: "2025-02-01", values: [], more }));
      const came = await ingest("file", "empty.json", "--allow-empty");
      assert.match(came.err, /fail: the dimension "item" is new/);
      assert.equal((await ingest("accept", "toy_1")).code, 0);
      write("3.json", toy({ updated: "2025-03-01", values: [1, 2, 3, 5] }));
      const went = await ingest("file", "3.json");
      assert.equal(went.code, 1);
      assert.match(went.err, /fail: the dimension "item" is gone/);
    });

    test("cannot be allowed by a word that is none", async () => {
      project("{drift: {rows_fallen: wran}}");
      const { code, err } = await ingest("file", "2.json");
      assert.equal(code, 2);
      assert.match(err, /sql_project\.yaml:4:\d+ /);
    });
  });
});
