import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mistakesOf } from "../../../support/link-project.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";

const DAY = "freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}";
const files = {
  "models/built.sql": `{{ config(materialized='table') }} select 1 as id`,
  "models/rows.sql":
    "{{ config(materialized='table') }} select timestamp '2025-03-01 12:00:00' as seen, 'a' as kind union all select '2025-03-09', 'b'",
  "models/asked.sql": "{{ config(materialized='table') }} select * from {{ ref('rows') }}",
  "models/never.sql": "select 1 as id",
  "models/plain.sql": "select 1 as id",
  "models/p.yml": `models:
  - {name: built, config: {${DAY}}}
  - {name: never, config: {${DAY}}}
  - name: rows
    config: {loaded_at_field: seen, freshness: {error_after: {count: 2, period: day}, filter: "kind = 'a'"}}
  - name: asked
    config: {loaded_at_query: "select max(seen) from {{ this }} where kind = {{ var('kind', 'a') }}", ${DAY}}
sources:
  - name: raw
    schema: main
    tables: [{name: rows, loaded_at_query: "select min(seen) from {{ this }}", ${DAY}}]
`,
};

describe("models freshness", () => {
  test("asks the rows of a model, a query, or the history of runs", async () => {
    const cwd = makeProject(files);
    await models(cwd, ["run", "--exclude", "never"], { now: "2025-03-01T00:00:00Z" });
    const ask = async (words: readonly string[], now: string): Promise<Record<string, unknown>> => {
      const { out } = await models(cwd, [...words, "--output", "json"], { now });
      const { results } = JSON.parse(out) as {
        results: { unique_id: string; status: string; error?: string }[];
      };
      return Object.fromEntries(
        results.map(({ unique_id: id, status, error }) => [
          id.split(".").slice(2).join("."),
          error ?? status,
        ]),
      );
    };
    assert.deepEqual(await ask(["freshness"], "2025-03-02T12:00:00Z"), {
      built: "warn",
      rows: "pass",
      asked: "pass",
      never: "it was never built, as far as is known",
      "raw.rows": "pass",
    });
    assert.deepEqual(
      await ask(
        ["freshness", "--vars", "{kind: b}", "--select", "asked", "rows", "built"],
        "2025-03-10T00:00:00Z",
      ),
      {
        built: "error",
        rows: "error",
        asked: "pass",
      },
    );
    assert.deepEqual(await ask(["source", "freshness"], "2025-03-03T00:00:00Z"), { "raw.rows": "warn" });
    const { results } = readArtifact(cwd, "sources.json") as { results: { unique_id: string }[] };
    assert.deepEqual(
      results.map(({ unique_id: id }) => id),
      ["source.shop.raw.rows"],
      "models are no sources",
    );
    const noted = await rowsOf(
      cwd,
      "select source_name, table_name, status from meta.freshness where checked_at = '2025-03-10'",
    );
    assert.deepEqual(
      noted.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      ["asked pass", "built error", "rows error"].map((told) => {
        const [table_name, status] = told.split(" ");
        return { source_name: "main", table_name, status };
      }),
    );
  });
  test("exits 1 when something is too old, and names it as people know it", async () => {
    const cwd = makeProject(files);
    await models(cwd, ["run"], { now: "2025-03-01T00:00:00Z" });
    const { code, out } = await models(cwd, ["freshness", "--select", "built"], {
      now: "2025-04-01T00:00:00Z",
    });
    assert.equal(code, 1);
    assert.match(out, /ERROR {2}main\.built +loaded 31 days ago\n\nstale in .*: 1 relation, 1 too old/);
  });
  test("what cannot be meant is told before anything runs", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "{{ config(materialized='ephemeral') }} select 1 as id",
        "models/b.sql": "select 1 as id",
        "models/p.yml": `models:
  - name: a
    config: {${DAY}}
  - name: b
    config: {loaded_at_field: x, loaded_at_query: "select {{ nope }}", freshness: {warn_after: {count: 1, period: day}, filter: "x = 1"}}
`,
      }),
      [
        "models/p.yml:2:5 FRESHNESS_EPHEMERAL an ephemeral model is no table and has no age",
        'models/p.yml:4:5 FRESHNESS_FILTER "filter" has no rows to choose from beside "loaded_at_query" | write the condition into the query',
        'models/p.yml:4:5 LOADED_AT_TWICE "loaded_at_field" and "loaded_at_query" both say where the age is read | keep one of the two',
        "models/p.yml:4:5 NAME_UNKNOWN nothing is named \"nope\" | a value from outside is written var('nope'); a macro is written in a file below macros/",
      ],
    );
  });
});
