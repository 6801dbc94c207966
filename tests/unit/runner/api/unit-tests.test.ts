import assert from "node:assert/strict";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openProject } from "../../../../runner/api/open-project.ts";
import { touchedNodes } from "../../../../runner/api/touched-nodes.ts";
import { quiet } from "../../../support/idle-runs.ts";
import { mistakesOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, statuses } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";
import type { ArtifactResult } from "../../../support/models.ts";

const BASE = {
  "seeds/orders.csv": "id,code,amount,day\n1,007,2.5,2024-01-31\n",
  "seeds/names.csv": "code,name\n007,James\n",
  "models/totals.sql": `{{ config(materialized='incremental') }}
with big as (
    select code, amount, day from {{ ref('orders') }} where amount >= {{ var('least', 1) }}
),
summed as (select code, sum(amount) as total, max(day) as day from big group by all)
select s.code, n.name, s.total, date_diff('day', s.day, current_date) as age
from summed as s left join {{ ref('names') }} as n using (code)
{{#is_incremental}}where s.day > (select max(day) from {{ this }}){{/is_incremental}}
`,
};
const unit = (text: string): string => `unit_tests:\n${text}`;

async function run(yaml: string, files: Readonly<Record<string, string>> = {}) {
  const root = makeProject({ ...BASE, ...files, "models/_u.yml": unit(yaml) });
  const ran = await models(root, ["test", "--select", "test_type:unit"]);
  return { root, ...ran };
}
/** Message of the only result. */
const messageIn = (root: string): string =>
  (readArtifact(root, "run_results.json") as { results: ArtifactResult[] }).results[0]?.message ?? "";

