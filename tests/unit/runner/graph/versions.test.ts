import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareVersions } from "../../../../runner/graph/versions.ts";
import type { Linked } from "../../../support/link-project.ts";
import { linkProject, mistakesOf, modelOf, parentsOf, PROJECT_FILE } from "../../../support/link-project.ts";

/** `m` in three versions, 2 the latest. */
const files: Readonly<Record<string, string>> = {
  "models/core/m_v1.sql": "select 1 as id, 'a' as name, 2 as old",
  "models/core/m.v2.sql": "select 1 as id, 'a' as name",
  "models/core/next.sql": "{{ config(alias='coming') }} select 1 as id",
  "models/core/m.yml": `models:
  - name: m
    description: All of it
    latest_version: 2
    config: {tags: [all], meta: {owner: ada, level: 1}}
    access: public
    columns:
      - {name: id, data_type: integer, data_tests: [unique]}
      - {name: name, description: Whose}
      - {name: old}
    data_tests: [{not_null: {column_name: id}}]
    versions:
      - v: 1
        deprecation_date: 2025-01-31
      - v: 2
        description: The second
        config: {tags: [two], meta: {level: 2}}
        columns:
          - {include: all, exclude: [old]}
          - {name: id, data_type: bigint, data_tests: [not_null, unique]}
        data_tests: []
      - {v: 3, defined_in: next, access: protected, columns: [{include: [id]}]}
`,
  "models/a.sql": "select * from {{ ref('m') }}",
  "models/b.sql": "select * from {{ ref('m', v=1) }} join {{ ref('shop', 'm', version='3') }} using (id)",
};

const tests = ({ graph }: Linked): string[] =>
  [...graph.nodes.values()].flatMap((node) =>
    node.resourceType === "test" ? [`${node.name} ${node.generic?.tested}`] : [],
  );

