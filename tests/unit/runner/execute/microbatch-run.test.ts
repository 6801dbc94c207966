import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";

const seed = "id,happened\n1,2024-03-01 08:00:00\n2,2024-03-02 08:00:00\n3,2024-03-03 08:00:00\n";
const daily = `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened',
  begin='2024-03-01', batch_size='day', lookback=0) }}
select e.id, e.happened, cast(case when e.id = {{ var('fails_at', 0) }} then 'x' else '1' end as integer) as one, (select count(*) from {{ ref('lookup') }}) as n
from {{ ref('events') }} as e
`;
const files = {
  "seeds/events.csv": seed,
  "seeds/_seeds.yml": "seeds:\n  - {name: events, config: {event_time: happened}}\n",
  "models/lookup.sql": "select 1 as a union all select 2",
  "models/daily.sql": daily,
  "models/below.sql": "select * from {{ ref('daily') }}",
};
const at = (now: string) => ({ now: `${now}T12:00:00Z` });
const resultOf = (root: string, name: string) => {
  const { results } = readArtifact(root, "run_results.json") as {
    results: { unique_id: string; status: string; message: string; batch_results: unknown }[];
  };
  return results.find(({ unique_id: id }) => id === `model.shop.${name}`);
};
const ids = async (root: string) => rowsOf(root, "select id, n from {{ ref('daily') }} order by id");

test("inputs with an event time are filtered to the batch, others are not", async () => {
  const root = makeProject(files);
  const { code, out, err } = await models(root, ["build"], at("2024-03-02"));
  assert.equal(code, 0, out + err);
  assert.deepEqual(await ids(root), [
    { id: "1", n: "2" },
    { id: "2", n: "2" },
  ]);
  assert.equal(resultOf(root, "daily")?.message, "microbatch (2 batches)");
});

test("a partial success is told, blocks what is below, and is mended by the next run", async () => {
  const root = makeProject(files);
  const broken = await models(root, ["build", "--vars", "{fails_at: 2}"], at("2024-03-03"));
  assert.equal(broken.code, 1);
  assert.match(
    broken.out,
    /ok +batch 1\/3 +main\.daily 2024-03-01 +1 row .*\n.*ERROR +batch 2\/3 .*2024-03-02.*\n.*ok +batch 3\/3/,
  );
  assert.match(broken.out, /PART .*daily[\s\S]*1 of 3 batches failed \(2024-03-02\)/);
  const result = resultOf(root, "daily");
  assert.equal(result?.status, "partial success");
  assert.deepEqual(result?.batch_results, {
    successful: [
      ["2024-03-01 00:00:00+00:00", "2024-03-02 00:00:00+00:00"],
      ["2024-03-03 00:00:00+00:00", "2024-03-04 00:00:00+00:00"],
    ],
    failed: [["2024-03-02 00:00:00+00:00", "2024-03-03 00:00:00+00:00"]],
  });
  assert.equal(resultOf(root, "below")?.status, "skipped");
  const quiet = await models(root, ["build", "--quiet"], at("2024-03-03"));
  assert.deepEqual([quiet.code, quiet.out], [0, ""]);
  assert.equal(resultOf(root, "daily")?.message, "microbatch (2 batches)");
  assert.equal((await ids(root)).length, 3);
});

test("run results of batches are what dbt's schema says", { skip: withoutSchemas }, async () => {
  const root = makeProject(files);
  await models(root, ["build", "--vars", "{fails_at: 2}"], at("2024-03-03"));
  assertValid("run-results-v6", readArtifact(root, "run_results.json"));
  assertValid("manifest-v12", readArtifact(root, "manifest.json"));
});

test("--event-time-start and --event-time-end build what they say", async () => {
  const root = makeProject(files);
  await models(root, ["build"], at("2024-03-03"));
  writeFileSync(
    join(root, "seeds/events.csv"),
    seed.replace("2,2024", "20,2024").replace("3,2024", "30,2024"),
  );
  const window = ["--event-time-start", "2024-03-02", "--event-time-end", "2024-03-03"];
  const { code, out } = await models(root, ["build", ...window], at("2024-03-04"));
  assert.equal(code, 0, out);
  assert.deepEqual(
    (await ids(root)).map((row) => (row as { id: string }).id),
    ["1", "3", "20"],
  );
});

