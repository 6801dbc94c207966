import assert from "node:assert/strict";
import { test } from "node:test";
import { manifestHead } from "../../../../runner/artifacts/manifest-head.ts";
import { manifest, manifestRest } from "../../../../runner/artifacts/manifest.ts";
import type { ManifestFacts } from "../../../../runner/artifacts/manifest.ts";
import { customEnvironment } from "../../../../runner/artifacts/metadata.ts";
import { isObject } from "../../../../runner/base/json.ts";
import type { Graph } from "../../../../runner/graph/types.ts";
import { assertValid, withoutSchemas } from "../../../support/dbt-schemas.ts";
import { makeGraph } from "../../../support/make-graph.ts";
import { makeProject, models, readArtifact } from "../../../support/models.ts";

const facts: ManifestFacts = {
  invocationId: "0b1f0f0e-0000-4000-8000-000000000001",
  startedAt: "2026-01-02T03:04:05.000Z",
  generatedAt: "2026-01-02T03:04:06.000Z",
  env: { stage: "ci" },
  adapterType: "duckdb",
  targetPath: "target",
  quoteRelation: ({ schema, identifier }) => `"${schema}"."${identifier}"`,
};

const base = makeGraph([
  { source: "raw.orders", description: "As sent", tags: ["raw"], meta: { owner: "ada" }, landing: true },
  { seed: "codes", config: { column_types: { id: "integer" } } },
  {
    model: "staging/stg_orders",
    parents: ["raw.orders"],
    patchPath: "models/staging/schema.yml",
    columns: { id: { description: "The key", dataType: "integer" } },
  },
  { model: "staging/int_a", parents: ["stg_orders"], config: { materialized: "ephemeral" } },
  {
    model: "marts/fct_sales",
    parents: ["int_a", "codes"],
    tags: ["mart"],
    config: { materialized: "incremental", unique_key: ["id", "day"], incremental_strategy: "merge" },
  },
  { test: "unique_stg_orders_id", generic: "unique", column: "id", parents: ["stg_orders"] },
  { test: "not_null_stg_orders_id", generic: "not_null", column: "id", parents: ["stg_orders"] },
  { test: "unique_stg_orders_code", generic: "unique", column: "code", parents: ["stg_orders"] },
  {
    test: "sales_add_up",
    parents: ["fct_sales"],
    config: { store_failures: true, severity: "warn", limit: 5 },
  },
  { exposure: "board", parents: ["fct_sales"], label: "Board", tags: ["weekly"] },
]);
test("an enforced contract has the checksum that dbt 1.10 gives it", async () => {
  const contract = (columns: string, materialized = "table", more = "") =>
    `{name: NAME, config: {materialized: ${materialized}, contract: {enforced: true}}${more}, columns: [${columns}]}`;
  const constraints = `, constraints: [
      {type: foreign_key, columns: [id], to: ref('a'), to_columns: [id]},
      {type: check, columns: [id], expression: "id > 0 and 'it''s' <> \\"x\\"", name: pos},
      {type: unique, columns: [id, Größe]}]`;
  // Digests of `contract.checksum` in the manifest that `dbt parse` (1.10.23) wrote of the same files.
  const expected: Record<string, readonly [string, string]> = {
    a: [
      contract(
        '{name: price, data_type: "decimal(10, 2)"}, {name: id, data_type: integer, constraints: [{type: not_null}]}, {name: name, data_type: VARCHAR}',
        "table",
        ", constraints: [{type: primary_key, columns: [id]}]",
      ),
      "3a31cc42c529da39056ba5bc694dae5d7fdd9c1c1a6cf77536c6a7aa35ab093b",
    ],
    f: [
      contract(
        `{name: a, data_type: int}, {name: B, data_type: int, quote: true}, {name: Größe, data_type: "int[]"}, {name: id, data_type: int, constraints: [
          {type: foreign_key, to: ref('a'), to_columns: [id]}, {type: check, expression: "id > 0"}, {type: check, expression: "x <> 'a'"}]}`,
        "table",
        constraints,
      ),
      "bcc48073dc46f82fdb087efb35e0acf57e37518fbebbd4c9db34cedf882749d4",
    ],
    g: [
      contract("{name: id, data_type: int, constraints: [{type: not_null}]}", "view"),
      "d419f4b5f6b9a29413624adf0106fc9ddf789002b4d0c94afb949e81be8539d3",
    ],
    h: [
      contract("{name: id, data_type: int}", "incremental"),
      "916f1acaf3c9846ffcee7db967258abdf657cd085434181bb700dcaf62c04d3a",
    ],
  };
  const entries = Object.entries(expected);
  const cwd = makeProject({
    ...Object.fromEntries(entries.map(([name]) => [`models/${name}.sql`, "select 1 as id"])),
    "models/d.sql": "select 1 as id",
    "models/s.yml": `models:\n${entries.map(([name, [said]]) => `  - ${said.replace("NAME", name)}\n`).join("")}`,
  });
  const { code, out, err } = await models(cwd, ["parse"]);
  assert.equal(code, 0, out + err);
  const { nodes } = readArtifact(cwd, "manifest.json") as {
    nodes: Record<string, { contract: { checksum: string | null }; primary_key: string[] }>;
  };
  assert.deepEqual(nodes["model.shop.a"]?.primary_key, ["id"]);
  const found = (name: string) => nodes[`model.shop.${name}`]?.contract.checksum;
  assert.deepEqual(
    entries.map(([name]) => [name, found(name)]),
    entries.map(([name, [, digest]]) => [name, digest]),
  );
  assert.equal(found("d"), null);
});

