import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deprecations } from "../../../../runner/graph/deprecations.ts";
import { select } from "../../../../runner/graph/select/select.ts";
import { linkProject, mistakesOf, modelOf, PROJECT_FILE, testsOf } from "../../../support/link-project.ts";

const groups = `groups:
  - {name: finance, owner: {name: Ada, email: [ada@x.org], slack: "#fin"}, description: Money, config: {meta: {floor: 2}}}
  - {name: sales, owner: {email: bob@x.org}}
`;
const files: Readonly<Record<string, string>> = {
  "sql_project.yaml": `${PROJECT_FILE}models: {fin: {+group: finance, +access: private}}\n`,
  "models/groups.yml": groups,
  "models/fin/ledger.sql": "select 1 as id",
  "models/fin/totals.sql": "{{ config(access='public') }} select * from {{ ref('ledger') }}",
  "models/fin/m.yml": "models: [{name: ledger, columns: [{name: id, data_tests: [unique]}]}]",
  "models/deals.sql": "select * from {{ ref('totals') }}",
  "models/m.yml": "models: [{name: deals, group: sales}]",
};

describe("groups", () => {
  test("hold models of folders, of property files and by their own config; tests are of the group of what they test", async () => {
    const linked = await linkProject({
      ...files,
      "models/own.sql": "{{ config(group='sales') }} select 1 as id",
      "seeds/s.csv": "id\n1\n",
      "seeds/s.yml": "seeds: [{name: s, config: {group: sales}}]",
    });
    assert.deepEqual(
      ["ledger", "deals", "own"].map((name) => modelOf(linked, name).config.group),
      ["finance", "sales", "sales"],
    );
    assert.deepEqual(
      testsOf(linked).map(({ config }) => config.group),
      ["finance"],
    );
    assert.deepEqual(linked.graph.groups.get("group.shop.finance"), {
      uniqueId: "group.shop.finance",
      name: "finance",
      packageName: "shop",
      path: "groups.yml",
      originalFilePath: "models/groups.yml",
      description: "Money",
      owner: { name: "Ada", email: ["ada@x.org"], slack: "#fin" },
      meta: { floor: 2 },
    });
    const chosen = (word: string): string =>
      [...select(linked.graph, { select: [word], exclude: [], indirectSelection: "empty" }).selected]
        .map((id) => id.split(".")[2])
        .join(" ");
    assert.equal(chosen("group:sales"), "s deals own");
    assert.equal(chosen("group:f*,resource_type:model"), "ledger totals");
    assert.equal(chosen("access:private"), "ledger");
    assert.equal(chosen("access:public"), "totals");
    assert.equal(chosen("access:protected"), "deals own");
    assert.equal(chosen("config.group:finance,access:public"), "totals");
    assert.throws(() => chosen("access:privat"), /unknown access "privat"/);
  });

  const cases: readonly (readonly [what: string, files: Record<string, string>, mistakes: string[]])[] = [
    ["what is in its group may read what is private", {}, []],
    [
      "what is of another group, or of none, may not",
      {
        "models/deals.sql": "select *\nfrom {{ ref('ledger') }}",
        "tests/data/t.sql": "select * from {{ ref('ledger') }} where false",
        "models/e.yml": `exposures: [{name: board, type: dashboard, owner: {name: A}, depends_on: ["ref('ledger')"]}]`,
      },
      [
        'models/deals.sql:2:9 REF_PRIVATE "ledger" is private to the group "finance": "deals" is of the group "sales" | refer to a model of that group that is not private, or make "ledger" protected',
        'models/e.yml:1:14 REF_PRIVATE "ledger" is private to the group "finance": "board" is of no group | refer to a model of that group that is not private, or make "ledger" protected',
        'tests/data/t.sql:1:18 REF_PRIVATE "ledger" is private to the group "finance": "t" is of no group | refer to a model of that group that is not private, or make "ledger" protected',
      ],
    ],
    [
      "groups that nobody declares, twice declared, without an owner",
      {
        "models/m.yml": "models: [{name: deals, group: salse}]",
        "models/more.yml": "groups: [{name: sales, owner: {name: B}}, {name: it, owner: {slack: x}}]",
      },
      [
        'models/deals.sql:1:1 GROUP_UNKNOWN no group is named "salse" | did you mean "sales"?',
        'models/more.yml:1:11 NAME_DUPLICATE group "sales" is also in models/groups.yml:3 | rename one of the two',
        'models/more.yml:1:44 GROUP_INVALID the owner of "it" has no name and no email | say who answers for it: owner: {name: …, email: …}',
      ],
    ],
    [
      "what is public is there",
      { "models/deals.sql": "{{ config(access='public', materialized='ephemeral') }} select 1" },
      [
        'models/m.yml:1:11 ACCESS_INVALID "deals" is public and ephemeral: there is nothing that others could read | materialize it, or make it protected',
      ],
    ],
    [
      "a misspelt access",
      { "models/deals.sql": "{{ config(access='publik') }} select 1" },
      [
        'models/deals.sql:1:11 VALUE_INVALID "access" must be one of "private", "protected", "public" | did you mean "public"?',
      ],
    ],
  ];
  for (const [what, changed, mistakes] of cases)
    test(what, async () => {
      assert.deepEqual((await mistakesOf({ ...files, ...changed })).toSorted(), mistakes);
    });

  test("what a package does not make public is its own, where it restricts access", async () => {
    const using = (restrict: string) => ({
      "sql_project.yaml": `${PROJECT_FILE}packages: [{local: shared}]\n`,
      "shared/sql_project.yaml": `name: shared\n${restrict}`,
      "shared/models/base.sql": "select 1 as id",
      "shared/models/top.sql": "{{ config(access='public') }} select * from {{ ref('base') }}",
      "models/a.sql": "select * from {{ ref('shared', 'base') }}, {{ ref('top') }}",
    });
    assert.deepEqual(await mistakesOf(using("")), []);
    assert.deepEqual(await mistakesOf(using("restrict-access: true\n")), [
      'models/a.sql:1:18 REF_PROTECTED "base" is protected within "shared", which restricts access | refer to a model that "shared" makes public',
    ]);
  });
});