test("wrong windows are told", async () => {
  const root = makeProject(files);
  for (const [words, expected] of [
    [["--event-time-start", "2024-03-01"], /EVENT_TIME_INCOMPLETE/],
    [["--event-time-start", "2024-03-01", "--event-time-end", "2024-03-01"], /EVENT_TIME_INVALID/],
    [["--event-time-start", "soon", "--event-time-end", "2024-03-01"], /EVENT_TIME_INVALID .*"soon"/],
    [
      ["--event-time-start", "2024-03-01", "--event-time-end", "2024-03-02", "--full-refresh"],
      /EVENT_TIME_FULL_REFRESH/,
    ],
  ] as const) {
    const { code, err } = await models(root, ["run", ...words]);
    assert.equal(code, 2);
    assert.match(err, expected);
  }
});

test("what microbatch needs is asked for, all at once", async () => {
  const root = makeProject({
    "models/a.sql":
      "{{ config(materialized='incremental', incremental_strategy='microbatch') }} select 1 as id",
    "models/b.sql": "{{ config(materialized='incremental', begin='2024-01-01') }} select 1 as id",
    "models/c.sql": "{{ config(begin='soon') }} select 1 as id",
  });
  const first = await models(root, ["build"]);
  assert.match(first.err, /models\/c\.sql:1:\d+ VALUE_INVALID "begin" must be a day or an instant/);
  writeFileSync(join(root, "models/c.sql"), "select 1 as id");
  const { code, err } = await models(root, ["build"]);
  assert.equal(code, 2);
  for (const key of ["event_time", "begin", "batch_size"]) {
    assert.match(err, new RegExp(`models/a.sql:1:1 CONFIG_MISSING microbatch needs ${key}`));
  }
  assert.match(err, /models\/b\.sql:1:1 CONFIG_UNUSED begin has no meaning/);
});

test("a dry run shows a batch and how many there are, and changes nothing", async () => {
  const root = makeProject(files);
  const dry = async () => (await models(root, ["build", "--dry-run"], at("2024-03-03"))).out;
  assert.match(await dry(), /model\.shop\.daily: 3 batches due/);
  await models(root, ["build"], at("2024-03-03"));
  const again = await dry();
  assert.match(
    again,
    /1 batch due[\s\S]*microbatch 2024-03-03\nbegin;[\s\S]*insert into "main"\."daily" \("id", /,
  );
  assert.match(
    again,
    /"happened" >= '2024-03-03 00:00:00\+00:00' and "happened" < '2024-03-04 00:00:00\+00:00'/,
  );
});

test("a batch that asks the old table for a column which the model has got since is told so", async () => {
  const root = makeProject(files);
  assert.equal((await models(root, ["build"], at("2024-03-01"))).code, 0);
  const asking = daily.replace("\nselect e.id", "\nselect 1 as fresh, e.id");
  writeFileSync(
    join(root, "models/daily.sql"),
    `${asking}{{#is_incremental()}} where e.id > (select coalesce(max(old.fresh), 0) from {{ this }} as old){{/is_incremental()}}`,
  );
  const { code, out } = await models(root, ["build", "-s", "daily"], at("2024-03-01"));
  assert.equal(code, 1);
  assert.match(
    out,
    /COLUMN_MISSING what "daily" adds asks its own table for "fresh", which the table .* does not have yet/,
  );
});

test("a template knows the batch that it is compiled for, and that there is none where it is not", async () => {
  const root = makeProject({
    ...files,
    "models/daily.sql": daily.replace(
      "e.id,",
      "e.id, {{ model.batch.id }} as batch, '{{ model.batch.event_time_start }}' as since,",
    ),
    "models/below.sql": "select {{ model.batch }} as batch from {{ ref('daily') }}",
  });
  const { code, out, err } = await models(root, ["build"], at("2024-03-02"));
  assert.equal(code, 0, out + err);
  assert.deepEqual(await rowsOf(root, "select distinct batch, since from {{ ref('daily') }} order by 1"), [
    { batch: "20240301", since: "2024-03-01 00:00:00+00:00" },
    { batch: "20240302", since: "2024-03-02 00:00:00+00:00" },
  ]);
  assert.deepEqual(await rowsOf(root, "select distinct batch from {{ ref('below') }}"), [{ batch: null }]);
  const compiled = await models(root, ["compile", "-s", "daily"]);
  assert.match(compiled.out, /null as batch/);
});