const off = makeGraph([{ model: "staging/stg_off" }]).nodes.get("model.shop.stg_off")!;
const graph: Graph = {
  ...base,
  sources: new Map(
    [...base.sources].map(([id, source]) => [
      id,
      {
        ...source,
        loadedAtField: "_extracted_at",
        freshness: { warnAfter: { count: 1, period: "day" }, errorAfter: null, filter: null },
      },
    ]),
  ),
  macros: new Map([
    [
      "macro.shop.cents",
      {
        uniqueId: "macro.shop.cents",
        name: "cents",
        packageName: "shop",
        path: "cents.sql",
        originalFilePath: "macros/cents.sql",
        description: "Money",
        meta: {},
        docs: { show: true, node_color: null },
        arguments: [{ name: "column", type: "string", description: "" }],
        macroSql: "{{ column }} / 100",
        dependsOnMacros: [],
      },
    ],
  ]),
  docs: new Map([
    [
      "doc.shop.orders",
      {
        uniqueId: "doc.shop.orders",
        name: "orders",
        packageName: "shop",
        path: "docs.md",
        originalFilePath: "models/docs.md",
        contents: "Orders",
      },
    ],
  ]),
  disabled: new Map([[off.uniqueId, { ...off, config: { ...off.config, enabled: false } } as typeof off]]),
};
const compiled = new Map([
  [
    "model.shop.fct_sales",
    {
      compiledCode: "with x as (select 1) select * from x",
      ctes: [{ id: "model.shop.int_a", sql: "x as (select 1)" }],
    },
  ],
  ["test.shop.unique_stg_orders_id", { compiledCode: "select 1", ctes: [] }],
]);
const made = JSON.parse(JSON.stringify(manifest(graph, compiled, facts))) as Record<
  string,
  Record<string, Record<string, unknown>>
>;

test("the manifest is valid", { skip: withoutSchemas }, () => assertValid("manifest-v12", made));

test("a manifest of an empty project is valid", { skip: withoutSchemas }, () =>
  assertValid("manifest-v12", manifest(makeGraph([]), new Map(), facts)),
);

test("a manifest is written as JSON is", () => {
  for (const [of, with_] of [
    [graph, compiled],
    [makeGraph([]), new Map()],
  ] as const) {
    const text =
      manifestHead({ ...facts, projectName: of.projectName }) +
      Buffer.concat([...manifestRest(of, with_, facts)]).toString();
    assert.equal(text, JSON.stringify(JSON.parse(text)));
  }
});

test("the head says who wrote it, with what, when", () => {
  assert.deepEqual(made["metadata"], {
    dbt_schema_version: "https://schemas.getdbt.com/dbt/manifest/v12.json",
    dbt_version: "1.11.6",
    generated_at: facts.generatedAt,
    invocation_id: facts.invocationId,
    invocation_started_at: facts.startedAt,
    env: { stage: "ci" },
    project_name: "shop",
    project_id: "fb54f3c5992b96d001bb16e8e92d968d",
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: "duckdb",
    quoting: { database: true, schema: true, identifier: true, column: null },
    run_started_at: facts.startedAt,
  });
});

