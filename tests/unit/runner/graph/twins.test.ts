import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { linkProject, mistakesOf, modelOf, parentsOf, testsOf } from "../../../support/link-project.ts";
import type { Linked } from "../../../support/link-project.ts";

const base = { "models/a.sql": "select 1 as id", "models/b.sql": "select 2 as id" };
const snapshot = (of: string, config: string): string =>
  `snapshots:
  - name: s
    relation: ref('${of}')
    config: {strategy: check, unique_key: id, check_cols: all${config}}
    columns: [{name: id, data_tests: [${of === "a" ? "unique" : "not_null"}]}]\n`;
const off = (linked: Linked): string[] =>
  [...linked.graph.disabled.values()].map((node) => `${node.uniqueId} ${node.originalFilePath}`);

describe("of several of one name all but one may be switched off", () => {
  test("snapshots, with their tests, in whatever order", async () => {
    for (const [first, second] of [
      [", enabled: false", ""],
      ["", ", enabled: false"],
    ] as const) {
      const linked = await linkProject({
        ...base,
        "snapshots/one.yml": snapshot("a", first),
        "snapshots/two.yml": snapshot("b", second),
      });
      const [on, isOff] = first === "" ? ["a", "two"] : ["b", "one"];
      assert.deepEqual(parentsOf(linked, "snapshot.shop.s"), [on]);
      assert.deepEqual(off(linked), [`snapshot.shop.s snapshots/${isOff}.yml`]);
      assert.deepEqual(
        testsOf(linked).map(({ name }) => name),
        [on === "a" ? "unique_s_id" : "not_null_s_id"],
      );
      assert.match(linked.templates.get("snapshot.shop.s")!.text, new RegExp(`ref\\('${on}'\\)`));
    }
  });
  test("tables of sources, with their tests and what is said of them", async () => {
    const source = (config: string, test: string): string =>
      `sources: [{name: raw, tables: [{name: t, identifier: t_${test}, config: {${config}}, columns: [{name: id, data_tests: [${test}]}]}]}]`;
    for (const isFirst of [true, false]) {
      const linked = await linkProject({
        "models/c.sql": "select * from {{ source('raw', 't') }}",
        "models/one.yml": source(isFirst ? "" : "enabled: false", "unique"),
        "models/two.yml": source(isFirst ? "enabled: false" : "", "not_null"),
      });
      const test = isFirst ? "unique" : "not_null";
      assert.equal(linked.graph.sources.get("source.shop.raw.t")!.identifier, `t_${test}`);
      assert.deepEqual(off(linked), [`source.shop.raw.t models/${isFirst ? "two" : "one"}.yml`]);
      assert.deepEqual(
        testsOf(linked).map(({ name }) => name),
        [`source_${test}_raw_t_id`],
      );
    }
  });
  test("exposures and unit tests, each with what it refers to", async () => {
    const exposure = (of: string, isOn: boolean): string =>
      `exposures: [{name: e, type: dashboard, owner: {name: x}, depends_on: [ref('${of}')], config: {enabled: ${isOn}}}]\n`;
    const unitTest = (of: string, isOn: boolean): string =>
      `unit_tests: [{name: u, model: c, config: {enabled: ${isOn}}, given: [{input: ref('${of}'), rows: []}], expect: {rows: []}}]\n`;
    for (const isFirst of [true, false]) {
      const linked = await linkProject({
        ...base,
        "models/c.sql": "select * from {{ ref('a') }} join {{ ref('b') }} using (id)",
        "models/one.yml": exposure("a", isFirst) + unitTest("a", isFirst),
        "models/two.yml": exposure("b", !isFirst) + unitTest("b", !isFirst),
      });
      const [on, isOff] = isFirst ? ["a", "two"] : ["b", "one"];
      assert.deepEqual(linked.graph.parents.get("exposure.shop.e"), [`model.shop.${on}`]);
      assert.deepEqual(
        linked.graph.unitTests.get("unit_test.shop.c.u")!.given.map(({ input }) => input),
        [`ref('${on}')`],
      );
      assert.match(linked.templates.get("unit_test.shop.c.u.given.0")!.text, new RegExp(`ref\\('${on}'\\)`));
      assert.deepEqual(off(linked), [
        `exposure.shop.e models/${isOff}.yml`,
        `unit_test.shop.c.u models/${isOff}.yml`,
      ]);
    }
  });
  test("files of one version of a model, and singular tests", async () => {
    const linked = await linkProject({
      "models/m.yml": "models: [{name: m, versions: [{v: 1}], columns: [{name: id, data_tests: [unique]}]}]",
      "models/x/m_v1.sql": "{{ config(enabled=false) }}select 1 as id",
      "models/y/m_v1.sql": "select 2 as id",
      "tests/data/x/t.sql": "{{ config(enabled=false) }}select * from {{ ref('nothing') }}",
      "tests/data/y/t.sql": "select * from {{ ref('m') }} where id < 0",
    });
    assert.equal(modelOf(linked, "m.v1").rawCode, "select 2 as id");
    assert.deepEqual(parentsOf(linked, "test.shop.t"), ["m.v1"]);
    assert.deepEqual(
      off(linked),
      ["test.shop.t tests/data/x/t.sql", "model.shop.m.v1 models/x/m_v1.sql"].toSorted(),
    );
  });
  test("however many are off, also in one file", async () => {
    const { graph } = await linkProject({
      ...base,
      "snapshots/s.yml": `${snapshot("a", "")}${snapshot("b", ", enabled: false").slice(11)}${snapshot("b", ", enabled: false").slice(11)}`,
    });
    assert.equal(graph.disabled.size, 2);
    assert.equal(graph.nodes.size, 4);
  });
});

