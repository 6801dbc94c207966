import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { z } from "zod";
import { packageRoot } from "../../runner/base/package-root.ts";
import { stripTypesOnImport } from "../../runner/template/strip-types-hook.ts";
import { noLongerBundled, notesOf, pretendBundled, soon, wayOf } from "../support/idle-runs.ts";
import { makeProject, models, rowsOf, statuses } from "../support/models.ts";
import { assertOpenLineage } from "../support/openlineage-schema.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { tempFolder } from "../support/temp.ts";

const server = await databaseForTests();
const state = ["--state", "state"];

/** What compares and resumes, in PostgreSQL and between it and DuckDB. */
describe("states and differences in PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const other = new URL(server.url);
  other.pathname = "/postgres";
  const project = (schema: string): string => `name: shop
target: dev
targets:
  dev: {type: postgres, url: "${server.url}", schema: ${schema}_dev}
  prod: {type: postgres, url: "${server.url}", schema: ${schema}_prod}
  away: {type: postgres, url: "${other.href}", schema: ${schema}_away}
  local: {type: duckdb, path: data/local.duckdb}
`;
  const run = async (cwd: string, words: readonly string[], code = 0): Promise<string> => {
    const ran = await models(cwd, words);
    assert.equal(ran.code, code, ran.out + ran.err);
    return ran.out + ran.err;
  };
  const keep = (cwd: string): void => {
    mkdirSync(join(cwd, "state"), { recursive: true });
    for (const file of ["manifest.json", "run_results.json"])
      cpSync(join(cwd, "target", file), join(cwd, "state", file));
  };

  test("defer reads another schema where this one has nothing; clone makes views of it", async () => {
    const cwd = makeProject({
      "sql_project.yaml": project("d"),
      "models/a.sql": "{{ config(materialized='table') }} select '{{ target.name }}' as origin",
      "models/e.sql": "{{ config(materialized='ephemeral') }} select origin from {{ ref('a') }}",
      "models/b.sql": "{{ config(materialized='table') }} select origin from {{ ref('e') }}",
    });
    const originOf = async (relation: string): Promise<unknown> =>
      (await sql.unsafe(`select origin from ${relation}`))[0]?.["origin"];
    await run(cwd, ["build", "-q", "--target", "prod"]);
    keep(cwd);
    await run(cwd, ["run", "-q", "-s", "b"], 1);
    await run(cwd, ["run", "-q", "-s", "b", "--defer", ...state]);
    assert.equal(await originOf("d_dev.b"), "prod");
    await run(cwd, ["run", "-q", "-s", "a"]);
    await run(cwd, ["run", "-q", "-s", "b", "--defer", ...state]);
    assert.equal(await originOf("d_dev.b"), "dev");
    await run(cwd, ["run", "-q", "-s", "b", "--defer", "--favor-state", ...state]);
    assert.equal(await originOf("d_dev.b"), "prod");
    assert.match(await run(cwd, ["show", "-s", "b", "--defer", "--favor-state", ...state]), /prod/);
    await run(cwd, ["run", "-q", "-s", "b", "--defer", "--defer-target", "prod", ...state]);
    assert.match(
      await run(
        cwd,
        ["run", "-q", "-s", "b", "--defer", "--favor-state", "--defer-target", "away", ...state],
        2,
      ),
      /DEFER_TARGET the warehouse of "away" cannot be read from that of "dev"/,
    );
    await sql.unsafe("drop schema d_dev cascade");
    await run(cwd, ["clone", "-q", ...state]);
    assert.deepEqual(statuses(cwd), { a: "success", b: "success" });
    assert.equal(await originOf("d_dev.b"), "prod");
    assert.match(await run(cwd, ["clone", ...state, "--output", "json"]), /there already/);
    await run(cwd, ["build", "-q", "-s", "a"]);
    assert.equal(await originOf("d_dev.a"), "dev", "a model takes the place of the view");
    await run(cwd, ["clone", "-q", "-s", "a", "--full-refresh", ...state]);
    assert.equal(await originOf("d_dev.a"), "prod");
  });

  test("build --changed builds what an edit means, and retry what was left", async () => {
    const cwd = makeProject({
      "sql_project.yaml": project("c"),
      "seeds/s.csv": "id,n\n1,2\n",
      "models/a.sql": "{{ config(materialized='table') }} select id, n from {{ ref('s') }}",
      "models/b.sql": "{{ config(materialized='table') }} select id, n / 0 as x from {{ ref('a') }}",
      "models/c.sql": "select id from {{ ref('b') }}",
      "models/other.sql": "{{ config(materialized='table') }} select 1 as x",
      "models/p.yml": "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]\n",
    });
    await run(cwd, ["build"], 1);
    assert.deepEqual(statuses(cwd), {
      s: "success",
      other: "success",
      a: "success",
      unique_a_id: "pass",
      b: "error",
      c: "skipped",
    });
    writeFileSync(
      join(cwd, "models/b.sql"),
      "{{ config(materialized='table') }} select id, n / 1 as x from {{ ref('a') }}",
    );
    await run(cwd, ["retry"]);
    assert.deepEqual(statuses(cwd), { b: "success", c: "success" });
    const again = async (): Promise<Record<string, string>> => {
      await run(cwd, ["build", "--changed"]);
      return Object.fromEntries(Object.entries(statuses(cwd)).filter(([, status]) => status !== "no-op"));
    };
    assert.deepEqual(await again(), {});
    writeFileSync(
      join(cwd, "models/a.sql"),
      "-- said otherwise\n{{ config(materialized='table') }} select  id, n from {{ ref('s') }}",
    );
    assert.deepEqual(await again(), {});
    writeFileSync(join(cwd, "seeds/s.csv"), "id,n\n1,2\n2,3\n");
    assert.deepEqual(await again(), {
      s: "success",
      a: "success",
      unique_a_id: "pass",
      b: "success",
      c: "success",
    });
    assert.match(await run(cwd, ["explain", "a"]), /nothing|as it would be|not be built|reused/i);
    keep(cwd);
    assert.match(await run(cwd, ["ls", "-s", "state:modified", ...state]), /matches nothing/);
    writeFileSync(join(cwd, "models/other.sql"), "{{ config(materialized='table') }} select 2 as x");
    assert.match(await run(cwd, ["ls", "-s", "state:modified", "--output", "name", ...state]), /^other\n$/);
  });

  const compared = {
    "models/fct.sql": `{{ config(materialized='table', unique_key='id') }}
{{#if target.name == 'prod'}}select * from (values (1, 'a', 1.5, date '2024-01-01', true), (2, 'b', 2.5, date '2024-01-02', null), (3, 'c', 3.5, null, false)) as t(id, name, n, day, flag)
{{else}}select * from (values (1, 'a', 1.5, date '2024-01-01', true), (2, 'B', 2.50, date '2024-02-02', null), (4, 'd', 4, null, false)) as t(id, name, n, day, flag){{/if}}`,
    "models/same.sql": `{{ config(materialized='table', unique_key=['k', 'at']) }}
select cast(12345678901 as bigint) as k, timestamp '2024-01-02 03:04:05.5' as at, cast(0.1 as double precision) as x, cast(1.10 as decimal(9, 2)) as d,
  cast('2024-01-02 03:04:05+02' as timestamp with time zone) as moment, 'é|<b>' as text, cast(null as integer) as nothing,
  cast('{"b": 1, "a": [1.0]}' as json) as doc, cast('7d444840-9dc0-11d1-b245-5ffdce74fad2' as uuid) as id, interval '1 month 2 days 3 hours' as span,
  time '01:02:03' as clock, cast('NaN' as double precision) as odd, cast(12345678901234567890.100 as decimal(38, 3)) as huge, '007' as code, false as no,
  date '0044-03-15' as old, {{#if target.type == 'duckdb'}}[1.50, null]{{else}}array[1.50, null]{{/if}} as list`,
    "models/view_of.sql": "select id, name from {{ ref('fct') }}",
    "models/p.yml": "models: [{name: view_of, columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
  };

  test("diff between two schemas, as text and as Markdown", async () => {
    const cwd = makeProject({ "sql_project.yaml": project("f"), ...compared });
    await run(cwd, ["build", "-q"]);
    await run(cwd, ["build", "-q", "--target", "prod"]);
    assert.deepEqual((await run(cwd, ["diff", "fct", "--against", "prod"])).trim().split("\n"), [
      "fct: differs (3 rows)",
      "  - 1 key not in prod: (4)",
      "  - 1 key only in prod: (3)",
      "  - 1 row with other values",
      "  - column name: 1 value changed, such as 2: B, was b",
      "  - column day: 1 value changed, such as 2: 2024-02-02, was 2024-01-02",
    ]);
    const markdown = await run(cwd, ["diff", "--all", "--against", "prod"]);
    assert.match(markdown, /^### dev against prod: 2 of 3 differ\n/);
    assert.match(markdown, /\| fct \| differs \| 3 \| 1 \| 1 \| 1 \|/);
    assert.match(markdown, /\| view\\_of \| differs \| 3 \| 1 \| 1 \| 1 \|/);
    keep(cwd);
    assert.match(await run(cwd, ["diff", "fct", "--against", "state"]), /^fct: /);
  });

  test("diff between DuckDB and PostgreSQL, both ways: what is the same is the same", async () => {
    const cwd = makeProject({ "sql_project.yaml": project("x"), ...compared });
    await run(cwd, ["build", "-q"]);
    await run(cwd, ["build", "-q", "--target", "local"]);
    for (const [here, there] of [
      ["dev", "local"],
      ["local", "dev"],
    ] as const) {
      const out = await run(cwd, ["diff", "--all", "--output", "text", "--target", here, "--against", there]);
      assert.deepEqual(
        out.trim().split("\n").toSorted(),
        ["fct: same (3 rows)", "same: same (1 row)", "view_of: same (3 rows)"],
        `${here} against ${there}`,
      );
    }
    await run(cwd, ["build", "-q", "--target", "prod"]);
    const out = await run(cwd, ["diff", "--all", "--target", "local", "--against", "prod"]);
    assert.match(out, /^### local against prod: 2 of 3 differ\n/);
    assert.match(out, /column day: 1 value changed, such as 2: 2024-02-02, was 2024-01-02/);
  });

  test("the starter builds, its types fit its rows, and events name its tables", async () => {
    const folder = tempFolder();
    await run(folder, ["init", "shop", "--warehouse", "postgres"]);
    const cwd = join(folder, "shop");
    const env = { DATABASE_URL: server.url };
    writeFileSync(join(cwd, ".env"), `DATABASE_URL=${server.url}\n`);
    appendFileSync(join(cwd, "sql_project.yaml"), "openlineage: {file: target/events.ndjson}\n");
    const built = await models(cwd, ["build"], { env });
    assert.equal(built.code, 0, built.out + built.err);
    assert.match(built.out, /done in .*: 10 ok/);
    symlinkSync(join(packageRoot(), "node_modules"), join(cwd, "node_modules"));
    await run(cwd, ["generate", "types", "-s", "tag:mart", "--output", "types.ts"]);
    await stripTypesOnImport();
    const { martUnmetNeedSchema } = (await import(join(cwd, "types.ts"))) as {
      martUnmetNeedSchema: z.ZodObject;
    };
    const rows = await rowsOf(cwd, "select * from {{ ref('mart_unmet_need') }}");
    assert.equal(rows.length, 17);
    for (const row of rows) assert.deepEqual(martUnmetNeedSchema.strict().parse(row), row);
    const events = readFileSync(join(cwd, "target/events.ndjson"), "utf8").trimEnd().split("\n");
    const { host, pathname } = new URL(server.url);
    const names = new Set<string>();
    for (const line of events) {
      const event = JSON.parse(line) as { outputs: { namespace: string; name: string; facets?: object }[] };
      assertOpenLineage(event);
      for (const { namespace, name, facets } of event.outputs) {
        assert.equal(namespace, `postgres://${host}`);
        names.add(`${name} ${"columnLineage" in (facets ?? {})}`);
      }
    }
    const database = pathname.slice(1);
    for (const name of ["unmet_need false", "stg_unmet_need true", "mart_unmet_need true"])
      assert.ok(names.has(`${database}.shop.${name}`), [...names].join("\n"));
  });

  test("a run that finds nothing to do is known by what the server answers", async () => {
    pretendBundled();
    try {
      await sql.unsafe(`create schema staging;
create table staging.batches (table_name text, vintage text, extracted_at timestamptz, sequence int);
create table staging.pub__set__latest as select 'AT' as geo;
insert into staging.batches values ('pub__set', '2025', '2025-01-01', 1)`);
      const cwd = makeProject({
        "sql_project.yaml":
          "name: shop\ntarget: dev\ntargets: {dev: {type: postgres, url: '${SHOP_URL}', schema: idle}}\n",
        "seeds/codes.csv": "id,name\n1,a\n",
        "models/a.sql": "{{ config(materialized='table') }} select 1 as id",
        "models/i.sql":
          "{{ config(materialized='incremental') }} select id from {{ ref('a') }} {{#is_incremental}}where false{{/is_incremental}}",
        "models/c.sql": "select id from {{ ref('codes') }}",
        "models/l.sql": "{{ config(materialized='table') }} select geo from {{ source('pub', 'set') }}",
        "models/s.yml":
          "models: [{name: a, columns: [{name: id, data_tests: [not_null]}]}]\nsources: [{name: pub, landing: true, tables: [{name: set, columns: [{name: geo}]}]}]",
      });
      const env = { SHOP_URL: server.url };
      const way = (): Promise<string> => wayOf(cwd, { env });
      const built = await models(cwd, ["build"], { env, now: soon() });
      assert.equal(built.code, 0, built.out + built.err);
      assert.equal(await way(), "repeated");
      assert.equal(await way(), "repeated");
      const changes: [string, string][] = [
        ["drop view idle.c", "built"],
        ["drop table idle.i", "built"],
        ["delete from meta.statloom_builds where node_id like '%.a'", "built"],
        ["insert into staging.batches values ('pub__set', '2026', '2026-01-01', 2)", "built"],
        ["update meta.statloom_seeds set fingerprint = 'x'", "built"],
        ["update staging.batches set extracted_at = '2027-01-01'", "found nothing to do"],
        ["create table idle.of_somebody_else (id int)", "found nothing to do"],
      ];
      for (const [change, then] of changes) {
        await sql.unsafe(change);
        assert.equal(await way(), then, change);
        assert.equal(await way(), "repeated", change);
      }
      const note = notesOf(cwd).map((path) => readFileSync(path, "utf8"));
      assert.ok(!note.join("").includes(server.url), "nobody is told how to connect");
      const elsewhere = { SHOP_URL: other.href };
      assert.equal(await wayOf(cwd, { env: elsewhere }), "built");
      const away = { SHOP_URL: "postgres://nobody@127.0.0.1:1/x" };
      const failed = await models(cwd, ["build", "--changed"], { env: away });
      assert.notEqual(failed.code, 0, failed.out);
    } finally {
      noLongerBundled();
    }
  });
});
