import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { packageRoot } from "../../../../runner/base/package-root.ts";
import { jsonSchemas } from "../../../../runner/project/json-schemas.ts";

const root = packageRoot();
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const ajv = new Ajv({ allowUnionTypes: true });
const validators = Object.fromEntries(
  Object.entries(jsonSchemas()).map(([name, schema]) => [name, ajv.compile(schema)]),
);
const mistakes = (name: string, value: unknown): string[] => {
  const validate = validators[name]!;
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};
const project = (rest: string): string[] =>
  mistakes(
    "sql_project.schema.json",
    load(`name: a\ntarget: dev\ntargets: {dev: {type: duckdb, path: a}}\n${rest}`),
  );
const properties = (text: string): string[] => mistakes("properties.schema.json", load(text));

const files = [
  "sql_project.yaml",
  "macros/_macros.yml",
  "models/marts/_marts.yml",
  "models/staging/_sources.yml",
  "models/staging/_staging.yml",
  "seeds/_seeds.yml",
  "snapshots/_snapshots.yml",
  "runner/api/starter/sql_project.yaml",
  "runner/api/starter/models/_models.yml",
  "runner/api/starter/seeds/_seeds.yml",
];

describe("the JSON Schemas", () => {
  for (const [name, schema] of Object.entries(jsonSchemas())) {
    test(`${name} is what the code says: npm run schemas`, () => {
      assert.deepEqual(
        JSON.parse(read(`runner/project/schemas/${name}`)),
        JSON.parse(JSON.stringify(schema)),
      );
    });
  }

  test("let templates stand where they are rendered, and nowhere else", () => {
    assert.deepEqual(
      project("models: {+schema: '{{ x }}', +enabled: '{{ x }}', a: {+tags: ['{{ x }}']}}"),
      [],
    );
    assert.deepEqual(
      properties(
        "models: [{name: a, config: {materialized: '{{ x }}', tags: '{{ x }}'}}]\nsources: [{name: s, schema: '{{ x }}', tables: [{name: t, identifier: '{{ x }}'}]}]",
      ),
      [],
    );
    assert.deepEqual(
      properties(
        "models: [{name: a, versions: [{v: 1, config: {schema: '{{ x }}'}}], data_tests: [{unique: {severity: '{{ x }}', config: {limit: '{{ x }}'}}}]}]\ndata_tests: [{name: t, config: {enabled: '{{ x }}'}}]",
      ),
      [],
    );
    assert.notDeepEqual(properties("models: [{name: a, versions: [{v: '{{ x }}'}]}]"), []);
    assert.notDeepEqual(properties("models: [{name: a, latest_version: '{{ x }}'}]"), []);
  });

  for (const file of files) {
    test(`${file} names its schema in the first line, and keeps to it`, () => {
      const text = read(file);
      const named = /^# yaml-language-server: \$schema=(\.\S+)\n/.exec(text)?.[1];
      assert.ok(named, "the first line names no schema");
      // A project made from the starter has the package in its node_modules.
      const path = resolve(root, dirname(file), named).replace(
        /runner\/api\/starter\/node_modules\/statloom\//,
        "",
      );
      assert.ok(existsSync(path), path);
      assert.deepEqual(mistakes(path.split(/[\\/]/).at(-1)!, load(text)), []);
    });
  }

  test("a misspelt key is a mistake wherever it stands", () => {
    assert.deepEqual(project("vars: {}\n"), []);
    assert.notDeepEqual(project("modles: {}\n"), []);
    assert.deepEqual(project("models: {marts: {deep: {+materialized: table}}}\n"), []);
    assert.notDeepEqual(project("models: {marts: {deep: {+materialised: table}}}\n"), []);
    assert.notDeepEqual(project("models: {marts: {materialized: table}}\n"), []);
    assert.deepEqual(properties("models: [{name: a, config: {materialized: view}}]"), []);
    assert.notDeepEqual(properties("models: [{name: a, config: {materialised: view}}]"), []);
    assert.notDeepEqual(properties("models: [{name: a, columns: [{name: b, descripton: c}]}]"), []);
  });

  test("tests are written in all their ways, and misspelt arguments of the built-in ones are found", () => {
    const entry = (text: string): string[] => properties(`models: [{name: a, data_tests: [${text}]}]`);
    for (const fine of [
      "unique",
      "my_test",
      "{not_null: {severity: warn}}",
      "{not_null: }",
      "{accepted_values: {arguments: {values: [a]}, config: {where: b}}}",
      "{my_test: {anything: 1}}",
      "{test_name: unique, name: b, column_name: c}",
    ])
      assert.deepEqual(entry(fine), [], fine);
    for (const wrong of [
      "{not_null: {severety: warn}}",
      "{accepted_values: {valeus: [a]}}",
      "{my_test: {config: {severity: fatal}}}",
      "[unique]",
    ])
      assert.notDeepEqual(entry(wrong), [], wrong);
  });
});
