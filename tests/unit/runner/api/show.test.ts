import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeProject, models, rowsOf } from "../../../support/models.ts";

describe("show", () => {
  test("reads, whatever it is given, and writes nothing", async () => {
    const cwd = makeProject({ "models/a.sql": "{{ config(materialized='table') }} select 1 as x" });
    assert.equal((await models(cwd, ["run"])).code, 0);
    const refused: readonly (readonly [sql: string, message: RegExp])[] = [
      ["delete from main.a", /inline:1:1 INLINE_NO_QUERY "delete" begins no query\n.*one select/],
      ["/* x */ drop table main.a", /INLINE_NO_QUERY "drop" begins no query/],
      ["select 1; delete from {{ ref('a') }}", /INLINE_NO_QUERY these are several statements/],
      ["create table main.b as select 1", /INLINE_NO_QUERY "create" begins no query/],
      ["with x as (select 1) delete from main.a", /syntax error/],
    ];
    for (const [sql, message] of refused)
      for (const limit of ["5", "-1"]) {
        const { code, err } = await models(cwd, ["show", "--inline", sql, "--limit", limit]);
        assert.notEqual(code, 0, sql);
        assert.match(err, message);
      }
    assert.deepEqual(await rowsOf(cwd, "select x, ';' as s from {{ ref('a') }};"), [{ x: 1, s: ";" }]);
    assert.deepEqual(await rowsOf(cwd, "(from main.a) union all (values (2)) order by 1 desc"), [
      { x: 2 },
      { x: 1 },
    ]);
  });
  test("runs a model's sql_header before its query, and nothing of it stays", async () => {
    const cwd = makeProject({
      "models/a.sql": `{{ config(sql_header="create temporary macro doubled(n) as n * 2") }} select doubled(21) as x`,
    });
    const { code, out, err } = await models(cwd, ["show", "-s", "a", "--output", "json"]);
    assert.equal(code, 0, err);
    assert.deepEqual((JSON.parse(out) as { show: unknown }).show, [{ x: 42 }]);
  });
  test("says what has not been built, and how to build it", async () => {
    const cwd = makeProject({
      "models/a.sql": "{{ config(materialized='table') }} select 1 as x",
      "models/b.sql": "select x from {{ ref('a') }}",
    });
    const err = `error NOT_BUILT this reads "a", which is not built in target "dev" yet\n    models build --select +a\n`;
    assert.deepEqual(await models(cwd, ["show", "-s", "b"]), { code: 1, out: "", err });
    assert.deepEqual(await models(cwd, ["show", "--inline", "from {{ ref('a') }}"]), {
      code: 1,
      out: "",
      err,
    });
    assert.equal((await models(cwd, ["run"])).code, 0);
    assert.match(
      (await models(cwd, ["show", "--inline", "select y from {{ ref('a') }}"])).err,
      /QUERY_FAILED/,
    );
  });
});
