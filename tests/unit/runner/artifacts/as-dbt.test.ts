import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isObject } from "../../../../runner/base/json.ts";
import type { JsonObject } from "../../../../runner/base/json.ts";
import { PROJECT_FILE } from "../../../support/link-project.ts";
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

/** What `from-dbt/manifest.json` was made of. */
const files = {
  "models/marts/all.yml": `models:
  - name: a
    columns:
      - name: k
        tags: [pk]
        data_tests:
          - unique
          - not_null: {config: {severity: WARN, tags: [own, x]}}
          - accepted_values: {arguments: {values: [1, 2]}, config: {store_failures_as: view, store_failures: false}}
          - relationships: {arguments: {to: ref('plain'), field: k}, config: {store_failures: true, severity: error}}
sources:
  - name: raw
    tags: [src]
    meta: {s: 1}
    config: {freshness: {warn_after: {count: 1, period: day}}, loaded_at_field: at}
    tables:
      - {name: things, identifier: t, columns: [{name: id, data_tests: [not_null]}]}
exposures:
  - {name: dash, type: dashboard, owner: {name: Ann}, depends_on: ["ref('a')"]}
`,
  "models/marts/a.sql":
    "\n{{ config(materialized='incremental', unique_key=['k']) }}\nselect 1 as k\nfrom {{ source('raw', 'things') }}\n\n",
  "models/marts/b.sql": "{{ config(materialized='incremental', unique_key='k') }}\nselect 1 as k",
  "tests/one.sql": "{{ config(severity='warn') }}\nselect * from {{ ref('a') }} where k < 0\n",
  "seeds/plain.csv": "k,v\nx,1\ny,2\n\n",
  "snapshots/snap.yml":
    "snapshots:\n  - name: snap\n    relation: ref('plain')\n    config: {strategy: check, unique_key: k, check_cols: all}\n",
};
const folder = join(import.meta.dirname, "from-dbt");
const theirs = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Parts;

test("nodes say what dbt says of them", async () => {
  const ours = await parsed(files);
  const keys = {
    nodes:
      "name alias fqn tags raw_code checksum config.tags config.meta config.materialized config.unique_key config.severity config.store_failures config.store_failures_as config.schema unrendered_config.unique_key unrendered_config.severity column_name group",
    sources:
      "fqn tags meta source_meta freshness loaded_at_field config.tags config.meta config.enabled config.freshness unrendered_config.loaded_at_field",
    exposures: "fqn tags meta depends_on.nodes owner",
  };
  for (const [part, list] of Object.entries(keys)) {
    const [mine = {}, dbt = {}] = [ours[part], theirs[part]];
    assert.deepEqual(Object.keys(mine).toSorted(), Object.keys(dbt).toSorted());
    for (const [id, node] of Object.entries(dbt)) {
      // The call of a generic test's macro is written in another way; snapshots are known by their calls, not by their files.
      const isCompared = (key: string): boolean =>
        (key !== "raw_code" || node["test_metadata"] === undefined) &&
        (key !== "checksum" || node["resource_type"] !== "snapshot");
      const compared = list.split(" ").filter(isCompared);
      assert.deepEqual(pick(mine[id], ...compared), pick(node, ...compared), id);
    }
  }
});

test("what has not changed since dbt looked at it is not modified", async () => {
  const listed = async (cwd: string): Promise<readonly string[]> => {
    const { code, out, err } = await models(cwd, [
      "ls",
      "-s",
      "state:modified",
      "--state",
      folder,
      "--quiet",
    ]);
    assert.equal(code, 0, err);
    return out.split("\n").filter((line) => line !== "");
  };
  assert.deepEqual(await listed(makeProject(files)), []);
  const other = files["models/marts/all.yml"].replace("values: [1, 2]", "values: [2, 1]");
  assert.deepEqual(await listed(makeProject({ ...files, "models/marts/all.yml": other })), [
    "shop.marts.accepted_values_a_k__2__1",
  ]);
  const severe = files["models/marts/all.yml"].replace("severity: WARN", "severity: ERROR");
  assert.deepEqual(await listed(makeProject({ ...files, "models/marts/all.yml": severe })), [
    "shop.marts.not_null_a_k",
  ]);
});

