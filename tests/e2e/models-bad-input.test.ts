import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PROJECT_FILE } from "../support/link-project.ts";
import { makeProject, models, rowsOf, statuses } from "../support/models.ts";
import { modelsCommand, spawnModels } from "../support/spawn-models.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";

/** A command that is refused: exit code and the whole of what it says on standard error. */
async function refused(cwd: string, words: readonly string[], code: 1 | 2, says: RegExp): Promise<void> {
  const ran = await models(cwd, words);
  assert.equal(ran.code, code, ran.out + ran.err);
  assert.match(ran.err, says);
  assert.doesNotMatch(ran.err, /INTERNAL|\n {4}at /);
}

describe("a project file", () => {
  const file = (text: string): string => makeProject({ "sql_project.yaml": text });
  test("that is missing", async () => {
    const cwd = tempFolder();
    const { code, err } = await spawnModels(cwd, ["build"]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^error PROJECT_MISSING no sql_project\.yaml in .* or above it\n {4}.*models init my_project\n$/,
    );
  });
  test("that is empty, or a comment, or no map", async () => {
    for (const text of ["", "# nothing\n", "- a\n", "text\n"])
      await refused(file(text), ["build"], 2, /^sql_project\.yaml:1:1 PROJECT_EMPTY .*\n {4}.*name, target/);
  });
  test("that is broken YAML, or not YAML at all", async () => {
    await refused(
      file("name: shop\ntargets: {dev: [\n"),
      ["build"],
      2,
      /^sql_project\.yaml:3:1 YAML_SYNTAX /,
    );
    await refused(file("a: 1\na: 2\n"), ["build"], 2, /sql_project\.yaml:2:1 YAML_SYNTAX .*unique/);
    await refused(file("\u0000\u0001\u0002"), ["build"], 2, /sql_project\.yaml:1:\d+ /);
    await refused(file("<html><body>404</body></html>"), ["build"], 2, /sql_project\.yaml:1:1 /);
  });
  test("with unknown keys, missing keys and wrong values, all at once", async () => {
    const cwd = file(
      "name: 1shop\ntargets:\n  dev: {type: duckdb, pth: w.duckdb, threads: many}\nvras: {}\n",
    );
    const { code, err } = await models(cwd, ["parse"]);
    assert.equal(code, 2);
    for (const part of [
      /sql_project\.yaml:1:1 VALUE_INVALID "name" must be letters/,
      /KEY_MISSING "target" is missing/,
      /sql_project\.yaml:3:\d+ KEY_UNKNOWN "pth" .*\n {4}did you mean "path"\?/,
      /VALUE_INVALID "threads" must be a number/,
      /sql_project\.yaml:4:1 KEY_UNKNOWN "vras" .*\n {4}did you mean "vars"\?/,
      /\d problems\n$/,
    ])
      assert.match(err, part);
  });
  test("with an engine that is not there, and with a bad cron pattern", async () => {
    await refused(
      file("name: shop\ntarget: dev\ntargets:\n  dev: {type: mysql, path: x}\n"),
      ["parse"],
      2,
      /sql_project\.yaml:4:\d+ VALUE_INVALID "type" .*duckdb/,
    );
    await refused(
      file(`${PROJECT_FILE}ingest:\n  datasets: [{publisher: eurostat, code: a, schedule: "61 * * * *"}]\n`),
      ["parse"],
      2,
      /sql_project\.yaml:6:\d+ CRON_INVALID "61 \* \* \* \*" is not a cron pattern: .*\n {4}minute hour day/,
    );
  });
  test("that is a folder", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "sql_project.yaml"));
    await refused(cwd, ["build"], 1, /^error DISK cannot read .*sql_project\.yaml: EISDIR/);
  });
});