describe("versions of a model", () => {
  test("each is a model of its own: named, described, configured and tested as dbt does", async () => {
    const linked = await linkProject(files);
    const [one, two, three] = [modelOf(linked, "m.v1"), modelOf(linked, "m.v2"), modelOf(linked, "m.v3")];
    assert.deepEqual(
      [one, two, three].map(({ name, fqn, relation, version, latestVersion }) => [
        name,
        fqn.join("."),
        relation.identifier,
        version,
        latestVersion,
      ]),
      [
        ["m", "shop.core.m.v1", "m_v1", 1, 2],
        ["m", "shop.core.m.v2", "m_v2", 2, 2],
        ["m", "shop.core.m.v3", "coming", 3, 2],
      ],
    );
    assert.deepEqual([one.description, two.description], ["All of it", "The second"]);
    assert.deepEqual([one.tags, two.tags], [["all"], ["two"]]);
    assert.deepEqual(two.meta, { owner: "ada", level: 2 });
    assert.deepEqual(
      [one, two, three].map(({ config }) => config.access),
      ["public", "public", "protected"],
    );
    assert.deepEqual(
      [one, two, three].map(({ columns }) => [...columns.keys()].join(" ")),
      ["id name old", "name id", "id"],
    );
    assert.equal(two.columns.get("id")?.dataType, "bigint");
    assert.deepEqual([one.deprecationDate, two.deprecationDate], ["2025-01-31T00:00:00.000Z", null]);
    assert.deepEqual(tests(linked).toSorted(), [
      'not_null_m_v1_id ref("m", v=1)',
      'not_null_m_v2_id ref("m", v=2)',
      'not_null_m_v3_id ref("m", v=3)',
      'unique_m_v1_id ref("m", v=1)',
      'unique_m_v2_id ref("m", v=2)',
      'unique_m_v3_id ref("m", v=3)',
    ]);
  });
  test("a reference means the version that it names, else the latest", async () => {
    const linked = await linkProject(files);
    assert.deepEqual(parentsOf(linked, "model.shop.a"), ["m.v2"]);
    assert.deepEqual(parentsOf(linked, "model.shop.b"), ["m.v1", "m.v3"]);
  });
  test("without latest_version it is the highest, in a file without a suffix if there is none with", async () => {
    const linked = await linkProject({
      "models/m.sql": "select 10 as v",
      "models/m_v9.sql": "select 9 as v",
      "models/m.yml": "models: [{name: m, versions: [{v: 9}, {v: 10}]}]",
      "models/a.sql": "select * from {{ ref('m') }}",
    });
    assert.deepEqual(parentsOf(linked, "model.shop.a"), ["m.v10"]);
    assert.equal(modelOf(linked, "m.v10").relation.identifier, "m_v10");
  });
  test("folders configure them by the model's name, and by version", async () => {
    const linked = await linkProject({
      ...files,
      "sql_project.yaml": `${PROJECT_FILE}models: {core: {m: {+schema: x, v1: {+materialized: table}}}}`,
    });
    const placed = ["m.v1", "m.v2"].map((name) => modelOf(linked, name));
    assert.deepEqual(
      placed.map(({ relation, config }) => `${relation.schema} ${config.materialized}`),
      ["main_x table", "main_x view"],
    );
  });
  test("are called as they are written: 1.0 is not 1, as in dbt", async () => {
    const linked = await linkProject({
      "models/m_v1.0.sql": "select 1 as id",
      "models/m_v2.sql": "select 1 as id",
      "models/m_v2.50.sql": "select 1 as id",
      "models/m.yml": `models:
  - name: m
    latest_version: 1.0
    columns: [{name: id}]
    versions: [{v: 1.0}, {v: 2}, {v: "2.50"}]
unit_tests:
  - {name: u, model: m, given: [], expect: {rows: [{id: 1}]}, versions: {include: [1.0]}}
`,
      "models/a.sql": "select * from {{ ref('m') }} join {{ ref('m', v=1.0) }} using (id)",
      "models/b.sql": "select * from {{ ref('m', v='1.0') }} join {{ ref('m', v=2) }} using (id)",
    });
    const { version, latestVersion, relation, uniqueId, fqn } = modelOf(linked, "m.v1.0");
    assert.deepEqual(
      [version, latestVersion, relation.identifier, uniqueId, fqn.at(-1)],
      ["1.0", "1.0", "m_v1_0", "model.shop.m.v1.0", "v1.0"],
    );
    assert.deepEqual(linked.graph.nodes.get("model.shop.a")?.dependsOn.nodes, ["model.shop.m.v1.0"]);
    assert.deepEqual(linked.graph.nodes.get("model.shop.b")?.dependsOn.nodes, [
      "model.shop.m.v1.0",
      "model.shop.m.v2",
    ]);
    assert.deepEqual([...linked.graph.unitTests.keys()], ["unit_test.shop.m.u_v1.0"]);
  });

  test("are in an order of numbers, else of text", () => {
    const sorted = (list: (string | number)[]): (string | number)[] => list.toSorted(compareVersions);
    assert.deepEqual(sorted([10, 9, "2", 1.5]), [1.5, "2", 9, 10]);
    assert.deepEqual(sorted(["b", "a", "10"]), ["10", "a", "b"]);
  });
  test("a unit test is one of each version, or of those that it names", async () => {
    const unit = (versions: string): string =>
      `unit_tests: [{name: u, model: m, ${versions} given: [], expect: {rows: [{id: 1}]}}]`;
    const ids = async (versions: string): Promise<string[]> => [
      ...(await linkProject({ ...files, "models/u.yml": unit(versions) })).graph.unitTests.keys(),
    ];
    assert.deepEqual(await ids(""), [
      "unit_test.shop.m.u_v1",
      "unit_test.shop.m.u_v2",
      "unit_test.shop.m.u_v3",
    ]);
    assert.deepEqual(await ids("versions: {include: [2]},"), ["unit_test.shop.m.u_v2"]);
    assert.deepEqual(await ids("versions: {exclude: [1, '2']},"), ["unit_test.shop.m.u_v3"]);
    assert.deepEqual(await mistakesOf({ ...files, "models/u.yml": unit("versions: {include: [7]},") }), [
      'models/u.yml:1:34 VERSION_UNKNOWN unit test "u" names version 7 of "m" | its versions are 1, 2, 3',
    ]);
  });
});

