import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { refused } from "../support/refused.ts";
import { PROJECT_FILE } from "../support/link-project.ts";
import { makeProject, models, rowsOf, statuses } from "../support/models.ts";
import { spawnModels } from "../support/spawn-models.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";

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