test("models whose time is over are told, and what refers to them from the day on that it is known", async () => {
  const { graph } = await linkProject({
    "models/m_v1.sql": "select 1 as id",
    "models/m_v2.sql": "select 1 as id",
    "models/old.sql": "select 1 as id",
    "models/m.yml": `models:
  - {name: m, versions: [{v: 1, deprecation_date: 2026-06-30}, {v: 2}], columns: [{name: id, data_tests: [unique]}]}
  - {name: old, deprecation_date: 2026-01-01T12:00}
exposures: [{name: board, type: dashboard, owner: {name: A}, depends_on: ["ref('old')"]}]
`,
    "models/a.sql": "select * from {{ ref('m', v=1) }}",
    "models/b.sql": "select * from {{ ref('m') }} join {{ ref('old') }} using (id)",
  });
  const told = (day: string): string[] =>
    deprecations(graph, Date.parse(day)).map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
  assert.deepEqual(told("2025-12-31"), [
    `REF_DEPRECATION_UPCOMING "m.v1" will be deprecated on 2026-06-30, and "a" refers to it | move to the latest version, ref('m', v=2)`,
    'REF_DEPRECATION_UPCOMING "old" will be deprecated on 2026-01-01T12:00:00Z, and "b", "board" refer to it | move to what takes its place',
  ]);
  assert.deepEqual(
    told("2026-07-01").map((line) => line.slice(0, line.indexOf(" | "))),
    [
      'MODEL_DEPRECATED "m.v1" is deprecated since 2026-06-30',
      'REF_DEPRECATED "m.v1" is deprecated since 2026-06-30, and "a" refers to it',
      'MODEL_DEPRECATED "old" is deprecated since 2026-01-01T12:00:00Z',
      'REF_DEPRECATED "old" is deprecated since 2026-01-01T12:00:00Z, and "b", "board" refer to it',
    ],
  );
});
