import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { packageRoot } from "../../../../runner/base/package-root.ts";
import { logEvents, logEventsJsonSchema } from "../../../../runner/execute/log-events.ts";
import { readLog } from "../../../support/log-events.ts";
import { makeProject, models } from "../../../support/models.ts";

const read = (path: string): string => readFileSync(join(packageRoot(), path), "utf8");
const json = ["--log-format", "json"];

describe("the log as JSON", () => {
  test("says what is documented of runs that succeed, fail, warn, come in batches, ask for ages and come to nothing", async () => {
    const cwd = makeProject({
      "models/a.sql": "{{ config(materialized='table') }} select 1 as id, timestamp '2024-01-01' as moment",
      "models/b.sql": "select nope from {{ ref('a') }}",
      "models/c.sql": "select 1 as x from {{ ref('b') }}",
      "models/m.sql": `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='moment', begin='2024-01-01', batch_size='day', lookback=0) }}
select moment from {{ ref('a') }}`,
      "models/p.yml": `models:
  - name: a
    config: {loaded_at_field: moment, freshness: {warn_after: {count: 1, period: day}}}
    columns: [{name: id, data_tests: [unique, {accepted_values: {arguments: {values: [2]}, config: {severity: warn}}}]}]
`,
    });
    const span = ["--event-time-start", "2024-01-01", "--event-time-end", "2024-01-03"];
    const ran = [
      await models(cwd, ["build", ...span, ...json]),
      await models(cwd, ["build", "--changed", "-s", "a", ...json]),
      await models(cwd, ["freshness", ...json]),
      await models(cwd, ["build", "-s", "nothing", ...json]),
      await models(makeProject({ "models/a.sql": "select {{ ref('b') }} {{ nope }}" }), ["parse", ...json]),
      await models(cwd, ["build", "--threads", "0", ...json]),
    ];
    assert.deepEqual(
      ran.map(({ code }) => code),
      [1, 0, 0, 0, 2, 2],
      ran.map(({ out, err }) => out + err).join("\n"),
    );
    const events = ran.flatMap(({ out, err }) => readLog(out + err));
    const seen = new Set(events.map(({ event }) => event));
    assert.deepEqual([...seen].toSorted(), [
      "batch-finished",
      "batch-started",
      "error",
      "node-finished",
      "node-started",
      "run-finished",
      "run-started",
      "warning",
    ]);
    const ajv = new Ajv();
    (formats as unknown as (to: Ajv) => void)(ajv);
    const validate = ajv.compile(JSON.parse(read("runner/project/schemas/log_events.schema.json")) as object);
    for (const event of events) assert.ok(validate(event), JSON.stringify([event, validate.errors]));
  });

  test("the JSON Schema and the table for people are what the code says: npm run schemas", () => {
    assert.deepEqual(
      JSON.parse(read("runner/project/schemas/log_events.schema.json")),
      JSON.parse(JSON.stringify(logEventsJsonSchema())),
    );
    const [, section = ""] = /## Read the log by program\n([^]*)/.exec(read("docs/programs.md")) ?? [];
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \| ([^|]+?) *\| ([^|]+?) *\|$/gm)].map(
      ([, event, when, fields]) => [event, when, [...fields!.matchAll(/`(\w+)`/g)].map(([, name]) => name)],
    );
    assert.deepEqual(
      rows,
      Object.entries(logEvents).map(([event, { when, facts }]) => [event, when, Object.keys(facts.shape)]),
    );
  });
});
