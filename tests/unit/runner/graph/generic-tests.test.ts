import assert from "node:assert/strict";
import { test } from "node:test";
import { linkProject, testsOf } from "../../../support/link-project.ts";

test("ids of generic tests are those that dbt gives them", async () => {
  const tests = await linkProject({
    "seeds/orders.csv": "id,kind\n1,a\n",
    "models/stg_orders.sql": "select * from {{ ref('orders') }}",
    "models/inc.sql": "select * from {{ ref('orders') }}",
    "models/dim_v1.sql": "select * from {{ ref('orders') }}",
    "macros/t.sql": `{{! macro test_odd(model, column_name, low=1, opts=null, zeta=null) }}
select * from {{ model }} where {{ column_name }} > {{ low }}
{{! macro test_whole(model, expr) }}
select * from {{ model }} where not ({{ expr }})
`,
    "models/p.yml": String.raw`sources:
  - {name: raw, tables: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]}
models:
  - name: stg_orders
    columns:
      - name: id
        data_tests: [unique, relationships: {to: ref('orders'), field: id}]
      - name: kind
        quote: true
        data_tests:
          - accepted_values: {values: [a, b], quote: true, name: kinds_ok}
          - accepted_values: {values: [a, b, another long one]}
  - name: dim
    columns: [{name: id, data_tests: [not_null]}]
    versions: [{v: 1}]
  - name: inc
    columns:
      - name: id
        data_tests:
          - odd: {low: 2.5, opts: {b: [1, true, "x'y"], a: {z: null, y: "q\"r's"}}, zeta: "é\tü\n\u200b\u00a0€😀"}
          - odd: {low: -3, zeta: [1.25, false, null, [a, b]], name: my_odd}
          - accepted_values: {values: [1, 2], quote: false}
    data_tests: [whole: {expr: "id > 0 and amount <> 'a\\b'"}]
`,
  }).then(testsOf);
  // Taken from the manifest that dbt-core 1.10.23 wrote of these declarations.
  assert.deepEqual(tests.map(({ uniqueId }) => uniqueId).toSorted(), [
    "test.shop.accepted_values_inc_id__False__1__2.f387cdd4bd",
    "test.shop.accepted_values_stg_orders__kind___a__b__another_long_one.ed3097a04f",
    "test.shop.kinds_ok.7a93e9b2e7",
    "test.shop.my_odd.3692219e46",
    "test.shop.not_null_dim_v1_id.d33fec4e6d",
    "test.shop.odd_inc_id__2_5___1_True_x_y____z_None_y_q_r_s____.2f67df7691",
    "test.shop.relationships_stg_orders_id__id__ref_orders_.ceddd5597f",
    "test.shop.source_unique_raw_orders_id.56401af608",
    "test.shop.unique_stg_orders_id.beb6e97f2f",
    "test.shop.whole_inc_id_0_and_amount_a_b_.6300a1555b",
  ]);
});

test("tests have the folders of the file that asks for them, as in dbt", async () => {
  const tests = await linkProject({
    "models/deep/a.sql": "select 1 as x",
    "models/p.yml": "models: [{name: a, columns: [{name: x, data_tests: [unique]}]}]",
    "models/other/q.yml":
      "sources: [{name: raw, tables: [{name: t, columns: [{name: x, data_tests: [unique]}]}]}]",
    "tests/data/low/s.sql": "select * from {{ ref('a') }} where x < 0",
    "tests/beside.sql": "select * from {{ ref('a') }} where x > 9",
    "tests/beside.yml": "data_tests: [{name: beside, description: Stands where dbt has it.}]",
    "tests/golden/not_ours.sql": "select {{ nothing",
  }).then(testsOf);
  assert.deepEqual(
    tests.map(({ fqn, path, originalFilePath, description }) => [
      fqn.join("."),
      path,
      originalFilePath,
      description,
    ]),
    [
      ["shop.beside", "beside.sql", "tests/beside.sql", "Stands where dbt has it."],
      ["shop.low.s", "low/s.sql", "tests/data/low/s.sql", ""],
      ["shop.unique_a_x", "unique_a_x.sql", "models/p.yml", ""],
      ["shop.other.source_unique_raw_t_x", "source_unique_raw_t_x.sql", "models/other/q.yml", ""],
    ],
  );
});