describe("unit tests", () => {
  test("given rows in, expected rows out; only the listed columns count, whatever the order", async () => {
    const { root, code, out, err } = await run(`
  - name: sums
    model: totals
    given:
      - input: ref('orders')
        rows: [{code: "007", amount: 2}, {code: "007", amount: 1.5}, {code: "8", amount: 0.5}, {code: "9", amount: 9}]
      - input: ref('names')
        rows: [{code: "007", name: James}]
    expect:
      rows: [{code: "9", name: null, total: 9}, {code: "007", name: James, total: 3.5}]
`);
    assert.equal(code, 0, out + err);
    assert.deepEqual(statuses(root), { totals: "pass" });
    assert.ok(!existsSync(join(root, "data", "w.duckdb")), "without the warehouse");
  });

  test("a difference shows which cell it is", async () => {
    const { root, code } = await run(`
  - name: sums
    model: totals
    given:
      - {input: ref('orders'), rows: [{code: a, amount: 2}, {code: b, amount: 3}, {code: d, amount: 1}]}
    expect:
      rows: [{code: a, total: 2}, {code: b, total: 4}, {code: c, total: 8}]
`);
    assert.equal(code, 1);
    assert.deepEqual(messageIn(root).split("\n"), [
      "1 row differs, 1 is missing, 1 is too many (expected → found)",
      "@@  code  total",
      "→   b     4 → 3",
      "-   c     8",
      "+   d     1",
    ]);
  });

  test("CSV and SQL, here or in a file; a code stays a code", async () => {
    const { code, out, err } = await run(
      `
  - name: texts
    model: totals
    given:
      - {input: ref('orders'), rows: "code,amount\\n007,2\\n0008,3"}
      - {input: ref('names'), format: sql, rows: "select '007' as code, 'J' as name"}
    expect:
      rows: |
        code,name,total
        007,J,2
        0008,,3
  - name: files
    model: totals
    given: [{input: ref('orders'), fixture: some_orders}]
    expect: {fixture: totals, format: sql}
`,
      {
        "tests/fixtures/some_orders.csv": "code,amount\nx,5\n",
        "tests/fixtures/totals.sql": "select 'x' as code, 5.0 as total",
      },
    );
    assert.equal(code, 0, out + err);
  });

  test("a seed that is given without rows has its own, as in dbt; what is not given is empty", async () => {
    const { code, out, err } = await run(
      `
  - name: own
    model: totals
    given: [{input: ref('orders')}, {input: ref('names'), rows: []}]
    expect: {rows: [{code: "007", name: null, total: 2.5}]}
  - {name: empty, model: totals, expect: {rows: []}}
`,
      { "seeds/_s.yml": "seeds: [{name: orders, config: {column_types: {code: varchar}}}]" },
    );
    assert.equal(code, 0, out + err);
  });

  test("other rows in a file are a change, whether for --changed or as state:modified; of none it is told", async () => {
    const root = makeProject({
      ...BASE,
      "models/_u.yml": unit(
        "  - {name: files, model: totals, given: [{input: ref('orders'), fixture: deep/some}], expect: {rows: [{total: 5}]}}\n",
      ),
      "tests/fixtures/deep/some.csv": "code,amount\nx,5\n",
    });
    assert.equal((await models(root, ["build"])).code, 0);
    cpSync(join(root, "target"), join(root, "before"), { recursive: true });
    writeFiles(root, { "tests/fixtures/deep/some.csv": "code,amount\nx,6\n" });
    const state = ["ls", "-s", "state:modified", "--state", "before", "--quiet"];
    assert.equal((await models(root, state)).out, "unit_test:shop.files\n");
    const effects = { ...quiet, cwd: root };
    const now = await openProject({ projectDir: root }, effects);
    writeFiles(root, { "tests/fixtures/deep/some.csv": "code,amount\nx,5\n" });
    const before = await openProject({ projectDir: root }, effects);
    const { ids } = touchedNodes(before, now, new Set(["tests/fixtures/deep/some.csv"]), true);
    assert.deepEqual([...ids], ["unit_test.shop.totals.files"], "which is what models watch builds");
    writeFiles(root, { "tests/fixtures/deep/some.csv": "code,amount\nx,6\n" });
    assert.equal((await models(root, ["build", "--changed"])).code, 1);
    assert.equal(statuses(root)["totals"], "skipped");
    writeFiles(root, { "tests/fixtures/deep/other.csv": "" });
    rmSync(join(root, "tests/fixtures/deep/some.csv"));
    assert.match(
      (await models(root, ["parse"])).err,
      /_u\.yml:2:\d+ FIXTURE_MISSING there is no tests\/fixtures\/deep\/some\.csv/,
    );
  });

  test("overrides: vars, is_incremental with this, macros, the clock", async () => {
    const { code, out, err } = await run(
      `
  - name: var
    model: totals
    overrides: {vars: {least: 10}}
    given: [{input: ref('orders'), rows: [{code: a, amount: 9}]}]
    expect: {rows: []}
  - name: incremental
    model: totals
    overrides: {macros: {is_incremental: true}}
    given:
      - {input: ref('orders'), rows: [{code: a, amount: 9, day: 2024-01-01}, {code: b, amount: 9, day: 2024-03-01}]}
      - {input: this, rows: "code,day\\nz,2024-02-01"}
    expect: {rows: [{code: b}]}
  - name: clock
    model: totals
    overrides: {now: "2024-02-01T12:00:00Z"}
    given: [{input: ref('orders'), rows: [{code: a, amount: 9, day: 2024-01-31}]}]
    expect: {rows: [{age: 1}]}
  - name: macro
    model: with_macro
    overrides: {macros: {rate: "3"}, env_vars: {REGION: north}}
    given: [{input: ref('orders'), rows: [{amount: 2}]}]
    expect: {rows: [{v: 6, region: north}]}
`,
      {
        "macros/m.sql": "{{! macro rate() }}\n2\n",
        "models/totals.sql": BASE["models/totals.sql"].replace("s.code,", "s.code, s.day,"),
        "models/with_macro.sql":
          "select amount * {{ rate() }} as v, {{ env_var('REGION', 'none') }} as region from {{ ref('orders') }}",
      },
    );
    assert.equal(code, 0, out + err);
  });

  test("of a macro alone, and of one CTE", async () => {
    const { root, code } = await run(
      `
  - name: twice
    sql: "select {{ twice('n') }} as m from numbers"
    given: [{input: numbers, rows: [{n: 1}, {n: null}]}]
    expect: {rows: [{m: 2}, {m: null}]}
  - name: cte
    model: totals
    cte: big
    given: [{input: ref('orders'), rows: [{code: a, amount: 0.5}, {code: b, amount: 1}]}]
    expect: {rows: [{code: b, amount: 1}]}
  - name: wrong_cte
    model: totals
    cte: bigg
    given: []
    expect: {rows: []}
`,
      { "macros/m.sql": "{{! macro twice(column) }}\n2 * {{ identifier(column) }}\n" },
    );
    assert.equal(code, 1);
    assert.deepEqual(statuses(root), { twice: "pass", totals: "error" });
  });

  test("in a build they run first, and hold up their model", async () => {
    const root = makeProject({
      ...BASE,
      "models/below.sql": "select * from {{ ref('totals') }}",
      "models/_u.yml": unit("  - {name: wrong, model: totals, given: [], expect: {rows: [{code: a}]}}\n"),
    });
    const { code, err } = await models(root, ["build"]);
    assert.equal(code, 1, err);
    const { results } = readArtifact(root, "run_results.json") as { results: ArtifactResult[] };
    const by = Object.fromEntries(results.map(({ unique_id: id, status }) => [id, status]));
    assert.equal(by["unit_test.shop.totals.wrong"], "fail");
    assert.equal(by["model.shop.totals"], "skipped");
    assert.equal(by["model.shop.below"], "skipped");
    assert.equal(by["seed.shop.orders"], "success");
    const { unit_tests: tests } = readArtifact(root, "manifest.json") as {
      unit_tests: Record<string, { model: string }>;
    };
    assert.equal(tests["unit_test.shop.totals.wrong"]?.model, "totals");
    assert.equal((await models(root, ["retry"])).code, 1, "what failed is run again before its model");
    assert.deepEqual(statuses(root), { totals: "skipped", below: "skipped" });
    writeFiles(root, {
      "models/_u.yml": unit("  - {name: wrong, model: totals, given: [], expect: {rows: []}}\n"),
    });
    assert.match((await models(root, ["retry"])).out, /1\/3 {2}pass +unit test +wrong/);
  });

  test("are selected by name, type, model and path", async () => {
    const root = makeProject({
      ...BASE,
      "models/_u.yml": unit("  - {name: a, model: totals, config: {tags: x}, expect: {rows: []}}\n"),
    });
    const listed = async (...words: string[]): Promise<string> =>
      (await models(root, ["ls", ...words])).out.trim();
    for (const selector of [
      "unit_test:a",
      "test_type:unit",
      "test_name:a",
      "tag:x",
      "resource_type:unit_test",
    ])
      assert.equal(await listed("--select", selector), "unit_test:shop.a", selector);
    assert.match(await listed("--select", "totals"), /unit_test:shop\.a/);
    assert.doesNotMatch(await listed("--select", "totals", "--exclude", "test_type:unit"), /unit_test/);
  });

  test("mistakes are told with their place and the nearest name", async () => {
    assert.deepEqual(
      await mistakesOf({
        ...BASE,
        "tests/fixtures/f.csv": "code\nx\n",
        "models/_u.yml": unit(
          `  - {name: a, model: total, expect: {rows: []}}
  - {name: b, expect: {rows: []}}
  - {name: c, model: totals, given: [{input: ref('totals')}], expect: {rows: "x"}}
  - {name: d, model: totals, given: [{input: whatever}], expect: {rows: [], fixture: f}}
  - {name: d, model: totals, expect: {rows: [], format: csv}}
`,
        ),
      }),
      [
        'models/_u.yml:2:6 MODEL_UNKNOWN no model is named "total" | did you mean "totals"?',
        'models/_u.yml:3:6 UNIT_TEST_INVALID unit test "b" tests nothing | give it a model, or sql of its own',
        "models/_u.yml:4:39 UNIT_INPUT_UNREAD \"totals\" does not read ref('totals') | it reads orders, names",
        "models/_u.yml:5:39 NAME_UNKNOWN nothing is named \"whatever\" | a value from outside is written var('whatever'); a macro is written in a file below macros/",
        "models/_u.yml:5:39 UNIT_TEST_INVALID \"whatever\" is no input | write ref('x'), source('a', 'b') or this",
        "models/_u.yml:5:77 UNIT_TEST_INVALID rows are given here and in a file | keep one of the two",
        'models/_u.yml:6:6 NAME_DUPLICATE unit test "d" is also in models/_u.yml:5 | rename one of the two, or switch it off (enabled: false)',
        'models/_u.yml:6:39 UNIT_TEST_INVALID rows of format "csv" are text | leave the format out, or write the rows as text',
      ],
    );
  });

  test("a column that is not there, and SQL that fails, are errors that say where", async () => {
    const { root } = await run(`
  - {name: a, model: totals, given: [{input: ref('orders'), rows: [{cod: 1}]}], expect: {rows: []}}
`);
    assert.match(
      messageIn(root),
      /^FIXTURE_INVALID models\/_u\.yml:\d+ input ref\('orders'\): there is no column "cod"\ndid you mean "code"\?/,
    );
  });
  test("of a PostgreSQL target run in DuckDB, need no server, and say where its SQL is another", async () => {
    const cwd = makeProject({
      "sql_project.yaml":
        "name: shop\ntarget: dev\ntargets:\n  dev: {type: postgres, url: 'postgresql://nobody@127.0.0.1:1/none', schema: public}\n",
      "models/up.sql": "select 1 as id, 'x' as word",
      "models/m.sql":
        "select id, date_trunc('month', date '2024-03-01' + id)::date as month from {{ ref('up') }} where lower(word) like 'a%'",
      "models/odd.sql": "select id, to_char(now(), 'YYYY') from {{ ref('up') }} where word ~* 'a'",
      "models/p.yml": `unit_tests:
  - {name: both, model: m, given: [{input: ref('up'), rows: [{id: 1, word: Abc}, {id: 2, word: b}]}], expect: {rows: [{id: 1, month: 2024-03-01}]}}
  - {name: no, model: odd, given: [{input: ref('up'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
`,
    });
    const { out } = await models(cwd, ["test", "--select", "test_type:unit"]);
    assert.deepEqual(statuses(cwd), { m: "pass", odd: "error" });
    assert.match(
      out,
      /UNIT_TEST_FOREIGN DuckDB, in which unit tests run, refuses SQL that is written for postgres: /,
    );
  });
});
