import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { openProject } from "../../../../../runner/api/open-project.ts";
import type { OpenOptions } from "../../../../../runner/api/open-project.ts";
import { selectNodes } from "../../../../../runner/api/select-nodes.ts";
import { nameWithVersion } from "../../../../../runner/graph/versions.ts";
import { realEffects } from "../../../../../runner/base/effects.ts";
import { makeProject, models } from "../../../../support/models.ts";
import { tempFolder } from "../../../../support/temp.ts";

/* raw.orders ─► stg_orders ─► fct_orders ─► board,  codes ─► fct_orders; stg_orders uses tidy, fct_orders uses rate */
const files: Readonly<Record<string, string>> = {
  "sql_project.yaml": `name: shop
target: dev
targets:
  dev: {type: duckdb, path: data/w.duckdb, schema: "\${SCHEMA:-main}"}
  prod: {type: duckdb, path: data/p.duckdb, schema: prod}
vars: {rate: 2, unused: 1, secret: "\${SECRET:-none}"}
models:
  staging: {+materialized: "\${KIND:-view}", +schema: "\${SCHEMA:-main}"}
`,
  "models/staging/stg_orders.sql": `{{ config(tags=['a']) }}
-- orders, tidied
select {{ tidy('id') }} as id, 'a  b' as label /* as it comes */
from {{ source('raw', 'orders') }} where name <> {{ var('secret') }}`,
  "models/fct_orders.sql": `{{ config(materialized='table', pre_hook="select 1", alias=target.name ~ '_orders') }}
select o.id, c.name, {{ doubled('o.id') }} as d
from {{ ref('stg_orders') }} o join {{ ref('codes') }} c on c.id = o.id where o.id <> {{ env_var('LIMIT', '3') }}`,
  "models/schema.yml": `models:
  - name: stg_orders
    description: Orders
    config: {persist_docs: {relation: true}, full_refresh: "{{ env_var('FULL', 'no') == 'yes' }}"}
    columns: [{name: id, description: The id, data_tests: [unique, {accepted_values: {arguments: {values: [1]}}}]}]
  - name: fct_orders
    description: Facts
sources:
  - name: raw
    schema: "{{ target.schema }}_{{ env_var('RAW', 'x') }}"
    tables: [{name: orders, loaded_at_field: at, freshness: {warn_after: {count: 1, period: day}}}]
exposures:
  - {name: board, type: dashboard, owner: {name: Ada}, depends_on: ["ref('fct_orders')"]}
`,
  "seeds/codes.csv": "id,name\n1,a\n",
  "macros/tidy.sql":
    "{{! macro tidy(c) }}\ntrim(cast({{ c }} as text)) -- spaces\n{{! macro unused_one() }}1",
  "macros/doubled.ts": `import { times } from "./times.ts";
// doubles
export function doubled(c: string): string { return times(c, 2); }`,
  "macros/times.ts": "export function times(c: string, n: number): string { return c + ' * ' + String(n); }",
  "models/priced.sql": "select 1 as id, 2.5 as price",
  "models/m_v1.sql": "select 1 as id, 'a' as name",
  "models/m_v2.sql": "select 1 as id, 'a' as name, 2 as more",
  "models/governed.yml": `groups: [{name: core, owner: {name: Ada}}, {name: rest, owner: {name: Bob}}]
models:
  - name: priced
    config: {materialized: view, group: core, contract: {enforced: true}}
    columns: [{name: id, data_type: integer, constraints: [{type: not_null}]}, {name: price, data_type: double}]
    constraints: [{type: unique, columns: [id]}]
  - name: m
    latest_version: 1
    config: {materialized: view, access: public, contract: {enforced: true}}
    columns: [{name: id, data_type: integer}, {name: name, data_type: varchar}, {name: more, data_type: integer}]
    versions: [{v: 1, columns: [{include: all, exclude: [more]}]}, {v: 2}]
`,
  "tests/data/few.sql": "select * from {{ ref('fct_orders') }} where d > {{ var('rate') }}",
};

