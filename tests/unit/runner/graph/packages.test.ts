import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { select } from "../../../../runner/graph/select/select.ts";
import type { Linked } from "../../../support/link-project.ts";
import { linkProject, mistakesOf, modelOf, PROJECT_FILE } from "../../../support/link-project.ts";

const using = (more = ""): string => `${PROJECT_FILE}packages:\n  - {local: packages/shared}\n${more}`;
const shared = {
  "packages/shared/sql_project.yaml": `name: shared
vars: {first: 2000, shared: {unit: m}}
models: {base: {+materialized: table, +tags: [base]}}
`,
  "packages/shared/macros/m.sql":
    "{{! macro rounded(x) }}round({{ x }}, 1)\n\n{{! macro twice(x) }}{{ rounded(x) }} * 2\n\n{{! macro default__now() }}now()",
  "packages/shared/models/base/units.sql":
    "{{ config(tags=['own']) }} select {{ var('first') }} as first, {{ rounded('1.23') }} as x from {{ ref('codes') }}",
  "packages/shared/models/base/p.yml":
    "models: [{name: units, description: \"{{ doc('unit') }}\", columns: [{name: x, data_tests: [not_null, odd]}]}]",
  "packages/shared/models/d.md": "{{#docs unit}}What is measured{{/docs}}",
  "packages/shared/macros/t.sql":
    "{{! macro test_odd(model, column_name) }}select * from {{ model }} where x % 2 = 0",
  "packages/shared/seeds/codes.csv": "code\na\n",
  "packages/shared/tests/data/some.sql": "select * from {{ ref('units') }} where false",
};

const ids = ({ graph }: Linked): string[] =>
  [...graph.nodes.keys()].map((id) => id.replace(/\.[0-9a-f]{10}$/, "")).toSorted();
const parents = ({ graph }: Linked, id: string): readonly string[] => graph.parents.get(id) ?? [];

describe("a package", () => {
  test("brings its models, seeds, tests, macros and doc blocks under its name", async () => {
    const linked = await linkProject({
      "sql_project.yaml": using(),
      ...shared,
      "models/a.sql": "select {{ shared.twice('x') }} as x, {{ shared.now() }} as n from {{ ref('units') }}",
      "models/b.sql": "select * from {{ ref('shared', 'units') }}",
    });
    assert.deepEqual(ids(linked), [
      "model.shared.units",
      "model.shop.a",
      "model.shop.b",
      "seed.shared.codes",
      "test.shared.not_null_units_x",
      "test.shared.odd_units_x",
      "test.shared.some",
    ]);
    const units = linked.graph.nodes.get("model.shared.units")!;
    assert.equal(units.originalFilePath, "models/base/units.sql");
    assert.equal(units.place.file, "packages/shared/models/base/units.sql");
    assert.equal(units.patchPath, "models/base/p.yml");
    assert.equal(units.description, "What is measured");
    assert.deepEqual(units.fqn, ["shared", "base", "units"]);
    assert.deepEqual(units.tags, ["base", "own"]);
    assert.deepEqual(units.dependsOn.macros, ["macro.shared.rounded"]);
    for (const of of ["a", "b"])
      assert.deepEqual(parents(linked, `model.shop.${of}`), ["model.shared.units"]);
    assert.ok(linked.graph.macros.has("macro.shared.twice"));
    assert.ok(linked.graph.docs.has("doc.shared.unit"));
  });
  test("is configured by what the project says of all, then of it by its name, over what it says itself", async () => {
    const linked = await linkProject({
      "sql_project.yaml": using(
        "models: {+materialized: view, +tags: [all], shop: {+schema: own}, base: {+schema: folder}, shared: {base: {+tags: [named]}}}\n",
      ),
      ...shared,
      "models/a.sql": "select 1",
    });
    const [a, units] = ["model.shop.a", "model.shared.units"].map((id) => linked.graph.nodes.get(id)!);
    assert.deepEqual(a!.tags, ["all"]);
    assert.deepEqual(units!.tags, ["base", "own", "all", "named"]);
    assert.ok(units?.resourceType === "model" && a?.resourceType === "model");
    assert.equal(units.config.materialized, "view");
    // Under the project's name, and under a folder's, only the project's own are meant.
    assert.deepEqual([a.config.schema, units.config.schema], ["own", null]);
  });
  test("is selected by its name", async () => {
    const linked = await linkProject({ "sql_project.yaml": using(), ...shared, "models/a.sql": "select 1" });
    const chosen = (word: string): string[] =>
      [...select(linked.graph, { select: [word], exclude: [], indirectSelection: "empty" }).selected].map(
        (id) => id.replace(/\.[0-9a-f]{10}$/, ""),
      );
    assert.deepEqual(chosen("package:shared,resource_type:model"), ["model.shared.units"]);
    assert.deepEqual(chosen("shared.base"), [
      "model.shared.units",
      "test.shared.not_null_units_x",
      "test.shared.odd_units_x",
    ]);
    assert.deepEqual(chosen("package:this"), ["model.shop.a"]);
  });
  test("is configured by the project, over all that it says itself, and sees the project's variables for it", async () => {
    const linked = await linkProject({
      "sql_project.yaml": using(
        "vars: {first: 1990, shared: {first: 2010}}\nmodels: {shared: {+schema: lib, base: {units: {+materialized: view}}}}\n",
      ),
      ...shared,
      "models/a.sql": "select {{ var('first') }} as first from {{ ref('units') }}",
    });
    const units = linked.graph.nodes.get("model.shared.units")!;
    assert.ok(units.resourceType === "model");
    assert.equal(units.config.materialized, "view");
    assert.equal(units.relation.schema, "main_lib");
    assert.equal(linked.project.vars["first"], 1990);
    assert.deepEqual(linked.project.packages[0]!.vars["first"], 2010);
    assert.deepEqual(linked.project.packages[0]!.vars["unit"], "m");
  });
  test("may have names that the project has: its own come first for each, and a package's macros by engine can be replaced", async () => {
    const linked = await linkProject({
      "sql_project.yaml": using("models: {shared: {+schema: lib}}\n"),
      ...shared,
      "models/units.sql": "select 1 as x",
      "models/a.sql": "select {{ shared.now() }} from {{ ref('units') }}",
      "models/b.sql": "select * from {{ ref('shared', 'units') }}",
      "macros/n.sql": "{{! macro duckdb__now() }}current_date",
    });
    assert.deepEqual(parents(linked, "model.shop.a"), ["model.shop.units"]);
    assert.deepEqual(parents(linked, "model.shop.b"), ["model.shared.units"]);
    assert.deepEqual(linked.graph.nodes.get("model.shop.a")!.dependsOn.macros, ["macro.shop.duckdb__now"]);
    const [tested] = [...linked.graph.nodes.keys()].filter((id) => id.startsWith("test.shared.not_null"));
    assert.deepEqual(parents(linked, tested!), ["model.shared.units"]);
  });
  test("uses other packages, each of which is there once", async () => {
    const linked = await linkProject({
      "sql_project.yaml": using("  - {local: packages/more}\n"),
      ...shared,
      "packages/more/sql_project.yaml": "name: more\npackages: [{local: ../shared}]\n",
      "packages/more/models/c.sql": "select * from {{ ref('units') }}",
      "models/a.sql": "select * from {{ ref('c') }}",
    });
    assert.deepEqual(
      linked.project.packages.map(({ name }) => name),
      ["shared", "more"],
    );
    assert.deepEqual(parents(linked, "model.more.c"), ["model.shared.units"]);
  });
});