describe("a project that is wrong is not built", () => {
  test("whatever is wrong, exit 2, the warehouse untouched", async () => {
    const good = { "models/a.sql": "{{ config(materialized='table') }} select 1 as x" };
    const wrong: Record<string, [Record<string, string>, RegExp]> = {
      cycle: [
        { "models/b.sql": "from {{ ref('c') }}", "models/c.sql": "from {{ ref('b') }}" },
        /CYCLE .*b → c → b/,
      ],
      "duplicate name": [{ "models/x/a.sql": "select 2" }, /models\/x\/a\.sql:1:1 NAME_DUPLICATE/],
      "unknown reference": [{ "models/b.sql": "from {{ ref('aa') }}" }, /models\/b\.sql:1:9 REF_UNKNOWN/],
      "unclosed tag": [{ "models/b.sql": "select\n {{ ref('a')" }, /models\/b\.sql:2:2 /],
      "unclosed section": [{ "models/b.sql": "select {{#is_incremental}}" }, /models\/b\.sql:1:11 /],
      "unknown key": [{ "models/p.yml": "models: [{name: a, desc: x}]" }, /models\/p\.yml:1:20 KEY_UNKNOWN/],
      jinja: [{ "models/b.sql": "{% if x %}select 1{% endif %}" }, /models\/b\.sql:1:1 /],
    };
    for (const [name, [files, says]] of Object.entries(wrong)) {
      const cwd = makeProject({ ...good, ...files });
      await refused(cwd, ["build"], 2, says);
      assert.equal(existsSync(join(cwd, "data")), false, name);
      assert.equal(existsSync(join(cwd, "target")), false, name);
    }
  });
  test("clean works on it all the same", async () => {
    const cwd = makeProject({ "sql_project.yaml": "{", "target/manifest.json": "{}" });
    assert.equal((await models(cwd, ["clean"])).code, 0);
    assert.equal(existsSync(join(cwd, "target")), false);
  });
});