test("a compiled model has its SQL, its path and the parents that were put in front", () => {
  const node = made["nodes"]!["model.shop.fct_sales"]!;
  assert.equal(node["compiled"], true);
  assert.equal(node["compiled_path"], "target/compiled/shop/models/marts/fct_sales.sql");
  assert.deepEqual(node["extra_ctes"], [{ id: "model.shop.int_a", sql: "x as (select 1)" }]);
  assert.deepEqual(node["depends_on"], { macros: [], nodes: ["model.shop.int_a", "seed.shop.codes"] });
  assert.equal(node["relation_name"], '"main"."fct_sales"');
  assert.ok(isObject(node["config"]));
  assert.deepEqual(node["config"]["unique_key"], ["id", "day"]);
  assert.equal(node["config"]["incremental_strategy"], "merge");
});

test("every key of a config reaches the manifest", () => {
  for (const [id, node] of graph.nodes) {
    const written = made["nodes"]![id]!["config"] as Record<string, unknown>;
    assert.deepEqual(
      // What is said of partitions is one key there.
      Object.keys(node.config).filter(
        (key) => key !== "partitioning" && !(key.replace(/_hook$/, "-hook") in written),
      ),
      [],
    );
  }
});

test("a model that is not compiled or has no relation says so", () => {
  const ephemeral = made["nodes"]!["model.shop.int_a"]!;
  assert.equal(ephemeral["relation_name"], null);
  assert.equal(ephemeral["compiled"], false);
  assert.equal(ephemeral["compiled_code"], null);
});

test("a generic test tells what it tests", () => {
  const node = made["nodes"]!["test.shop.unique_stg_orders_id"]!;
  const kwargs = { column_name: "id", model: "{{ get_where_subquery(ref('stg_orders')) }}" };
  assert.deepEqual(node["test_metadata"], { name: "unique", kwargs, namespace: null });
  assert.equal(node["attached_node"], "model.shop.stg_orders");
  assert.equal(node["file_key_name"], "models.stg_orders");
  assert.equal(node["column_name"], "id");
  assert.equal(node["compiled_path"], "target/compiled/shop/models/schema.yml/unique_stg_orders_id.sql");
  assert.equal(node["relation_name"], null);
  const singular = made["nodes"]!["test.shop.sales_add_up"]!;
  assert.equal("test_metadata" in singular, false);
  assert.equal(singular["relation_name"], '"main_test_failures"."sales_add_up"');
});

test("a column tested unique and not null is the key", () => {
  assert.deepEqual(made["nodes"]!["model.shop.stg_orders"]!["primary_key"], ["id"]);
  assert.equal(made["nodes"]!["model.shop.stg_orders"]!["patch_path"], "shop://models/staging/schema.yml");
});

test("a source has its limits", () => {
  const source = made["sources"]!["source.shop.raw.orders"]!;
  assert.deepEqual(source["freshness"], {
    warn_after: { count: 1, period: "day" },
    error_after: { count: null, period: null },
    filter: null,
  });
  assert.equal(source["relation_name"], '"raw"."orders"');
});

test("parents and children are there both ways, everything in the order of the ids", () => {
  assert.deepEqual(made["parent_map"]!["exposure.shop.board"], ["model.shop.fct_sales"]);
  assert.deepEqual(made["child_map"]!["model.shop.fct_sales"], [
    "exposure.shop.board",
    "test.shop.sales_add_up",
  ]);
  for (const section of ["nodes", "parent_map"]) {
    assert.deepEqual(Object.keys(made[section]!), Object.keys(made[section]!).toSorted());
  }
  assert.deepEqual(Object.keys(made["disabled"]!), ["model.shop.stg_off"]);
});

test("an id with a quote in it is spelled as JSON wherever it stands, also of what is switched off", () => {
  const odd = 'model.shop."odd"';
  const entries = (graph: Graph) => manifest(graph, new Map(), facts) as unknown as Record<string, object>;
  const oddOff = entries({ ...graph, disabled: new Map([[odd, { ...off, uniqueId: odd }]]) });
  assert.deepEqual(Object.keys(oddOff["disabled"]!), [odd]);
  const oddOn = entries({ ...graph, parents: new Map([...graph.parents, [odd, [odd]]]) });
  assert.deepEqual((oddOn["parent_map"] as Record<string, unknown>)[odd], [odd]);
});

test("variables for the artifacts are known by their prefix", () => {
  assert.deepEqual(
    customEnvironment({ DBT_ENV_CUSTOM_ENV_run: "7", PATH: "/bin", DBT_ENV_CUSTOM_ENV_x: undefined }),
    {
      run: "7",
    },
  );
});