test("mistakes in packages and in naming them come at once, each in its file", async () => {
  const two = { "packages/one/models/x.sql": "select 1", "packages/two/models/x.sql": "select 1" };
  assert.deepEqual(
    await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}packages:
  - {local: packages/one}
  - {local: packages/two}
  - {local: packages/gone}
  - {npm: statloom-none}
  - {local: models}
  - {local: packages/again}
`,
      ...two,
      "packages/one/sql_project.yaml": "name: one\nmodels: {+schema: one}\n",
      "packages/two/sql_project.yaml": "name: two\nmodells: {}\nmodels: {+schema: two}\n",
      "packages/again/sql_project.yaml": "name: one\n",
      "models/a.sql": "select 1 from {{ ref('on', 'x') }}",
    }),
    [
      'models/a.sql:1:18 PACKAGE_UNKNOWN no package is named "on" | did you mean "one"?',
      'packages/two/sql_project.yaml:2:1 KEY_UNKNOWN "modells" is not known here | did you mean "models"?',
      'sql_project.yaml:8:5 PACKAGE_MISSING there is no folder "packages/gone" | local names a folder, relative to the file that stands in: {local: packages/shared}',
      'sql_project.yaml:9:5 PACKAGE_MISSING the npm package "statloom-none" is not installed | npm install statloom-none',
      'sql_project.yaml:10:5 PACKAGE_INVALID the folder "models" holds no sql_project.yaml | a package is a project: it needs at least a name there',
      'sql_project.yaml:11:5 PACKAGE_DUPLICATE the package in packages/again/ has the name "one", as packages/one/ has | a name is given once: rename one of the two',
    ],
  );
  const off = (name: string): string => `name: ${name}\nmodels: {+schema: ${name}, x: {+enabled: false}}\n`;
  const resolved = await linkProject({
    "sql_project.yaml": `${PROJECT_FILE}models: {x: {+enabled: false}}\npackages: [{local: packages/one}, {local: packages/two}]\n`,
    ...two,
    "packages/one/sql_project.yaml": off("one"),
    "packages/two/sql_project.yaml": "name: two\nmodels: {+schema: two}\n",
    "models/x.sql": "select 0 as id",
    "models/a.sql": "select 1 from {{ ref('x') }}",
  });
  assert.deepEqual(
    modelOf(resolved, "a").dependsOn.nodes,
    ["model.two.x"],
    "what is switched off stands in nobody's way",
  );
  assert.deepEqual(
    await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}packages: [{local: packages/one}, {local: packages/two}]\n`,
      ...two,
      "packages/one/sql_project.yaml": "name: one\nmodels: {+schema: one}\n",
      "packages/two/sql_project.yaml": "name: two\nmodels: {+schema: two}\n",
      "packages/two/models/bad.sql": "select {{ var('nope') }} from {{ ref('one', 'gone') }}",
      "models/a.sql": "select 1 from {{ ref('x') }}",
      "models/b.sql": "select 1 from {{ ref('one', 'x') }}, {{ ref('on', 'x') }}",
    }),
    [
      'models/a.sql:1:18 REF_AMBIGUOUS the packages "one" and "two" have a "x" each | say which: ref(\'one\', \'x\')',
      'models/b.sql:1:41 PACKAGE_UNKNOWN no package is named "on" | did you mean "one"?',
      'packages/two/models/bad.sql:1:11 VAR_UNKNOWN no var is named "nope" | set it under vars: in the project file or with --vars, or give a default',
      'packages/two/models/bad.sql:1:34 REF_UNKNOWN no model, seed or snapshot of the package "one" is named "gone"',
    ],
  );
});
