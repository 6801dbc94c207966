import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { OperationError } from "../../../../runner/base/errors.ts";
import { readVintages } from "../../../../runner/project/landing.ts";
import { query } from "../landing/edition.ts";
import { ingest as run, toy } from "./recorded.ts";
import type { Setting } from "./recorded.ts";

// Hooks of a file would be those of all that share its process.
describe("the ingest command", () => {
  let project: string;
  const outer = process.env["TMPDIR"];
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "statloom-cli-"));
    // What commands leave in the temporary folder must not be taken for what other tests have there.
    process.env["TMPDIR"] = mkdtempSync(join(project, ".tmp-"));
    write(
      "sql_project.yaml",
      `name: demo\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb}\ningest:\n  datasets:\n    - {publisher: eurostat, code: PARTED, partition_by: [geo]}\n`,
    );
  });
  afterEach(() => {
    if (outer === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = outer;
    rmSync(project, { recursive: true, force: true });
  });

  const write = (name: string, data: string | Uint8Array): string => {
    mkdirSync(join(project, name, ".."), { recursive: true });
    writeFileSync(join(project, name), data);
    return name;
  };
  const ingest = (words: readonly string[], setting: Partial<Setting> = {}) =>
    run(words, { cwd: project, ...setting });
  const landing = () => join(project, "data/landing");

  describe("ingest file", () => {
    test("lands a document below the project and says what landed, then that there is nothing to do", async () => {
      write("toy.json", toy());
      const first = await ingest(["file", "toy.json"]);
      assert.match(
        first.out,
        /^landed eurostat\/toy_1 2025-04-04T210000Z: 4 rows, 4 numbers, 1 status, 0 rejected in 0\.\d\ds\n$/,
      );
      assert.deepEqual([first.code, first.err], [0, ""]);
      const again = await ingest(["file", join(project, "toy.json")]);
      assert.equal(
        again.out,
        "same   eurostat/toy_1 2025-04-04T210000Z: the same document already landed, nothing to do\n",
      );
      assert.equal(again.code, 0);
      const [vintage] = readVintages(landing(), "eurostat", "toy_1");
      assert.equal(vintage?.source, "toy.json");
    });

    test("lands nothing for the same rows in another order of keys", async () => {
      write("toy.json", toy());
      const sparse = { value: { "3": 4, "1": 2, "0": 1, "2": 3 } };
      write("again.json", toy({ more: sparse }));
      const both = await ingest(["file", "toy.json", "again.json"]);
      assert.match(both.out, /^landed .*\nsame .*: the same rows already landed, nothing to do\n$/);
      assert.equal(readVintages(landing(), "eurostat", "toy_1").length, 1);
    });

    test("reads standard input, gzip whatever its name, and folders", async () => {
      write("in/a.json", toy({ more: { extension: { id: "A" } } }));
      write("in/deep/b.json.gz", gzipSync(toy({ more: { extension: { id: "B" } } })));
      write("in/readme.txt", "not me");
      write("packed.json", gzipSync(toy({ more: { extension: { id: "C" } } })));
      const all = await ingest(["file", "in", "packed.json", "-"], { stdin: gzipSync(toy()) });
      assert.equal(all.code, 0, all.err);
      assert.deepEqual(
        all.out.split("\n").map((line) => line.split(" ")[1]),
        ["eurostat/a", "eurostat/b", "eurostat/c", "eurostat/toy_1", undefined],
      );
      assert.equal(readVintages(landing(), "eurostat", "toy_1")[0]?.source, "stdin");
      assert.deepEqual(readdirSync(tmpdir()), []);
    });

    test("takes names from the command line, else from the document, else from the file", async () => {
      write("My table (2).v1.json", toy({ more: { extension: {}, source: "somebody" } }));
      const named = await ingest(["file", "My table (2).v1.json"]);
      assert.match(named.out, /^landed files\/my_table_2_.v1 /);
      const given = await ingest(["file", "My table (2).v1.json", "--publisher", "CSO", "--dataset=X.1"]);
      assert.match(given.out, /^landed cso\/x\.1 /);
    });

    test("obeys what the project says of the dataset", async () => {
      write("toy.json", toy({ more: { extension: { id: "parted" } } }));
      await ingest(["file", "toy.json"]);
      assert.ok(existsSync(join(landing(), "eurostat/parted/2025-04-04T210000Z/geo=DE/part-0.parquet")));
    });

    test("lands without a project where the folder is named", async () => {
      rmSync(join(project, "sql_project.yaml"));
      write("toy.json", toy());
      const lost = await ingest(["file", "toy.json"]);
      assert.equal(lost.code, 2);
      assert.match(lost.err, /^error PROJECT_MISSING /);
      assert.equal((await ingest(["file", "toy.json", "--landing", "elsewhere"])).code, 0);
      assert.equal(readVintages(join(project, "elsewhere"), "eurostat", "toy_1").length, 1);
    });

    test("gives JSON: results on standard output, the log on standard error", async () => {
      write("toy.json", toy());
      write("bad.json", "<html><title>Maintenance</title></html>");
      const both = await ingest(["file", "bad.json", "toy.json", "--output", "json", "--log-format", "json"]);
      assert.equal(both.code, 1);
      const [bad, good] = JSON.parse(both.out) as Record<string, unknown>[];
      assert.equal(bad?.["outcome"], "failed");
      const { seconds, batch_id: batch, ...facts } = good ?? {};
      assert.equal(typeof seconds, "number");
      assert.match(String(batch), /^\w{16}$/);
      assert.deepEqual(facts, {
        document: "toy.json",
        publisher: "eurostat",
        dataset: "toy_1",
        outcome: "landed",
        vintage: "2025-04-04T210000Z",
        label: "A toy",
        rows: 4,
        numbers: 4,
        texts: 0,
        statuses: 1,
        rejected: 0,
        drift: [],
      });
      const log = both.err
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        log.map(({ level, event }) => [level, event]),
        [
          ["error", "error"],
          ["info", "landed"],
        ],
      );
    });

    test("--quiet says nothing where all is well", async () => {
      write("toy.json", toy());
      assert.deepEqual(await ingest(["file", "toy.json", "--quiet"]), { code: 0, out: "", err: "" });
    });

    test("says of synthetic data that it is", async () => {
      write("toy.json", toy({ more: { label: "SYNTHETIC sample – a toy" } }));
      assert.match((await ingest(["file", "toy.json"])).out, /\n {7}SYNTHETIC sample – a toy\n$/);
    });
  });

  describe("a bad document", () => {
    test("does not stop the others and leaves what had landed", async () => {
      write("toy.json", toy());
      await ingest(["file", "toy.json"]);
      const before = readdirSync(landing(), { recursive: true });
      const list = readFileSync(join(landing(), "eurostat/toy_1/vintages.json"), "utf8");
      const whole = toy({ updated: "2026-01-01" });
      write("1-html.json", "<!DOCTYPE html><title>Down</title>");
      write("2-cut.json", whole.slice(0, -40));
      write("3-empty.json", "");
      write("4-other.json", '{"a":1}');
      write("5-good.json", toy({ more: { extension: { id: "GOOD" } } }));
      const all = await ingest([
        "file",
        ...[1, 2, 3, 4].map((n) => readdirSync(project).find((f) => f.startsWith(`${n}-`))!),
        "5-good.json",
      ]);
      assert.equal(all.code, 1);
      assert.match(all.out, /^landed eurostat\/good /);
      for (const reason of [
        /^1-html\.json:1:1 HTML /m,
        /^2-cut\.json:1:\d+ TRUNCATED /m,
        /^3-empty\.json:1:1 EMPTY /m,
        /^4-other\.json:1:1 NOT_JSON_STAT /m,
      ]) {
        assert.match(all.err, reason);
      }
      assert.doesNotMatch(all.err, /\n {4}at /, "no stack");
      assert.equal(readFileSync(join(landing(), "eurostat/toy_1/vintages.json"), "utf8"), list);
      rmSync(join(landing(), "eurostat/good"), { recursive: true });
      assert.deepEqual(readdirSync(landing(), { recursive: true }), before);
    });

    test("from standard input or an archive is called by the name it came under", async () => {
      const stdin = await ingest(["file", "-"], { stdin: "" });
      assert.match(stdin.err, /^stdin:1:1 EMPTY /);
      write("cut.json.gz", gzipSync(toy()).subarray(0, 60));
      assert.match((await ingest(["file", "cut.json.gz"])).err, /^error GZIP_BROKEN cut\.json\.gz: /);
      write("bomb.json.gz", gzipSync(Buffer.alloc(3_000_000)));
      const bomb = await ingest(["file", "bomb.json.gz", "--max-bytes", "1000000"]);
      assert.match(bomb.err, /^error DOCUMENT_TOO_BIG bomb\.json\.gz: it holds more than 1,000,000 bytes/);
      assert.deepEqual([stdin.code, bomb.code], [1, 1]);
      assert.deepEqual(readdirSync(tmpdir()), []);
    });

    test("with cells that cannot be placed fails, unless that many may be rejected", async () => {
      write("toy.json", toy({ more: { value: { "0": 1, "99": 2 } } }));
      const refused = await ingest(["file", "toy.json"]);
      assert.equal(refused.code, 1);
      assert.match(refused.err, /REJECTED_TOO_MANY toy\.json: 1 cell of 3 .*"key":"99"/s);
      const accepted = await ingest(["file", "toy.json", "--max-rejected", "1"]);
      assert.equal(accepted.code, 0);
      assert.match(accepted.err, /^warning 1 cell of eurostat\/toy_1 could not be landed/);
      const file = join(landing(), "eurostat/toy_1/2025-04-04T210000Z/rejected.ndjson");
      assert.equal((JSON.parse(readFileSync(file, "utf8")) as { key: string }).key, "99");
    });

    test("whose codes are hostile lands them as they are", async () => {
      const codes = ["a'b", 'c"d', "e\nf", "{{ g }}", "h;drop table x"];
      const index = Object.fromEntries(codes.map((code, i) => [code, i]));
      const dimension = { geo: { category: { index } }, time: { category: { index: { "2023": 0 } } } };
      write("toy.json", toy({ values: [1, 2, 3, 4, 5], more: { size: [5, 1], dimension } }));
      assert.equal((await ingest(["file", "toy.json"])).code, 0);
      const rows = await query(`select geo from '${landing()}/eurostat/toy_1/*/observations.parquet'`);
      assert.deepEqual(
        rows.map(({ geo }) => geo),
        codes,
      );
    });
  });

  describe("a wrong call", () => {
    for (const [title, words, reason] of [
      ["without a command", [], /CALL_INVALID name a command/],
      [
        "of an unknown command",
        ["fiel"],
        /COMMAND_UNKNOWN there is no command "fiel"\n {4}did you mean "file"\?/,
      ],
      [
        "with an unknown option",
        ["file", "x", "--datset", "a"],
        /there is no option --datset\n {4}did you mean "--dataset"\?/,
      ],
      ["with a word too many", ["list", "x"], /CALL_INVALID ingest list does not take "x"/],
      ["without a path", ["file"], /CALL_INVALID something is missing behind "ingest file"/],
      ["of a path that is not there", ["file", "nope.json"], /FILE_MISSING .*"nope\.json"/],
      ["of a folder without documents", ["file", "void"], /FOLDER_EMPTY/],
      ["with a hostile dataset", ["file", "toy.json", "--dataset", "../../x"], /NAME_INVALID "..\/..\/x"/],
      ["with a hostile publisher", ["file", "toy.json", "--publisher", "/etc"], /NAME_INVALID/],
      ["with an impossible limit", ["file", "toy.json", "--max-rejected", "many"], /OPTION_INVALID/],
      ["of a dataset that has not landed", ["vintages", "toy"], /DATASET_UNKNOWN/],
      ["in a project that is not there", ["list", "--project-dir", "nowhere"], /PROJECT_MISSING/],
    ] as const) {
      test(`${title} says so, exits with 2 and writes nothing`, async () => {
        write("toy.json", toy());
        mkdirSync(join(project, "void"));
        const { code, out, err } = await ingest(words);
        assert.deepEqual([code, out], [2, ""]);
        assert.match(err, reason);
        assert.doesNotMatch(err, /\n {4}at /, "no stack");
        assert.ok(!existsSync(landing()));
      });
    }

    test("of several datasets under one name is refused", async () => {
      write("two.json", JSON.stringify({ a: JSON.parse(toy()) as object, b: JSON.parse(toy()) as object }));
      const { code, err } = await ingest(["file", "two.json", "--dataset", "x"]);
      assert.equal(code, 2);
      assert.match(err, /DATASETS_MANY two\.json: "two\.json" holds 2 datasets/);
    });

    test("a document with a hostile name inside is refused too", async () => {
      write("toy.json", toy({ more: { extension: { id: "../../evil" } } }));
      const { code, err } = await ingest(["file", "toy.json"]);
      assert.equal(code, 2);
      assert.match(err, /NAME_INVALID/);
      assert.ok(!existsSync(landing()));
    });
  });

  test("an interrupt ends the work with 1 and leaves nothing half-made", async () => {
    write("toy.json", toy());
    const controller = new AbortController();
    controller.abort(new OperationError("CANCELLED", "stopped"));
    const { code, out } = await ingest(["file", "toy.json"], { signal: controller.signal });
    assert.deepEqual([code, out], [1, ""]);
    assert.ok(!existsSync(landing()));
  });

  describe("what has landed", () => {
    beforeEach(async () => {
      write("a.json", toy());
      write("b.json", toy({ updated: "2025-10-03", values: [1, 2, 3, 5] }));
      await ingest(["file", "a.json", "b.json"]);
    });

    test("ingest list shows datasets with their newest vintage", async () => {
      const { code, out } = await ingest(["list"]);
      assert.equal(code, 0);
      assert.match(out, /eurostat\/toy_1 +2025-10-03T000000Z +2025-05-01T10:20:30Z +4 +2 +\S.*\n$/);
      const listed = JSON.parse((await ingest(["list", "--output=json"])).out) as { dataset: string }[];
      assert.deepEqual(
        listed.map(({ dataset }) => dataset),
        ["toy_1"],
      );
    });

    test("ingest list of nothing says how to begin", async () => {
      rmSync(landing(), { recursive: true });
      assert.match((await ingest(["list"])).out, /begin with: ingest file/);
      assert.equal((await ingest(["list", "--output", "json"])).out, "[]\n");
    });

    test("ingest vintages shows the editions, newest last, by code or full name", async () => {
      for (const name of ["toy_1", "eurostat/toy_1", "TOY_1"]) {
        const { out } = await ingest(["vintages", name, "--output", "json"]);
        const { vintages } = JSON.parse(out) as { vintages: { vintage: string }[] };
        assert.deepEqual(
          vintages.map(({ vintage }) => vintage),
          ["2025-04-04T210000Z", "2025-10-03T000000Z"],
        );
      }
      assert.match((await ingest(["vintages", "toy_1"])).out, /2025-10-03T000000Z.*b\.json\n$/);
    });

    test("ingest vintages asks which where two publishers have the code, and knows near names", async () => {
      await ingest(["file", "a.json", "--publisher", "other"]);
      const twice = await ingest(["vintages", "toy_1"]);
      assert.equal(twice.code, 2);
      assert.match(twice.err, /say eurostat\/toy_1 or other\/toy_1/);
      assert.match((await ingest(["vintages", "toy_2"])).err, /did you mean "toy_1"\?/);
    });
  });

  test("--version and --help answer without a project", async () => {
    assert.match((await run(["--version"], { cwd: tmpdir() })).out, /^\d+\.\d+\.\d+\n$/);
    const help = await run(["file", "--help"], { cwd: tmpdir() });
    assert.equal(help.code, 0);
    assert.match(help.out, /--max-rejected/);
  });
});