test("a unit test is modified where what it says is other than what dbt read", async () => {
  const unitTests = {
    "models/one.sql": "select 1 as id, 2 as n",
    "models/two.sql": "select * from {{ ref('one') }}",
    "models/three.sql": "select * from {{ ref('small') }}",
    "seeds/small.csv": "id,n,big\n1,2,30000000000\n2,3,4\n",
    "tests/fixtures/fx.csv": "id,n\n1,2\n",
    "tests/fixtures/fs.sql": "select 1 as id, 2 as n",
    "models/ut.yml": `unit_tests:
  - {name: u1, model: one, given: [], expect: {rows: [{n: 2, id: 1}]}}
  - name: c1
    model: two
    given: [{input: ref('one'), format: csv, rows: "id,n\\n1,\\n"}]
    expect: {format: csv, fixture: fx}
  - name: c2
    model: two
    description: another
    given: [{input: "ref( \\"one\\" )", format: sql, rows: "select 1 as id, 2 as n"}]
    expect: {format: sql, fixture: fs}
    overrides: {vars: {a: 1}, macros: {is_incremental: true}, env_vars: {X: 1}}
  - {name: c3, model: three, given: [{input: ref('small')}], expect: {rows: [{id: 1}]}}
`,
  };
  const modified = async (changed: Readonly<Record<string, string>>): Promise<string[]> => {
    const words = ["-s", "state:modified,resource_type:unit_test", "--state", join(folder, "unit-tests")];
    const { code, out, err } = await models(makeProject({ ...unitTests, ...changed }), [
      "ls",
      "--quiet",
      ...words,
    ]);
    assert.equal(code, 0, err);
    return out.split("\n").filter((line) => line !== "");
  };
  assert.deepEqual(await modified({}), []);
  assert.deepEqual(await modified({ "tests/fixtures/fx.csv": "id,n\n1,3\n" }), ["unit_test:shop.c1"]);
  const yaml = unitTests["models/ut.yml"];
  for (const [before, after, name] of [
    ["{n: 2, id: 1}", "{n: 3, id: 1}", "u1"],
    ["n1,\\n", "n1,0\\n", "c1"],
    ["1 as id, 2", "1 as id, 3", "c2"],
    ["vars: {a: 1}", "vars: {a: 2}", "c2"],
    ["{input: ref('small')}", "", "c3"],
  ] as const) {
    assert.ok(yaml.includes(before), before);
    assert.deepEqual(await modified({ "models/ut.yml": yaml.replace(before, after) }), [
      `unit_test:shop.${name}`,
    ]);
  }
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

test("columns and exposures have a `config` too, and constraints say when dbt should warn", async () => {
  const {
    nodes = {},
    exposures = {},
    macros = {},
  } = await parsed({
    "models/a.sql": "select 1 as id, 'a' as name",
    "macros/m.sql": "{{! macro m() }}1",
    "models/a.yml": `models:
  - name: a
    config: {materialized: table, contract: {enforced: true, alias_types: false}}
    constraints: [{type: unique, columns: [id], warn_unsupported: false}]
    columns:
      - {name: id, data_type: int, tags: [t], meta: {a: 1, b: 1}, config: {tags: [u], meta: {b: 2}}, constraints: [{type: not_null, warn_unenforced: false}], data_tests: [unique]}
      - {name: name, data_type: varchar}
exposures:
  - {name: shown, type: dashboard, owner: {name: Ann}, tags: [t], meta: {a: 1}, config: {tags: [u], meta: {b: 2}}}
  - {name: hidden, type: dashboard, owner: {name: Ann}, config: {enabled: false}}
macros:
  - {name: m, description: M, config: {meta: {a: 1}, docs: {show: false}}}
`,
  });
  const constraint = { name: null, expression: null, to: null, to_columns: [] };
  assert.deepEqual(pick(nodes["model.shop.a"], "contract", "config.contract", "constraints", "columns.id"), {
    contract: {
      enforced: true,
      alias_types: false,
      checksum: "874132fcc9357b97f92fa401817de32db55c1de0de45c30991a85743726317cd",
    },
    "config.contract": { enforced: true, alias_types: false },
    constraints: [
      { type: "unique", ...constraint, warn_unenforced: true, warn_unsupported: false, columns: ["id"] },
    ],
    "columns.id": {
      name: "id",
      description: "",
      meta: { a: 1, b: 2 },
      data_type: "int",
      constraints: [{ type: "not_null", ...constraint, warn_unenforced: false, warn_unsupported: true }],
      quote: null,
      config: { meta: { a: 1, b: 2 }, tags: ["t", "u"] },
      tags: ["t", "u"],
      granularity: null,
      doc_blocks: [],
    },
  });
  const ids = Object.values(nodes).map((node) => pick(node, "resource_type", "tags"));
  assert.deepEqual(ids[1], { resource_type: "test", tags: ["t", "u"] });
  assert.deepEqual(Object.keys(exposures), ["exposure.shop.shown"]);
  assert.deepEqual(pick(exposures["exposure.shop.shown"], "tags", "meta", "config"), {
    tags: ["t", "u"],
    meta: { a: 1, b: 2 },
    config: { enabled: true, tags: ["t", "u"], meta: { a: 1, b: 2 } },
  });
  assert.deepEqual(pick(macros["macro.shop.m"], "meta", "docs"), {
    meta: { a: 1 },
    docs: { show: false, node_color: null },
  });
});

test("ls spells nodes as dbt does, and what it spells can be given back", async () => {
  const cwd = makeProject(files);
  const ls = async (...words: string[]): Promise<string> => (await models(cwd, ["ls", ...words])).out;
  const kinds = ["--resource-type", "source", "--resource-type", "exposure"];
  const spelled = (await ls(...kinds)).trim().split("\n");
  assert.deepEqual(spelled.toSorted(), ["exposure:shop.dash", "source:shop.raw.things"]);
  assert.equal((await ls(...kinds, "-s", ...spelled)).trim().split("\n").length, 2);
  assert.equal(await ls("--output", "name", "-s", "source:raw", "--resource-type", "source"), "raw.things\n");
  const { config } = JSON.parse(await ls("--output", "json", "-s", "unique_a_k")) as { config: JsonObject };
  assert.deepEqual([config["severity"], config["materialized"]], ["ERROR", "test"]);
});

test("what is switched off stands under disabled, and doc blocks with what they describe", async () => {
  const { nodes, sources, exposures, disabled, unit_tests, parent_map } = await parsed({
    "models/docs.md": "{% docs tdoc %}table doc{% enddocs %}\n{% docs cdoc %}column doc{% enddocs %}",
    "models/a/one.sql": "select 1 as id, 2 as n",
    "models/a/dup.sql": "{{ config(enabled=false) }} select 9 as id",
    "models/b/dup.sql": "select id + 1 as id from {{ ref('one') }}",
    "models/c/dup.sql": "{{ config(enabled=false) }} select {{ var('nowhere', 1) }} as id",
    "models/a/offm.sql": "{{ config(enabled=false) }} select 9 as id",
    "models/b/above.sql": "select * from {{ ref('dup') }}",
    "seeds/small.csv": "id\n1\n",
    "seeds/more/small.csv": "id\n2\n",
    "tests/offt.sql": "{{ config(enabled=false) }} select 1 as id",
    "models/p.yml": `models:
  - name: one
    description: "{{ doc('tdoc') }} more"
    columns:
      - {name: id, description: "{{ doc('cdoc') }} and {{ doc('tdoc') }}", data_tests: [unique, {not_null: {config: {enabled: false}}}]}
  - {name: dup, description: patched, columns: [{name: id, data_tests: [unique]}]}
  - {name: offm, columns: [{name: id, data_tests: [unique]}]}
seeds:
  - {name: small, description: "{{ doc('tdoc') }}"}
sources:
  - name: raw
    description: "{{ doc('tdoc') }}"
    tables:
      - {name: offt, config: {enabled: false}, columns: [{name: a, data_tests: [not_null]}]}
      - {name: ont, description: "{{ doc('cdoc') }}", columns: [{name: id, description: "{{ doc('cdoc') }}"}]}
exposures:
  - {name: offexp, type: dashboard, owner: {name: x}, config: {enabled: false}, depends_on: [ref('one')]}
unit_tests:
  - {name: u1, model: one, given: [], expect: {rows: [{id: 1, n: 2}]}}
  - {name: u2, model: one, config: {enabled: false}, given: [], expect: {rows: [{id: 1, n: 2}]}}
  - {name: u3, model: offm, given: [], expect: {rows: [{id: 9}]}}
snapshots:
  - {name: offsnap, relation: ref('one'), config: {enabled: false, unique_key: id, strategy: check, check_cols: all}}
`,
    "sql_project.yaml": `${PROJECT_FILE}seeds: {more: {+enabled: false}}\n`,
  });
  const off = disabled as unknown as Readonly<Record<string, readonly JsonObject[]>>;
  assert.deepEqual(
    Object.entries(off).map(([id, list]) => [id, ...list.map((entry) => entry["original_file_path"])]),
    [
      ["exposure.shop.offexp", "models/p.yml"],
      ["model.shop.dup", "models/a/dup.sql", "models/c/dup.sql"],
      ["model.shop.offm", "models/a/offm.sql"],
      ["seed.shop.small", "seeds/more/small.csv"],
      ["snapshot.shop.offsnap", "models/p.yml"],
      ["source.shop.raw.offt", "models/p.yml"],
      ["test.shop.not_null_one_id.fe01050880", "models/p.yml"],
      ["test.shop.offt", "tests/offt.sql"],
      ["test.shop.unique_offm_id.3a83e1bb4b", "models/p.yml"],
      ["unit_test.shop.offm.u3", "models/p.yml"],
      ["unit_test.shop.one.u2", "models/p.yml"],
    ],
  );
  for (const entry of Object.values(off).flat())
    if (!JSON.stringify(entry["unique_id"]).includes("offm"))
      assert.deepEqual(pick(entry, "config.enabled", "compiled_code"), {
        "config.enabled": false,
        compiled_code: "compiled_code" in entry ? null : undefined,
      });
  assert.deepEqual(Object.keys(sources ?? {}), ["source.shop.raw.ont"]);
  assert.deepEqual(
    [Object.keys(exposures ?? {}), Object.keys(unit_tests ?? {})],
    [[], ["unit_test.shop.one.u1"]],
  );
  assert.equal(nodes?.["model.shop.dup"]?.["original_file_path"], "models/b/dup.sql");
  assert.deepEqual(parent_map?.["model.shop.dup"], ["model.shop.one"]);
  assert.deepEqual(pick(nodes["model.shop.one"], "doc_blocks", "columns.id.doc_blocks"), {
    doc_blocks: ["doc.shop.tdoc"],
    "columns.id.doc_blocks": ["doc.shop.cdoc", "doc.shop.tdoc"],
  });
  assert.deepEqual(nodes["seed.shop.small"]?.["doc_blocks"], ["doc.shop.tdoc"]);
  assert.deepEqual(pick(sources?.["source.shop.raw.ont"], "doc_blocks", "columns.id.doc_blocks"), {
    doc_blocks: ["doc.shop.cdoc"],
    "columns.id.doc_blocks": ["doc.shop.cdoc"],
  });
});
