import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProjectError, openProject } from "../../../../runner/api/index.ts";
import { makeProject, models } from "../../../support/models.ts";
import type { Ran } from "../../../support/models.ts";

const projectDir = makeProject({
  "models/a.sql": "{{ config(materialized='table') }} select unnest([1, 2]) as id",
  "models/b.sql": "{{ config(tags=['x']) }} select id from {{ ref('a') }}",
  "models/s.yml": "models: [{name: b, columns: [{name: id, data_tests: [unique]}]}]",
});

describe("a project opened by a program", () => {
  test("builds while its events are read, and tells what became of each node", async () => {
    const project = await openProject({ projectDir });
    const run = project.build();
    const kinds: string[] = [];
    for await (const event of run) kinds.push(event.kind);
    assert.equal(kinds[0], "run-started");
    assert.equal(kinds.at(-1), "run-finished");
    const { results } = await run.result;
    assert.deepEqual(
      results.map(({ status }) => status),
      ["success", "success", "pass"],
    );
    const again = await project.build({ changed: true }).result;
    assert.deepEqual(new Set(again.results.map(({ status }) => status)), new Set(["reused"]));
    assert.deepEqual((await project.explain({ select: ["b"] }))[0]?.reasons, []);
  });
  test("selects, compiles, reads rows", async () => {
    const project = await openProject({ projectDir });
    await project.run().result;
    assert.deepEqual(
      project.select({ select: ["tag:x"], indirectSelection: "empty" }).map(({ name }) => name),
      ["b"],
    );
    assert.match((await project.compile({ select: ["b"] })).get("model.shop.b") ?? "", /from "main"."a"/);
    assert.deepEqual((await project.query("select id from {{ ref('b') }} order by id")).rows, [[1], [2]]);
    assert.equal((await project.show("a", 1)).rows.length, 1);
  });
  test("is stopped", async () => {
    const run = (await openProject({ projectDir })).build();
    run.stop();
    const { results } = await run.result;
    assert.ok(results.every(({ status }) => status === "skipped"));
  });
  test("throws what is wrong, from the loop and from the result", async () => {
    const broken = makeProject({ "models/a.sql": "{{ ref('nobody') }}" });
    await assert.rejects(openProject({ projectDir: broken }), ProjectError);
    const run = (await openProject({ projectDir })).build({ select: ["tga:x"] });
    await assert.rejects(async () => {
      for await (const _ of run);
    }, /unknown method/);
    await assert.rejects(run.result, /unknown method/);
  });
});

test("ls prints the keys that are asked for", async () => {
  const { out } = await models(projectDir, [
    "ls",
    "-s",
    "b",
    "--indirect-selection",
    "empty",
    "--output",
    "json",
    "--output-keys",
    "name",
    "config.tags",
  ]);
  assert.deepEqual(JSON.parse(out), { name: "b", "config.tags": ["x"] });
  const usual = await models(projectDir, [
    "ls",
    "-s",
    "b",
    "--indirect-selection",
    "empty",
    "--output",
    "json",
  ]);
  assert.deepEqual(Object.keys(JSON.parse(usual.out) as object), [
    "name",
    "resource_type",
    "package_name",
    "original_file_path",
    "unique_id",
    "alias",
    "config",
    "tags",
    "depends_on",
  ]);
});

test("ls knows where a node is built, and refuses a key that no node has", async () => {
  const keys = (...words: string[]): Promise<Ran> =>
    models(projectDir, [
      "ls",
      "-s",
      "fqn:b",
      "--resource-type",
      "model",
      "--output",
      "json",
      "--output-keys",
      ...words,
    ]);
  const found = await keys("schema,relation_name path");
  assert.deepEqual(JSON.parse(found.out), { schema: "main", relation_name: '"main"."b"', path: "b.sql" });
  const { code, err } = await keys("relation_nam");
  assert.equal(code, 2);
  assert.match(err, /OUTPUT_KEY_UNKNOWN no node has the key "relation_nam"\n +did you mean "relation_name"/);
});
