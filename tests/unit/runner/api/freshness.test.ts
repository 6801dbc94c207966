import assert from "node:assert/strict";
import { test } from "node:test";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeProject, models, readArtifact } from "../../../support/models.ts";

const yml = `sources:
  - name: raw
    schema: main
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 10, period: day}}
    loaded_at_field: at_time
    tables:
      - {name: fresh}
      - {name: old}
      - {name: gone}
      - {name: not_asked, freshness: null}
      - {name: odd, loaded_at_field: label}
  - name: nobody_knows
    freshness: {warn_after: {count: 1, period: day}}
    tables: [{name: t}]
`;
const table = (sql: string): string => `{{ config(materialized='table') }} select ${sql}`;
const cwd = makeProject({
  "models/s.yml": yml,
  "models/fresh.sql": table("timestamp '2025-06-30 11:00' as at_time"),
  "models/old.sql": table("timestamp '2025-06-25' as at_time"),
  "models/odd.sql": table("'soon' as label"),
});
const now = "2025-06-30T12:00:00Z";

test("freshness of every source that asks for it; one that cannot be read stops no other", async () => {
  assert.equal((await models(cwd, ["run"])).code, 0);
  const { code, out, err } = await models(cwd, ["source", "freshness"], { now });
  assert.equal(code, 1);
  assert.match(out, /pass +raw\.fresh +loaded 1 hour ago/);
  assert.match(out, /WARN +raw\.old +loaded 5 days ago/);
  assert.match(out, /RUNTIME ERROR +raw\.gone +.*gone does not exist/);
  assert.match(out, /RUNTIME ERROR +raw\.odd +"label" gave "soon", which is not a date or a time/);
  assert.doesNotMatch(out, /not_asked/);
  assert.match(out, /stale in .*: 4 sources, 2 too old or unreadable/);
  assert.match(
    err,
    /warning FRESHNESS_UNKNOWABLE how old nobody_knows\.t is cannot be known: name its loaded_at_field/,
  );
});

test("a warning alone is no failure, and selectors choose", async () => {
  const { code, out } = await models(cwd, ["source", "freshness", "--select", "source:raw.old"], { now });
  assert.equal(code, 0);
  assert.match(out, /done in .*: 1 source, 0 too old or unreadable/);
  const misspelt = await models(cwd, ["source", "freshness", "--select", "source:row.old"], { now });
  assert.equal(misspelt.code, 0);
  assert.match(misspelt.err, /warning SELECTOR_NO_MATCH/);
});

test("sources.json is what dbt's schema says, of whatever was found", { skip: withoutSchemas }, async () => {
  await models(cwd, ["source", "freshness"], { now });
  const artifact = readArtifact(cwd, "sources.json") as { results: { unique_id: string; status: string }[] };
  assertValid("sources-v3", artifact);
  assert.deepEqual(
    Object.fromEntries(artifact.results.map(({ unique_id: id, status }) => [id.split(".").at(-1), status])),
    { fresh: "pass", old: "warn", gone: "runtime error", odd: "runtime error" },
  );
});

test("events of --log-format json", async () => {
  const { out } = await models(cwd, ["source", "freshness", "--log-format", "json"], { now });
  const events = out
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { event: string }).event);
  assert.deepEqual([events[0], events[1], events.at(-1)], ["warning", "run-started", "run-finished"]);
});
