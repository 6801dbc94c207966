import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { makeProject, models, statuses } from "../../../support/models.ts";

type Recorded = {
  unit_tests: {
    given: { input: string; rows: object[] }[];
    expect: { rows: object[] };
    overrides?: object;
  }[];
};

const FILES = {
  "models/orders.sql": `{{ config(materialized='table') }}
select range as id, 'c' || (range % 3) as customer, range * 1.5 + 1 as price, 'noise' || range as noise from range(12)`,
  "models/customers.sql": "select 'c' || range as customer, 'Name ' || range as called from range(5)",
  "models/late/totals.sql": `select customer, called, sum(price)::double as total, current_date as as_of
from {{ ref('orders') }} join {{ ref('customers') }} using (customer) group by all order by customer`,
  "models/none.sql": "select * from {{ ref('orders') }} where id < 0",
};

test("a unit test is written of the rows that matter, passes, and is not written over", async () => {
  const cwd = makeProject(FILES);
  assert.equal((await models(cwd, ["build"])).code, 0);
  const record = ["test", "--record", "totals", "--limit", "2"];
  const { code, out } = await models(cwd, record);
  assert.equal(code, 0);
  const file = "models/late/totals_as_recorded.yml";
  assert.match(
    out,
    /^models\/late\/totals_as_recorded\.yml: .*\(10 rows given, 2 rows expected\), which passes/,
  );
  const { unit_tests: tests } = parse(readFileSync(join(cwd, file), "utf8")) as Recorded;
  const { given, expect, overrides } = tests[0]!;
  assert.deepEqual(
    given.map(({ input, rows }) => [input, rows.length, Object.keys(rows[0]!).toSorted()]),
    [
      ["ref('orders')", 8, ["customer", "price"]],
      ["ref('customers')", 2, ["called", "customer"]],
    ],
    "all rows of a sum, none of the other customers, no column that does not count",
  );
  assert.equal(expect.rows.length, 2);
  assert.ok(overrides, "what reads the clock is told what it says");
  assert.equal(
    (await models(cwd, ["test", "--select", "test_type:unit"], { now: "2031-05-05T00:00:00Z" })).code,
    0,
  );
  assert.deepEqual(statuses(cwd), { totals: "pass" });
  const again = await models(cwd, record);
  assert.equal(again.code, 2);
  assert.match(again.err, /FILE_EXISTS/);
  writeFileSync(join(cwd, "models/late/totals.sql"), FILES["models/late/totals.sql"].replace("sum(", "max("));
  assert.equal((await models(cwd, ["test", "--select", "test_type:unit"])).code, 1);
});

test("a model that makes no rows, or is none, is no test", async () => {
  const cwd = makeProject(FILES);
  await models(cwd, ["build"]);
  const none = await models(cwd, ["test", "--record", "none"]);
  assert.deepEqual([none.code, /RECORD_EMPTY/.test(none.err)], [1, true]);
  assert.ok(!existsSync(join(cwd, "models/none_as_recorded.yml")));
  const unknown = await models(cwd, ["test", "--record", "total"]);
  assert.deepEqual([unknown.code, /no model is named "total"[^]*"totals"/.test(unknown.err)], [2, true]);
  assert.equal((await models(cwd, ["test", "--record", "totals", "--limit", "0"])).code, 2);
});