type Edit = readonly [
  rule: string,
  edit: Readonly<Record<string, readonly [from: string | RegExp, to: string]>>,
  /** What is selected by each selector that selects anything, tests left aside. */
  expected: Readonly<Record<string, string>>,
  options?: OpenOptions,
  env?: Readonly<Record<string, string>>,
];

const stg = "models/staging/stg_orders.sql";
const fct = "models/fct_orders.sql";
const yml = "models/schema.yml";
const project = "sql_project.yaml";
const governed = "models/governed.yml";
const edits: readonly Edit[] = [
  ["nothing", {}, {}],
  ["spacing", { [stg]: [/\n/g, "\n\n   "] }, {}],
  ["spacing in a tag", { [stg]: ["{{ tidy('id') }}", "{{tidy( 'id' )}}"] }, {}],
  ["spacing around operators and commas", { [fct]: ["c.id = o.id", "c.id=o.id"] }, {}],
  ["a comment", { [stg]: ["-- orders, tidied", "/* other words */ -- and more"] }, {}],
  ["a comment of the template", { [stg]: ["select", "{{! to do }}select"] }, {}],
  ["a semicolon at the end", { [fct]: [/$/, ";\n"] }, {}],
  ["spacing in a quoted text", { [stg]: ["'a  b'", "'a b'"] }, { "modified.body": "stg_orders" }],
  ["a column more", { [fct]: ["select o.id", "select 1 as one, o.id"] }, { "modified.body": "fct_orders" }],
  ["a tag in the file", { [stg]: ["['a']", "['a', 'b']"] }, {}],
  ["config in the file", { [fct]: ["'table'", "'view'"] }, { "modified.configs": "fct_orders" }],
  [
    "config in the property file",
    { [yml]: ["description: Facts", "config: {event_time: at}"] },
    { "modified.configs": "fct_orders" },
  ],
  ["config of a folder", { [project]: ["${KIND:-view}", "table"] }, { "modified.configs": "stg_orders" }],
  ["a hook", { [fct]: ["select 1", "select 2"] }, { "modified.configs": "fct_orders" }],
  [
    "config moves from the file to the folder",
    { [fct]: ["materialized='table', ", ""], [project]: ["models:", "models:\n  +materialized: table"] },
    {},
  ],
  [
    "meta",
    { [yml]: ["description: Facts", "config: {meta: {owner: ada}}"] },
    { "modified.configs": "fct_orders" },
  ],
  [
    "severity of a test",
    { [yml]: ["unique,", "{unique: {config: {severity: warn}}},"] },
    { "modified.configs": "unique_stg_orders_id" },
  ],
  [
    "a schema of its own",
    { [yml]: ["description: Facts", "config: {schema: marts}"] },
    { "modified.relation": "fct_orders" },
  ],
  [
    "another alias",
    { [fct]: ["alias=target.name ~ '_orders'", "alias=target.name ~ '_sales'"] },
    { "modified.relation": "fct_orders" },
  ],
  ["a description that nobody keeps", { [yml]: ["description: Facts", "description: Many facts"] }, {}],
  [
    "a description that is kept",
    { [yml]: ["description: Orders", "description: All orders"] },
    { "modified.persisted_descriptions": "stg_orders" },
  ],
  ["a column's description, where the relation's is kept", { [yml]: ["The id", "An id"] }, {}],
  ["a macro", { "macros/tidy.sql": ["trim(", "ltrim("] }, { "modified.macros": "stg_orders" }],
  ["a macro that nobody uses", { "macros/tidy.sql": ["}}1", "}}2"] }, {}],
  ["a macro's comment", { "macros/tidy.sql": ["-- spaces", "-- blanks"] }, {}],
  ["a script macro", { "macros/doubled.ts": ["(c, 2)", "(c, 3)"] }, { "modified.macros": "fct_orders" }],
  ["a comment of a script macro", { "macros/doubled.ts": ["// doubles", "// twice"] }, {}],
  [
    "what a script macro imports",
    { "macros/times.ts": ["' * '", "' + '"] },
    { "modified.macros": "fct_orders" },
  ],
  ["a variable", { [project]: ["rate: 2", "rate: 3"] }, { "modified.body": "few" }],
  ["a variable that nobody uses", { [project]: ["unused: 1", "unused: 2"] }, {}],
  ["a variable on the command line", {}, {}, { vars: { rate: 9 } }],
  ["a variable's environment", {}, {}, {}, { SECRET: "s3cret" }],
  ["an environment variable", {}, {}, {}, { LIMIT: "9", KIND: "table", SCHEMA: "ada" }],
  ["an environment variable that YAML asks for", {}, {}, {}, { FULL: "yes", RAW: "there" }],
  ["what YAML asks for", { [yml]: ["'no')", "'yes')"] }, { "modified.configs": "stg_orders" }],
  ["where a source is", { [yml]: ["'RAW', 'x'", "'RAW', 'y'"] }, { "modified.relation": "raw.orders" }],
  ["another target", {}, {}, { target: "prod" }],
  ["a seed", { "seeds/codes.csv": ["1,a", "1,b"] }, { "modified.body": "codes" }],
  ["a source's freshness", { [yml]: ["count: 1", "count: 2"] }, { "modified.configs": "raw.orders" }],
  [
    "a source's table",
    { [yml]: ["{name: orders, loaded", "{name: orders, identifier: o2, loaded"] },
    { "modified.relation": "raw.orders" },
  ],
  ["an exposure's owner", { [yml]: ["Ada", "Bob"] }, { "modified.body": "board" }],
  ["a singular test", { "tests/data/few.sql": ["d >", "d >="] }, { "modified.body": "few" }],
  [
    "a test's arguments are another test",
    { [yml]: ["values: [1]", "values: [2]"] },
    { new: "accepted_values_stg_orders_id__2" },
  ],
  ["a new test", { [yml]: ["[unique,", "[unique, not_null,"] }, { new: "not_null_stg_orders_id" }],
  ["types of columns that nobody enforced", { [yml]: ["{name: id,", "{name: id, data_type: text,"] }, {}],
  ["another group", { [governed]: ["group: core", "group: rest"] }, {}],
  ["access", { [governed]: ["access: public", "access: protected"] }, { "modified.configs": "m.v1 m.v2" }],
  [
    "the latest version",
    { [governed]: ["latest_version: 1", "latest_version: 2"] },
    { "modified.reference": "m.v1 m.v2" },
  ],
  [
    "a deprecation date",
    { [governed]: ["{v: 1,", "{v: 1, deprecation_date: 2099-01-01,"] },
    { "modified.reference": "m.v1" },
  ],
  [
    "a version more",
    { [governed]: ["{v: 2}", "{v: 2}, {v: 3, defined_in: m}"], "models/m.sql": ["", "select 1 as id"] },
    { new: "m.v3" },
  ],
  [
    "a column more in a contract",
    { [governed]: ["price, data_type: double}", "price, data_type: double}, {name: n, data_type: text}"] },
    { "modified.contract": "priced" },
  ],
  [
    "a type in a contract",
    { [governed]: ["data_type: double", "data_type: decimal"] },
    { "modified.contract": "priced" },
  ],
  [
    "a constraint in a contract",
    { [governed]: ["constraints: [{type: unique, columns: [id]}]", "constraints: []"] },
    { "modified.contract": "priced" },
  ],
  [
    "the order of columns in a contract",
    { [governed]: [/columns: \[(.*), (\{name: price.*)\]$/m, "columns: [$2, $1]"] },
    {},
  ],
  [
    "a reference more",
    { [stg]: [/$/, " and 1 in (select id from {{ ref('codes') }})"] },
    { "modified.body": "stg_orders" },
  ],
];

const selectors = [
  "new",
  "modified.body",
  "modified.configs",
  "modified.relation",
  "modified.macros",
  "modified.contract",
  "modified.reference",
  "modified.persisted_descriptions",
];

describe("state:modified selects exactly what an edit means", () => {
  const state = tempFolder();
  before(async () => {
    const cwd = makeProject(files);
    const { code, out, err } = await models(cwd, ["parse"]);
    assert.equal(code, 0, out + err);
    cpSync(join(cwd, "target"), state, { recursive: true });
  });
  for (const [rule, edit, expected, options = {}, env = {}] of edits) {
    test(rule, async () => {
      const edited = { ...files };
      for (const [file, [from, to]] of Object.entries(edit)) {
        const text = files[file] ?? "";
        edited[file] = typeof from === "string" ? text.replace(from, () => to) : text.replace(from, to);
        assert.notEqual(edited[file], files[file], `${file} was not edited`);
      }
      const open = await openProject(
        { ...options, projectDir: makeProject(edited), state },
        { ...realEffects(), env },
      );
      const ls = (selector: string): string =>
        selectNodes(open, { select: [`state:${selector}`], exclude: [], indirectSelection: "empty" })
          .nodes.map((node) =>
            node.resourceType === "source" ? `${node.sourceName}.${node.name}` : nameWithVersion(node),
          )
          .join(" ");
      const found: Record<string, string> = {};
      for (const selector of selectors) {
        const names = ls(selector);
        if (names !== "") found[selector] = names;
      }
      assert.deepEqual(found, expected);
      assert.equal(ls("modified"), Object.values(expected).join(" "));
    });
  }
  const changed = (from: string | RegExp, to: string): Record<string, string> => ({
    ...files,
    [governed]: files[governed]!.replace(from, to),
  });
  const modified = (edited: Readonly<Record<string, string>>, ...words: string[]) =>
    models(makeProject(edited), ["ls", "-s", "state:modified", "--state", state, ...words]);
  test("a broken contract of a version is an error, all of them at once; without versions it is a warning", async () => {
    const broken = await modified({
      ...changed(/data_type: (double|varchar)/g, "data_type: text"),
      [governed]: changed(/data_type: (double|varchar)/g, "data_type: text")[governed]!.replace(
        "{v: 2}",
        "{v: 2, config: {contract: {enforced: false}}}",
      ),
    });
    assert.equal(broken.code, 2, broken.out);
    assert.match(
      broken.err,
      /m_v1.sql:1:1 CONTRACT_BROKEN the contract of "m.v1" is broken: the type of "name" was varchar and is text/,
    );
    assert.match(broken.err, /CONTRACT_BROKEN the contract of "m.v2" is broken: it is not enforced any more/);
    const told = await modified(
      changed(/, constraints: \[\{type: not_null\}\]\}, \{name: price.*\]$/m, "}]"),
    );
    assert.equal(told.code, 0, told.err);
    assert.equal(told.out.trim(), "shop.priced");
    assert.match(
      told.err,
      /CONTRACT_BROKEN models\/priced.sql:1:1 the contract of "priced" is broken: the column "price" was removed; the constraint not_null \("id"\) was removed/,
    );
    const strict = await modified(changed(/, \{name: price.*\]$/m, "]"), "--warn-error");
    assert.equal(strict.code, 2);
  });
  test("a version that is taken away breaks its contract, unless its time is over", async () => {
    const { "models/m_v1.sql": _, ...others } = changed("latest_version: 1", "latest_version: 2");
    const without = {
      ...others,
      [governed]: others[governed]!.replace(/\{v: 1,.*?\}\]\}, /, ""),
    };
    const { code, err } = await modified(without);
    assert.equal(code, 2);
    assert.match(err, /CONTRACT_BROKEN the contract of "m.v1" is broken: the model is not there any more/);
  });
  test("what is gone is not there to be selected, and the rest is as it was", async () => {
    const { "tests/data/few.sql": _, ...others } = files;
    const { out } = await models(makeProject(others), ["ls", "-s", "state:modified", "--state", state]);
    assert.equal(out, "");
  });
  test("a folder without a manifest is told", async () => {
    for (const [folder, message] of [
      [tempFolder(), /no manifest.json/],
      ["nowhere", /is no folder/],
    ] as const) {
      const { code, err } = await models(makeProject(files), ["ls", "-s", "state:new", "--state", folder]);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});