describe("mistakes with versions", () => {
  const yml = (versions: string, more = ""): string =>
    `models:\n  - name: m\n    versions: ${versions}\n${more}`;
  const cases: readonly (readonly [what: string, files: Record<string, string>, mistakes: string[]])[] = [
    [
      "a version that is not there",
      { "models/a.sql": "select * from {{ ref('m', v=4) }}" },
      ['models/a.sql:1:18 VERSION_UNKNOWN "m" has no version 4 | its versions are 1, 2, 3'],
    ],
    [
      "a version of what has none",
      { "models/c.sql": "select * from {{ ref('a', v=1) }}" },
      ["models/c.sql:1:18 VERSION_UNKNOWN \"a\" is a model without versions | write ref('a')"],
    ],
    [
      "a version that is not literal",
      { "models/a.sql": "select * from {{ ref('m', v=var('x', 1)) }}" },
      [
        "models/a.sql:1:18 REF_DYNAMIC ref needs literal names | lineage is found before anything is rendered: write the model's name in quotes",
      ],
    ],
    [
      "no file, a v twice, an unknown latest_version, columns that are not there",
      {
        "models/core/m.yml": yml(
          "\n      - {v: 1, columns: [{include: [idd]}]}\n      - v: 2\n      - v: 2\n      - v: 4",
          "    latest_version: 5\n    columns: [{name: id}]\n",
        ),
        "models/core/next.sql": "select 1",
        "models/b.sql": "select 1",
        "models/a.sql": "select 1",
      },
      [
        'models/core/m.yml:4:10 COLUMN_UNKNOWN version 1 names "idd", which is not among the columns of "m" | did you mean "id"?',
        'models/core/m.yml:6:9 VERSION_DUPLICATE "m" has two versions 2 | give one of the two another v',
        'models/core/m.yml:7:9 VERSION_FILE_MISSING version 4 of "m" has no file m_v4.sql | did you mean "m_v1"?',
        'models/core/m.yml:8:5 VERSION_UNKNOWN "m" has no version 5 | its versions are 1, 2, 2, 4',
      ],
    ],
    [
      "files that are not listed, two for one version, one for two",
      {
        "models/core/m.sql": "select 1",
        "models/core/m_v2.sql": "select 1",
        "models/core/m_v7.sql": "select 1",
        "models/core/m.yml": yml("[{v: 1}, {v: 2}, {v: 3, defined_in: m_v1}]"),
        "models/b.sql": "select 1",
        "models/a.sql": "select 1",
      },
      [
        'models/core/m.sql:1:1 VERSION_UNLISTED models/core/m.sql is none of the versions of "m" | name it under versions: (models/core/m.yml:2): defined_in: m',
        'models/core/m.v2.sql:1:1 VERSION_UNLISTED models/core/m.v2.sql is none of the versions of "m" | list it under versions: (models/core/m.yml:2): - v: 2; or describe "m.v2" as a model of its own',
        'models/core/m.yml:3:25 VERSION_FILE_AMBIGUOUS version 2 of "m" has two files: models/core/m_v2.sql and models/core/m.v2.sql | keep one of the two',
        "models/core/m.yml:3:33 VERSION_FILE_TAKEN models/core/m_v1.sql is the file of m.v1 already | a version is a file of its own",
        'models/core/m_v2.sql:1:1 VERSION_UNLISTED models/core/m_v2.sql is none of the versions of "m" | list it under versions: (models/core/m.yml:2): - v: 2; or describe "m_v2" as a model of its own',
        'models/core/m_v7.sql:1:1 VERSION_UNLISTED models/core/m_v7.sql is none of the versions of "m" | list it under versions: (models/core/m.yml:2): - v: 7; or describe "m_v7" as a model of its own',
      ],
    ],
    [
      "two versions by one alias",
      { "models/core/m_v1.sql": "{{ config(alias='coming') }} select 1 as id" },
      [
        'models/core/next.sql:1:1 RELATION_DUPLICATE "m.v3" and "m.v1" would both be the relation main.coming | give one of them another alias or schema',
      ],
    ],
    [
      "files of versions that nobody lists",
      { "models/core/m.yml": "" },
      [
        'models/a.sql:1:18 REF_UNVERSIONED no model, seed or snapshot is named "m" | "m.v2" looks like a version of it: list it under versions: of "m" in a property file',
        'models/b.sql:1:18 REF_UNVERSIONED no model, seed or snapshot is named "m" | "m.v2" looks like a version of it: list it under versions: of "m" in a property file',
        'models/b.sql:1:43 REF_UNVERSIONED no model, seed or snapshot of the package "shop" is named "m" | "m.v2" looks like a version of it: list it under versions: of "m" in a property file',
      ],
    ],
    [
      "keys that contradict each other",
      {
        "models/core/m.yml": yml(
          "\n      - v: 1\n        columns: [{include: all}, {include: [id], exclude: [id]}]\n      - {v: a b}\n      - v: 2\n        columns: [{include: [id], exclude: [id]}]",
          "    deprecation_date: soon\n",
        ),
      },
      [
        "models/core/m.yml:5:35 VERSION_INVALID version 1 says twice which columns it has | one include, with its exclude, is enough",
        'models/core/m.yml:6:10 VALUE_INVALID "v" must be a number or a word',
        'models/core/m.yml:7:9 COLUMN_UNKNOWN version 2 names "id", which is not among the columns of "m"',
        "models/core/m.yml:8:35 VERSION_INVALID version 2 includes columns by name and excludes others | exclude goes with include: all",
        'models/core/m.yml:9:5 VALUE_INVALID "deprecation_date" must be a day or an instant: "2026-06-30"',
      ],
    ],
  ];
  for (const [what, changed, mistakes] of cases)
    test(what, async () => {
      assert.deepEqual((await mistakesOf({ ...files, ...changed })).toSorted(), mistakes);
    });
});
