import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesOf } from "../../../support/link-project.ts";

test("the mistakes of an entry with a wrong key, and of those after one that cannot be read, at their own lines", async () => {
  const found = await mistakesOf({
    "models/a.sql": "select 1 as id",
    "models/b.sql":
      "select * from {{ ref('kept') }} join {{ source('s', 'u') }} on true join {{ ref('a', v=2) }} on true",
    "models/one.yml": `models:
  - descripton: nothing has a name here
  - name: a
    descripton: x
    config: {materialised: table, materialized: tabel}
    columns:
      - {data_type: int}
      - name: id
        tests: [3, uniqe, {not_null: {config: {severty: warn}, until: 3}}]
snapshots:
  - {name: kept, relation: ref('a'), config: {strategy: timestamp, unique_key: id, updated_att: u}}
exposures:
  - {name: e, type: dashbord, owner: {name: x}, depends_on: [ref('c')]}
sources:
  - name: s
    tables: [{}, {name: t, colums: []}, {name: t}]
`,
  });
  assert.deepEqual(
    found.map((line) => line.split(" | ")[0]),
    [
      'models/one.yml:2:5 KEY_MISSING "name" is missing',
      'models/one.yml:2:5 KEY_UNKNOWN "descripton" is not known here',
      'models/one.yml:4:5 KEY_UNKNOWN "descripton" is not known here',
      'models/one.yml:5:14 KEY_UNKNOWN "materialised" is not known here',
      'models/one.yml:5:35 VALUE_INVALID "materialized" must be one of "view", "table", "ephemeral", "incremental", "materialized_view", "external"',
      'models/one.yml:7:9 KEY_MISSING "name" is missing',
      'models/one.yml:9:17 VALUE_INVALID each entry of "tests" must be text or must be a map',
      'models/one.yml:9:20 TEST_UNKNOWN no test is named "uniqe"',
      'models/one.yml:9:27 ARGUMENT_UNKNOWN the test "not_null" has no argument "until"',
      'models/one.yml:9:48 KEY_UNKNOWN "severty" is not known here',
      'models/one.yml:11:84 KEY_UNKNOWN "updated_att" is not known here',
      'models/one.yml:13:6 REF_UNKNOWN no model, seed or snapshot is named "c"',
      'models/one.yml:13:15 VALUE_INVALID "type" must be one of "dashboard", "notebook", "analysis", "ml", "application"',
      'models/one.yml:16:14 KEY_MISSING "name" is missing',
      'models/one.yml:16:28 KEY_UNKNOWN "colums" is not known here',
      'models/one.yml:16:42 NAME_DUPLICATE source table "s.t" is also in models/one.yml:16',
    ],
  );
});