test("two that are both on are told where they stand, also behind one that is off", async () => {
  const hint = "rename one of the two, or switch it off (enabled: false)";
  assert.deepEqual(
    await mistakesOf({
      ...base,
      "models/x/a.sql": "{{ config(enabled=false) }}select 1 as id",
      "models/y/a.sql": "select 1 as id",
      "snapshots/a.yml": snapshot("a", ", enabled: false"),
      "snapshots/b.yml": snapshot("a", ""),
      "snapshots/c.yml": snapshot("b", ""),
      "models/p.yml": `unit_tests:
  - {name: u, model: b, given: [], expect: {rows: []}}
  - {name: u, model: b, given: [], expect: {rows: []}}
exposures:
  - {name: e, type: dashboard, owner: {name: x}}
  - {name: e, type: dashboard, owner: {name: x}}
sources: [{name: raw, tables: [{name: t}, {name: t}]}]\n`,
    }),
    [
      `models/p.yml:3:6 NAME_DUPLICATE unit test "u" is also in models/p.yml:2 | ${hint}`,
      `models/p.yml:6:6 NAME_DUPLICATE exposure "e" is also in models/p.yml:5 | ${hint}`,
      `models/p.yml:7:44 NAME_DUPLICATE source table "raw.t" is also in models/p.yml:7 | ${hint.replace("rename", "keep")}`,
      `models/y/a.sql:1:1 NAME_DUPLICATE model "a" is also in models/a.sql | a model is named by its file: ${hint}`,
      `snapshots/c.yml:2:5 NAME_DUPLICATE snapshot "s" is also in snapshots/b.yml:2 | ${hint}`,
    ],
  );
});

test("unit tests of two versions of a model may share a name", async () => {
  const { graph } = await linkProject({
    "models/m.yml": `models: [{name: m, versions: [{v: 1}, {v: 2}]}]
unit_tests:
  - {name: u, model: m, versions: {include: [1]}, given: [], expect: {rows: []}}
  - {name: u, model: m, versions: {include: [2]}, given: [], expect: {rows: []}}\n`,
    "models/m_v1.sql": "select 1 as id",
    "models/m_v2.sql": "select 2 as id",
  });
  assert.deepEqual([...graph.unitTests.keys()], ["unit_test.shop.m.u_v1", "unit_test.shop.m.u_v2"]);
});