describe("hostile names and values", () => {
  test("are names and values, nothing else, from seed to test", async () => {
    const nasty = "'; drop table kept; --\n}}{{ ref('a') }} \"q\"";
    const cwd = makeProject({
      "sql_project.yaml": `${PROJECT_FILE}vars: {nasty: ${JSON.stringify(nasty)}}\n`,
      'seeds/se\'ed "q".csv': `"co""l","two words"\n"x'; drop table kept;","}} {{ y"\n`,
      "models/kept.sql": "{{ config(materialized='table') }} select 1 as x",
      'models/mo\'del "q".sql':
        "{{ config(materialized='table', alias='al\"ias }}', schema='s\\'q', tags=['it\\'s']) }}\nselect '{{ var('nasty') }}' as a, {{ var('nasty') }} as b, \"co\"\"l\" as \"co\"\"l\" from {{ ref('se\\'ed \"q\"') }}",
      "models/below.sql": "select * from {{ ref('mo\\'del \"q\"') }}",
      "models/p.yml": `models:
  - name: 'mo''del "q"'
    columns:
      - name: 'co"l'
        data_tests:
          - unique
          - not_null
          - accepted_values: {values: ["x'; drop table kept;", "}}", "{{ z }}"], config: {store_failures: true}}
`,
    });
    const { code, out, err } = await models(cwd, ["build"]);
    assert.equal(code, 0, out + err);
    assert.equal(Object.values(statuses(cwd)).length, 7);
    assert.deepEqual(await rowsOf(cwd, 'select a = b as same, a, "co""l" as c from {{ ref(\'below\') }}'), [
      { same: true, a: nasty, c: "x'; drop table kept;" },
    ]);
    assert.deepEqual(await rowsOf(cwd, "from main.kept"), [{ x: 1 }]);
    const listed = await models(cwd, [
      "ls",
      "--select",
      "mo'del*+",
      "--resource-type",
      "model",
      "--output",
      "name",
    ]);
    assert.deepEqual(listed.out, 'mo\'del "q"\nbelow\n');
    assert.equal((await models(cwd, ["docs", "generate"])).code, 0);
  });
  test("what a query says of a value never moves the cursor", async () => {
    const cwd = makeProject({
      "models/a.sql": "select '\u001b[2J' || chr(27) || '[2J' as v, (chr(27) || '[31m')::int as n",
    });
    const { out } = await models(cwd, ["show", "--inline", "select chr(27) || '[2J' as v"]);
    assert.equal(out.includes("\u001b"), false);
    const built = await models(cwd, ["run", "--select", "a"]);
    assert.equal((built.out + built.err).includes("\u001b"), false);
    const table = makeProject({
      "models/a.sql": "{{ config(materialized='table') }} select (chr(27) || '[31m')::int as n",
    });
    const failed = await models(table, ["run"]);
    assert.equal(failed.code, 1);
    assert.equal((failed.out + failed.err).includes("\u001b"), false);
  });
  test("a control character in a file's name is refused without printing it", async () => {
    const cwd = makeProject({ "models/a\u001b[2Jb.sql": "select 1" });
    await refused(cwd, ["build"], 2, /^models\/a�\[2Jb\.sql:1:1 NAME_INVALID/);
  });
});

describe("a folder with a name that means something elsewhere", () => {
  const files = {
    "sql_project.yaml": PROJECT_FILE,
    "seeds/s[1]*.csv": "a\n1\n",
    "seeds/s1.csv": "a\n2\n",
    "macros/m.ts": "export const twice = (column: string): string => `${column} * 2`;\n",
    "models/a.sql": "select {{ twice('a') }} as n from {{ ref('s[1]*') }}",
    "models/__proto__.sql": "select 1 as \"__proto__\", n from {{ ref('a') }}",
    "models/constructor.sql": "select * from {{ ref('__proto__') }}",
    "models/p.yml": "models: [{name: __proto__, columns: [{name: __proto__, data_tests: [unique]}]}]\n",
  };
  test("is a folder", async () => {
    const cwd = writeFiles(join(tempFolder(), 'it\'s a "d[i]r" *{a,b} ümläut%20#x'), files);
    const { code, out, err } = await spawnModels(cwd, ["build"]);
    assert.equal(code, 0, out + err);
    assert.deepEqual(await rowsOf(cwd, "from {{ ref('constructor') }}"), [{ ["__proto__"]: 1, n: "2" }]);
    assert.equal((await models(cwd, ["docs", "generate"])).code, 0);
  });
  test("but no question mark, which DuckDB cannot have", async () => {
    const cwd = writeFiles(join(tempFolder(), "why?"), files);
    await refused(
      cwd,
      ["build"],
      1,
      /^error WAREHOUSE_PATH .*"\?": .*why\?\/data\/w\.duckdb\n {4}name another one/,
    );
  });
});

describe("a seed that is no table", () => {
  for (const [what, csv, says] of [
    ["is empty", "", /s\.csv/],
    ["has a column twice", "a,a\n1,2\n", /s\.csv.*"a"/s],
    ["is HTML", "<!DOCTYPE html>\n<html>,,\n", /s\.csv/],
    ["holds what is not of the declared type", "a\n1\nx\n", /s\.csv.*x/s],
  ] as const) {
    test(what, async () => {
      const cwd = makeProject({
        "seeds/s.csv": "a\n1\n",
        "seeds/p.yml": "seeds: [{name: s, config: {column_types: {a: integer}}}]\n",
      });
      assert.equal((await models(cwd, ["seed"])).code, 0);
      writeFileSync(join(cwd, "seeds/s.csv"), csv);
      const { code, out } = await models(cwd, ["seed"]);
      assert.equal(code, 1, out);
      assert.match(out, says);
      assert.deepEqual(await rowsOf(cwd, "from main.s"), [{ a: 1 }], "what was there is as it was");
    });
  }
});

describe("places that cannot be written", () => {
  const files = { "models/a.sql": "{{ config(materialized='table') }} select 1 as x" };
  test("a file where target should be", async () => {
    const cwd = makeProject({ ...files, target: "mine" });
    await refused(
      cwd,
      ["build"],
      1,
      /^error DISK cannot (?:write|make) .*target\/(?:manifest\.json|compiled.*): .*\n {4}a file stands where a folder is needed/,
    );
    const lineage = await models(cwd, ["lineage", "a.x"]);
    assert.equal(lineage.code, 0, "what is only kept for the next time stops nobody");
    assert.equal(readFileSync(join(cwd, "target"), "utf8"), "mine");
  });
  test("a folder where an artifact should be", async () => {
    const cwd = makeProject({ ...files, "target/run_results.json/mine": "" });
    await refused(
      cwd,
      ["retry"],
      1,
      /^error DISK cannot read .*run_results\.json: EISDIR.*\n {4}a folder stands where a file is needed/,
    );
  });
  test("a file where data should be", async () => {
    const cwd = makeProject({ ...files, data: "mine" });
    await refused(
      cwd,
      ["build"],
      1,
      /^error DISK cannot make the folder .*data: .*\n {4}a file stands where a folder is needed/,
    );
    assert.equal(readFileSync(join(cwd, "data"), "utf8"), "mine");
  });
  test("a warehouse that is no database", async () => {
    const cwd = makeProject({
      ...files,
      "data/w.duckdb": "this is a text, and a long one at that\n".repeat(500),
    });
    await refused(
      cwd,
      ["build"],
      1,
      /^error QUERY_FAILED cannot open the warehouse .*data\/w\.duckdb: .*not a valid DuckDB database/,
    );
    assert.match(readFileSync(join(cwd, "data/w.duckdb"), "utf8"), /^this is a text/);
  });
  test("a file where models should be", async () => {
    await refused(
      makeProject({ models: "x" }),
      ["build"],
      1,
      /^error DISK cannot read the folder .*models: ENOTDIR/,
    );
  });

  const unprivileged = process.getuid?.() === 0 ? "root may write everywhere" : false;
  test("read-only folders", { skip: unprivileged }, async () => {
    const cwd = makeProject(files);
    mkdirSync(join(cwd, "target"));
    chmodSync(join(cwd, "target"), 0o555);
    await refused(cwd, ["build"], 1, /^error DISK cannot write .*target.*\n {4}this user has no right to/);
    chmodSync(join(cwd, "target"), 0o755);
  });

  test("folders on a read-only file system", { skip: canMount() }, async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build"])).code, 0);
    for (const folder of ["target", "data"]) {
      const path = join(cwd, folder);
      mount("--bind", path, path);
      try {
        mount("-o", "remount,ro,bind", path);
        await refused(
          cwd,
          ["build", "--full-refresh"],
          1,
          folder === "target"
            ? /^error DISK cannot write .*target\/manifest\.json.*: EROFS.*\n {4}the file system is read-only/
            : /^error \w+ cannot open the warehouse .*data\/w\.duckdb: .*Read-only.*\n {4}the file system is read-only: name a folder elsewhere/,
        );
      } finally {
        unmount(path);
      }
    }
    assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 1 }]);
  });

  test("a disk that is full: artifacts", { skip: canMount() }, async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build"])).code, 0);
    const before = readFileSync(join(cwd, "target/manifest.json"), "utf8");
    const disk = smallDisk(cwd, "small", "1m");
    try {
      writeFileSync(join(disk, "manifest.json"), before);
      fill(disk);
      await refused(
        cwd,
        ["build", "--target-path", "small"],
        1,
        /^error DISK cannot write .*small\/compiled\/.*\.sql: ENOSPC.*\n {4}the disk is full: free some space/,
      );
      assert.equal(readFileSync(join(disk, "manifest.json"), "utf8"), before);
      assert.deepEqual(
        readdirSync(disk, { recursive: true, withFileTypes: true })
          .flatMap((entry) => (entry.isFile() ? [entry.name] : []))
          .toSorted(),
        ["filler", "manifest.json"],
        "nothing half written is left",
      );
    } finally {
      unmount(disk);
    }
  });
  test("a disk that is full: what a command says", { skip: !existsSync("/dev/full") }, () => {
    const cwd = makeProject(files);
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [...modelsCommand, "build"], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    assert.match(
      stderr,
      /^error DISK cannot write the output: ENOSPC.*\n {4}what the command did is done, only what it says is cut short: .*\n$/,
    );
    assert.equal(status, 1);
    assert.deepEqual(statuses(cwd), { a: "success" }, "the run went on to its end");
  });
  test("a disk that is full: the warehouse", { skip: canMount() }, async () => {
    const cwd = makeProject({
      ...files,
      "models/big.sql": "{{ config(materialized='table') }} select 1 as x",
    });
    const disk = smallDisk(cwd, "data", "6m");
    try {
      assert.equal((await models(cwd, ["build"])).code, 0);
      writeFiles(cwd, {
        "models/big.sql":
          "{{ config(materialized='table') }} select range as x, md5(range::varchar) as y from range(3000000)",
      });
      const { code, out, err } = await spawnModels(cwd, ["build"]);
      assert.equal(code, 1, out + err);
      assert.match(out, /ERROR +table +main\.big/);
      assert.match(
        out,
        /No space left on device\n +the disk is full: free some space and repeat the command/,
      );
      rmSync(join(disk, "filler"), { force: true });
      assert.deepEqual(await rowsOf(cwd, "from main.big"), [{ x: 1 }], "the old table is as it was");
      assert.deepEqual(await rowsOf(cwd, "from main.a"), [{ x: 1 }]);
    } finally {
      unmount(disk);
    }
  });
});

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

/** Reason why file systems cannot be mounted here, or false. */
function canMount(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "mounting needs root on Linux";
  const path = join("/tmp", `statloom-mount-${process.pid}`);
  mkdirSync(path, { recursive: true });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]);
  if (status === 0) spawnSync("umount", [path]);
  rmSync(path, { recursive: true, force: true });
  return status === 0 ? false : "this machine lets nobody mount";
}

function unmount(path: string): void {
  spawnSync("umount", [path]);
}

function smallDisk(cwd: string, name: string, size: string): string {
  const path = join(cwd, name);
  mkdirSync(path, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
  return path;
}

function fill(disk: string): void {
  const chunk = Buffer.alloc(4096);
  const path = join(disk, "filler");
  try {
    for (;;) writeFileSync(path, chunk, { flag: "a" });
  } catch {
    assert.ok(statSync(path).size > 0);
  }
}
