import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeProject, models, readArtifact, rowsOf, statuses } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

const described = (latest: number): string => `groups: [{name: core, owner: {email: a@x.org, slack: "#core"}}]
models:
  - name: m
    latest_version: ${latest}
    config: {materialized: table, access: public, group: core, latest_version_pointer: {enabled: true}}
    columns: [{name: v, data_tests: [not_null]}]
    versions: [{v: 1, deprecation_date: 2025-01-31}, {v: 2}, {v: "3-beta", config: {materialized: view}}]
exposures: [{name: board, type: dashboard, owner: {name: Ada}, depends_on: ["ref('m', v=2)"]}]
unit_tests: [{name: one_row, model: m, versions: {include: [1]}, given: [], expect: {rows: [{v: 1}]}}]
`;
const files: Readonly<Record<string, string>> = {
  "models/m_v1.sql": "select 1 as v",
  "models/m_v2.sql": "select 2 as v",
  "models/m_v3-beta.sql": "select v + 1 as v from {{ ref('e', v=1) }} union all select v from {{ ref('e') }}",
  "models/m.yml": described(2),
  "models/e_v1.sql": "{{ config(materialized='ephemeral') }} select 7 as v",
  "models/e_v2.sql": "{{ config(materialized='ephemeral') }} select 9 as v",
  "models/e.yml": "models: [{name: e, versions: [{v: 1}, {v: 2}]}]",
  "models/reader.sql": "select (select v from {{ ref('m') }}) as latest, v from {{ ref('m', v=1) }}",
};

describe("a model with versions", () => {
  test("is a relation each, and a view of the latest where one is asked for", async () => {
    const cwd = makeProject({ "models/m.sql": "{{ config(materialized='table') }} select 0 as v" });
    assert.equal((await models(cwd, ["run"])).code, 0);
    // What was a table by this name before it had versions makes room.
    writeFiles(cwd, files);
    rmSync(join(cwd, "models/m.sql"));
    const { code, out, err } = await models(cwd, ["build"]);
    assert.equal(code, 0, out + err);
    assert.match(err, /MODEL_DEPRECATED "m.v1" is deprecated since 2025-01-31/);
    assert.match(
      err,
      /REF_DEPRECATED "m.v1" .* "reader" refers to it: move to the latest version, ref\('m', v=2\)/,
    );
    assert.deepEqual(await rowsOf(cwd, "select * from main.reader"), [{ latest: 2, v: 1 }]);
    assert.deepEqual(await rowsOf(cwd, 'select v from main."m_v3-beta" order by v'), [{ v: 8 }, { v: 9 }]);
    const shown = async (): Promise<unknown> => rowsOf(cwd, "select v from main.m");
    assert.deepEqual(await shown(), [{ v: 2 }]);

    writeFiles(cwd, { "models/m.yml": described(1) });
    const again = await models(cwd, ["build", "--changed"]);
    assert.equal(again.code, 0, again.out + again.err);
    assert.deepEqual(await shown(), [{ v: 1 }]);
  });
  test("is chosen by version, and told by its name with the version", async () => {
    const cwd = makeProject({ ...files, "models/m_v1.sql": "select nothing as v" });
    const ls = async (...words: string[]): Promise<string> =>
      (await models(cwd, ["ls", "--resource-type", "model", "-s", ...words])).out
        .trim()
        .split("\n")
        .toSorted()
        .join(" ");
    assert.equal(await ls("version:latest"), "shop.e.v2 shop.m.v2");
    assert.equal(await ls("version:old"), "shop.e.v1 shop.m.v1");
    assert.equal(await ls("version:prerelease"), "shop.m.v3-beta");
    assert.equal(await ls("version:none"), "shop.reader");
    assert.equal(await ls("m"), "shop.m.v1 shop.m.v2 shop.m.v3-beta");
    assert.equal(await ls("m.v1"), "shop.m.v1");
    assert.equal(await ls("m_v2", "shop.m.v1"), "shop.m.v1 shop.m.v2");
    assert.equal(await ls("1+reader", "--output", "name"), "m.v1 m.v2 reader");
    assert.match((await models(cwd, ["ls", "-s", "version:lastest"])).err, /did you mean "latest"/);
    const { code, out } = await models(cwd, ["run", "-s", "m.v1"]);
    assert.equal(code, 1);
    assert.match(out, /m\.v1 \(models\/m_v1\.sql:1\)/);
  });
  test("what is deprecated is an error where warnings are", async () => {
    const cwd = makeProject(files);
    const { code, err } = await models(cwd, ["parse", "--warn-error"]);
    assert.equal(code, 2);
    assert.match(err, /MODEL_DEPRECATED/);
    assert.equal((await models(cwd, ["parse", "--warn-error"], { now: "2024-12-31T00:00:00Z" })).code, 2);
    const silent = "{error: all, silence: [MODEL_DEPRECATED, REF_DEPRECATED]}";
    assert.equal((await models(cwd, ["parse", "--warn-error-options", silent])).code, 0);
  });
  test("artifacts are as dbt writes them", { skip: withoutSchemas }, async () => {
    const cwd = makeProject(files);
    assert.equal((await models(cwd, ["build"])).code, 0);
    const manifest = readArtifact(cwd, "manifest.json") as Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    assertValid("manifest-v12", manifest);
    assertValid("run-results-v6", readArtifact(cwd, "run_results.json"));
    const m1 = manifest["nodes"]!["model.shop.m.v1"]!;
    assert.deepEqual(
      ["version", "latest_version", "deprecation_date", "access", "group", "alias"].map((key) => m1[key]),
      [1, 2, "2025-01-31T00:00:00.000Z", "public", "core", "m_v1"],
    );
    assert.deepEqual(manifest["nodes"]!["model.shop.reader"]!["refs"], [
      { name: "m", package: null, version: null },
      { name: "m", package: null, version: 1 },
    ]);
    assert.deepEqual(manifest["groups"]!["group.shop.core"]!["owner"], { email: "a@x.org", slack: "#core" });
    const members = manifest["group_map"]!["core"] as unknown as string[];
    assert.deepEqual(
      members.map((id) => id.replace(/\.[0-9a-f]{10}$/, "")),
      [
        "model.shop.m.v1",
        "model.shop.m.v2",
        "model.shop.m.v3-beta",
        "test.shop.not_null_m_v1_v",
        "test.shop.not_null_m_v2_v",
        "test.shop.not_null_m_v3-beta_v",
      ],
    );
    const unit = manifest["unit_tests"]!["unit_test.shop.m.one_row_v1"]!;
    assert.deepEqual([unit["version"], unit["versions"]], [1, { include: [1], exclude: null }]);
    assert.equal(statuses(cwd)["reader"], "success");
    const m3 = manifest["nodes"]!["model.shop.m.v3-beta"]!;
    assert.deepEqual(m3["unrendered_config"], {
      materialized: "view",
      access: "public",
      group: "core",
      latest_version_pointer: { enabled: true },
    });
    assert.deepEqual(manifest["nodes"]!["model.shop.e.v1"]!["config_call_dict"], {
      materialized: "ephemeral",
    });
  });
});
