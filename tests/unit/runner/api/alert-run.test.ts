import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeProject, models, rowsOf } from "../../../support/models.ts";
import { startReceiver } from "../../../support/receivers.ts";
import type { Received } from "../../../support/receivers.ts";
import { writeFiles } from "../../../support/temp.ts";

const table = "{{ config(materialized='table') }}\n";
const projectFile = (rules = "{}"): string => `name: shop
target: dev
targets: {dev: {type: duckdb, path: w.duckdb}}
alerts:
  channels: [{name: hook, type: webhook, url: "\${HOOK_URL:-}"}]
  rules: ${rules}
`;
type Told = { rule: string; subject: string; severity: string; title: string; details: string };
const told = (received: Received[]): { firing: Told[]; resolved: Told[] } =>
  (received.at(-1)?.body ?? {}) as { firing: Told[]; resolved: Told[] };

describe("alerts of a run", () => {
  test("tell of models and tests that fail, once, and when they are well", async () => {
    const { url, received } = await startReceiver();
    const env = { env: { HOOK_URL: url } };
    const cwd = makeProject({
      "sql_project.yaml": projectFile(),
      "models/a.sql": `${table}select 1 as x union all select 1`,
      "models/b.sql": `${table}select 'no'::int as y`,
      "models/_m.yml":
        "models: [{name: a, columns: [{name: x, data_tests: [unique, {not_null: {config: {severity: warn}}}]}]}, {name: b, config: {group: core, meta: {owner: Bob}}}]\ngroups: [{name: core, owner: {name: Ada, email: a@x.org}}]",
    });
    assert.equal((await models(cwd, ["build"], env)).code, 1);
    assert.deepEqual(
      told(received)
        .firing.map(({ rule, title }) => [rule, title])
        .toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
      [
        ["failed_run", 'model "b" could not be built'],
        ["test_failure", 'test "unique_a_x" found 1 row'],
      ],
    );
    assert.match(
      told(received).firing.find(({ rule }) => rule === "failed_run")!.details,
      /QUERY_FAILED[^]*owner: Ada <a@x.org> \(group core\)$/,
    );
    await models(cwd, ["build"], env);
    assert.equal(received.length, 1);
    writeFiles(cwd, {
      "models/a.sql": `${table}select 1 as x union all select 2`,
      "models/b.sql": "select 1 as y",
    });
    assert.equal((await models(cwd, ["build"], env)).code, 0);
    assert.deepEqual(told(received).firing, []);
    assert.equal(told(received).resolved.length, 2);
    await models(cwd, ["build"], env);
    assert.equal(received.length, 2);
  });

  test("tell of nodes also when a hook at the end fails, and of the run once", async () => {
    const { url, received } = await startReceiver();
    const env = { env: { HOOK_URL: url } };
    const cwd = makeProject({
      "sql_project.yaml": `${projectFile()}on-run-end: ["select 'no'::int"]\n`,
      "models/a.sql": `${table}select 'no'::int as y`,
    });
    assert.notEqual((await models(cwd, ["build"], env)).code, 0);
    const titles = (kind: "firing" | "resolved"): string[] =>
      received.flatMap(({ body }) => (body as Record<typeof kind, Told[]>)[kind].map(({ title }) => title));
    assert.deepEqual(titles("firing").toSorted(), [
      'model "a" could not be built',
      "models build came to nothing",
    ]);
    await models(cwd, ["build"], env);
    assert.equal(received.length, 2, "neither is well, and neither is new");
    writeFiles(cwd, { "sql_project.yaml": projectFile(), "models/a.sql": `${table}select 1 as y` });
    assert.equal((await models(cwd, ["build"], env)).code, 0);
    assert.equal(titles("resolved").length, 2);
  });

  test("tell of a project that is broken, not of a wrong call, and fail nothing when nobody listens", async () => {
    const { url, received } = await startReceiver();
    const env = { env: { HOOK_URL: url } };
    const cwd = makeProject({
      "sql_project.yaml": projectFile(),
      "models/a.sql": "select * from {{ ref('nobody') }}",
    });
    assert.equal((await models(cwd, ["build"], env)).code, 2);
    assert.match(told(received).firing[0]!.title, /^models build came to nothing \(1 problems?\)/);
    assert.match(told(received).firing[0]!.details, /models\/a\.sql:1:\d+ REF_UNKNOWN/);
    writeFiles(cwd, { "models/a.sql": "select 1 as x" });
    await models(cwd, ["build"], env);
    assert.equal(told(received).resolved.length, 1);
    assert.equal((await models(cwd, ["build", "--event-time-start", "2025-01-01"], env)).code, 2);
    assert.equal(received.length, 2);
    writeFiles(cwd, {
      "models/a.sql": "select 'x'::int as x from range(1)",
      "models/b.sql": `${table}select 'x'::int`,
    });
    const { code, err } = await models(cwd, ["build"], {
      env: { HOOK_URL: "http://127.0.0.1:9/hook-secret" },
    });
    assert.equal(code, 1);
    assert.match(err, /warning ALERT_NOT_SENT the channel "hook" was not told/);
    assert.doesNotMatch(err, /hook-secret/);
  });

  test("tell of tables that lose rows, of what is slow, and of old sources", async () => {
    const { url, received } = await startReceiver();
    const env = { HOOK_URL: url };
    const cwd = makeProject({
      "sql_project.yaml": projectFile("{slower_than_usual: {times: 3, seconds: 0.05}}"),
      "models/a.sql": `${table}select range as x from range(100)`,
      "models/_s.yml":
        "sources: [{name: shop, schema: main, loaded_at_field: t, freshness: {warn_after: {count: 1, period: day}}, tables: [{name: t}]}]",
    });
    for (let i = 1; i <= 3; i++) await models(cwd, ["build"], { env });
    assert.equal(received.length, 0);
    // A cross join of this size takes a few tenths of a second.
    writeFiles(cwd, {
      "models/a.sql": `${table}select sum(hash(a.range + b.range)) as x from range(20000) a, range(2000) b`,
      "models/t.sql": `${table}select timestamp '2025-05-01' as t`,
    });
    await models(cwd, ["build"], { env });
    assert.deepEqual(
      told(received)
        .firing.map(({ rule }) => rule)
        .sort(),
      ["rows_fallen", "slower_than_usual"],
    );
    assert.match(JSON.stringify(told(received).firing), /99 % fewer rows.*1 row, before there were 100/);
    await models(cwd, ["source", "freshness"], { env, now: "2025-05-09T00:00:00Z" });
    assert.deepEqual(
      told(received).firing.map(({ rule, title }) => [rule, title]),
      [["stale_source", 'source "shop.t" is 8 days old']],
    );
    await models(cwd, ["source", "freshness"], { env, now: "2025-05-01T01:00:00Z" });
    assert.deepEqual(
      told(received).resolved.map(({ rule }) => rule),
      ["stale_source"],
    );
  });
});

test("secrets of the environment are in no log, and in no note", async () => {
  const cwd = makeProject({
    "models/a.sql": `${table}select '{{ env_var('SHOP_TOKEN') }}'::int as x`,
    ".env": 'DB_URL="postgres://me:p%40ssw%22rd@host/db"\n',
    "models/b.sql": `${table}select '{{ env_var('DB_URL') }}'::int as x`,
  });
  const env = { SHOP_TOKEN: 'tok"en\\12345' };
  for (const format of ["text", "json"]) {
    const { out, err } = await models(cwd, ["build", "--log-format", format], { env });
    assert.match(out, /\*\*\*/);
    assert.doesNotMatch(out + err, /en\\+12345|ssw/);
  }
  const notes = JSON.stringify(await rowsOf(cwd, "select message from meta.run_results"));
  assert.doesNotMatch(notes, /en\\+12345|ssw/);
});
