import assert from "node:assert/strict";
import { test } from "node:test";
import { isObject } from "../../../../runner/base/json.ts";
import type { JsonObject } from "../../../../runner/base/json.ts";
import { makeProject, models, readArtifact } from "../../../support/models.ts";

/* Expected values are those of the manifest that `dbt parse` (1.10.23) writes of the same files. */

type Parts = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

async function parsed(files: Readonly<Record<string, string>>): Promise<Parts> {
  const cwd = makeProject(files);
  const { code, out, err } = await models(cwd, ["parse"]);
  assert.equal(code, 0, out + err);
  return readArtifact(cwd, "manifest.json") as Parts;
}

/** Some of the keys of an entry, and of what is inside it by paths: `config.tags`. */
function pick(entry: JsonObject | undefined, ...keys: readonly string[]): JsonObject {
  const at = (path: string): unknown =>
    path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), entry);
  return Object.fromEntries(keys.map((key) => [key, at(key)])) as JsonObject;
}

test("raw code and checksums are of a file's text without the white space at its ends", async () => {
  const { nodes = {} } = await parsed({
    "models/a.sql": "\n\nselect 1 as k\n\n",
    "tests/one.sql": "\n{{ config(severity='warn') }}\nselect * from {{ ref('a') }} where k < 0\n\n",
    "seeds/plain.csv": "k,v\nx,1\ny,2\n\n",
    "models/a.yml": "models:\n  - {name: a, columns: [{name: k, data_tests: [{unique: {name: own}}]}]}\n",
  });
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(nodes).map(([id, node]) => [id, pick(node, "raw_code", "checksum.checksum")]),
    ),
    {
      "model.shop.a": {
        raw_code: "select 1 as k",
        "checksum.checksum": "2a0de1f21ff6a591f316556a09e62f2c4eefad22c3e4a08cb7c3076e5e963e96",
      },
      "test.shop.one": {
        raw_code: "{{ config(severity='warn') }}\nselect * from {{ ref('a') }} where k < 0",
        "checksum.checksum": "0018a2e05112b8b0f09f4d605194482fdc037f6c8ac88da7ea897a2c0927c2b1",
      },
      "seed.shop.plain": {
        raw_code: "",
        "checksum.checksum": "b0f38b7888bd512bc81569c82a6831803c318b1cbfc1a7c1d571f530e2b14443",
      },
      // What a property file says is no file of its own.
      "test.shop.own.d64d0e2651": {
        raw_code: '{{ test_unique(model=get_where_subquery(ref("a")), column_name="k") }}',
        "checksum.checksum": "",
      },
    },
  );
});

test("what is said of a source may stand beside `config` or in it, and in the project file", async () => {
  const { sources = {} } = await parsed({
    "models/raw.yml": `sources:
  - name: raw
    meta: {s: 1}
    tags: [z, b]
    loaded_at_field: outer
    config: {freshness: {warn_after: {count: 1, period: day}}, loaded_at_field: at, meta: {c: 2}}
    tables:
      - {name: things, tags: [a], config: {freshness: {error_after: {count: 2, period: hour}}, loaded_at_query: select now()}}
      - {name: others, config: {freshness: null, event_time: at, meta: {s: 3}, tags: y}}
      - {name: more, freshness: {filter: "k > 1"}}
`,
  });
  const shown = ["freshness", "loaded_at_field", "loaded_at_query", "meta", "tags"];
  const none = { count: null, period: null };
  assert.deepEqual(
    Object.values(sources).map((source) => pick(source, "name", ...shown)),
    [
      {
        name: "more",
        freshness: { warn_after: { count: 1, period: "day" }, error_after: none, filter: "k > 1" },
        loaded_at_field: "outer",
        loaded_at_query: null,
        meta: { s: 1, c: 2 },
        tags: ["b", "z"],
      },
      {
        name: "others",
        freshness: null,
        loaded_at_field: "outer",
        loaded_at_query: null,
        meta: { s: 3, c: 2 },
        tags: ["b", "y", "z"],
      },
      {
        name: "things",
        freshness: {
          warn_after: { count: 1, period: "day" },
          error_after: { count: 2, period: "hour" },
          filter: null,
        },
        loaded_at_field: null,
        loaded_at_query: "select now()",
        meta: { s: 1, c: 2 },
        tags: ["a", "b", "z"],
      },
    ],
  );
});
