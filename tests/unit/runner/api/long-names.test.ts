import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProject, models } from "../../../support/models.ts";

test("a name that PostgreSQL would cut is told with its place, before anything runs", async () => {
  const long = `orders_${"é".repeat(29)}`;
  const cwd = makeProject({
    "sql_project.yaml":
      "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb}\n  prod: {type: postgres, url: postgres://nowhere/x}\n",
    [`models/${long}.sql`]: "select 1 as a",
    "models/short.sql": "{{ config(alias='" + long.slice(0, -1) + "') }} select 1 as a",
  });
  assert.equal((await models(cwd, ["compile"])).code, 0);
  const { code, err } = await models(cwd, ["compile", "--target", "prod"]);
  assert.equal(code, 2);
  assert.match(
    err,
    new RegExp(
      `^models/${long}\\.sql:1:1 NAME_TOO_LONG "${long}" has 65 bytes, and names in postgres at most 63`,
    ),
  );
  assert.equal(err.match(/NAME_TOO_LONG/g)?.length, 1);
});
