import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mistakesOf, PROJECT_FILE } from "../../../support/link-project.ts";

const sources = "sources: [{name: raw, tables: [{name: orders}, {name: people}]}]\n";

describe("names that lead nowhere", () => {
  test("a reference is told where it stands, with the nearest name", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/stg_orders.sql": "select 1 as id",
        "models/fct.sql":
          "select *\nfrom {{ ref('stg_order') }}\njoin {{ ref('nothing_like_it') }} using (id)\n",
      }),
      [
        'models/fct.sql:2:9 REF_UNKNOWN no model, seed or snapshot is named "stg_order" | did you mean "stg_orders"?',
        'models/fct.sql:3:9 REF_UNKNOWN no model, seed or snapshot is named "nothing_like_it"',
      ],
    );
  });
  test("a source, declared or not", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/s.yml": sources,
        "models/a.sql": "select * from {{ source('raw', 'order') }}\n  , {{ source('elsewhere', 'x') }}",
      }),
      [
        'models/a.sql:1:18 SOURCE_UNKNOWN no source table is declared as "raw.order" | did you mean "raw.orders"?',
        'models/a.sql:2:8 SOURCE_UNKNOWN no source table is declared as "elsewhere.x" | declare it under sources: in a property file',
      ],
    );
  });
  test("what names nothing is told as an argument that is missing, and no more", async () => {
    const sql = "{{ ref() }} {{ source('raw') }} {{ ref(null) }} {{ source('raw', null) }} {{ ref('') }}";
    assert.deepEqual(
      (await mistakesOf({ "models/s.yml": sources, "models/a.sql": sql })).map((one) => one.split(" | ")[0]),
      [
        'models/a.sql:1:4 ARGUMENT_MISSING "ref" needs the argument "model_or_package"',
        'models/a.sql:1:16 ARGUMENT_MISSING "source" needs the argument "table"',
        'models/a.sql:1:40 ARGUMENT_TYPE "model_or_package" of "ref" is nothing where text is expected',
        'models/a.sql:1:66 ARGUMENT_TYPE "table" of "source" is nothing where text is expected',
        'models/a.sql:1:78 REF_UNKNOWN no model, seed or snapshot is named ""',
      ],
    );
  });
  test("a part of a landed dataset", async () => {
    const sql = "select * from {{ source('raw', 'orders', part='dimension') }}";
    assert.deepEqual(await mistakesOf({ "models/s.yml": sources, "models/a.sql": sql }), [
      'models/a.sql:1:18 SOURCE_PART_UNKNOWN "dimension" is not a part of a landed dataset | did you mean "dimensions"?',
    ]);
  });
  test("a variable; one with a default is fine, and one named like a method is not known by chance", async () => {
    assert.deepEqual(
      await mistakesOf({
        "sql_project.yaml": `${PROJECT_FILE}vars: {first_year: 2010}\n`,
        "models/a.sql":
          "select {{ var('frist_year') }}, {{ var('x', 1) }}, {{ var('first_year') }}, {{ var('toString') }}",
      }),
      [
        'models/a.sql:1:11 VAR_UNKNOWN no var is named "frist_year" | did you mean "first_year"?',
        'models/a.sql:1:80 VAR_UNKNOWN no var is named "toString" | set it under vars: in the project file or with --vars, or give a default',
      ],
    );
  });
  test("what a where of a test says", async () => {
    const yml =
      "models:\n  - name: a\n    data_tests:\n      - unique: {column_name: x, where: \"x > {{ var('nope') }} or x in (from {{ ref('b') }})\"}\n";
    assert.deepEqual(await mistakesOf({ "models/a.sql": "select 1 as x", "models/a.yml": yml }), [
      'models/a.yml:4:9 REF_UNKNOWN no model, seed or snapshot is named "b" | did you mean "a"?',
      'models/a.yml:4:9 VAR_UNKNOWN no var is named "nope" | set it under vars: in the project file or with --vars, or give a default',
    ]);
  });
  test("this, where there is no table of one's own", async () => {
    assert.deepEqual(
      (await mistakesOf({ "models/a.sql": "from {{ this }}", "tests/data/t.sql": "from {{ this }}" })).map(
        (line) => line.slice(0, 39),
      ),
      ["tests/data/t.sql:1:9 NAME_UNKNOWN nothi"],
    );
  });
  test("a package", async () => {
    assert.deepEqual(
      await mistakesOf({ "models/a.sql": "select 1", "models/b.sql": "from {{ ref('shpo', 'a') }}" }),
      ['models/b.sql:1:9 PACKAGE_UNKNOWN no package is named "shpo" | did you mean "shop"?'],
    );
    assert.deepEqual(
      await mistakesOf({ "models/a.sql": "select 1", "models/b.sql": "from {{ ref('shop', 'a') }}" }),
      [],
    );
  });
  test("a test", async () => {
    const yml =
      "models:\n  - name: a\n    data_tests:\n      - uniqe\n      - something_else: {x: 1}\n      - dbt_utils.unique_combination_of_columns: {combination_of_columns: [a]}\n";
    assert.deepEqual(await mistakesOf({ "models/a.sql": "select 1", "models/a.yml": yml }), [
      'models/a.yml:4:9 TEST_UNKNOWN no test is named "uniqe" | did you mean "unique"?',
      'models/a.yml:5:9 TEST_UNKNOWN no test is named "something_else" | a test is a macro: {{! macro test_something_else(model, column_name) }}',
      'models/a.yml:6:9 TEST_UNKNOWN no test is named "dbt_utils.unique_combination_of_columns" | here it is "rows_unique", which is shipped: see the list of tests for its arguments',
    ]);
  });
  test("what properties describe", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/orders.sql": "select 1",
        "seeds/codes.csv": "a\n1\n",
        "macros/m.sql": "{{! macro cents(x) }}{{ x }} / 100\n",
        "models/p.yml":
          "models:\n  - name: order\nseeds:\n  - {name: cods}\nmacros:\n  - {name: cent}\ndata_tests:\n  - {name: gone}\n",
      }),
      [
        'models/p.yml:2:5 PROPERTIES_UNMATCHED no model is named "order" | did you mean "orders"?',
        'models/p.yml:4:6 PROPERTIES_UNMATCHED no seed is named "cods" | did you mean "codes"?',
        'models/p.yml:6:6 PROPERTIES_UNMATCHED no macro is named "cent" | did you mean "cents"?',
        'models/p.yml:8:6 PROPERTIES_UNMATCHED no data test is named "gone"',
      ],
    );
  });
  test("what an exposure depends on", async () => {
    const yml =
      "exposures:\n  - name: board\n    type: dashboard\n    owner: {name: Ada}\n    depends_on: [ref('fct_seles'), \"{{ source('raw', 'x') }}\"]\n";
    assert.deepEqual(await mistakesOf({ "models/fct_sales.sql": "select 1", "models/e.yml": yml }), [
      'models/e.yml:2:5 REF_UNKNOWN no model, seed or snapshot is named "fct_seles" | did you mean "fct_sales"?',
      'models/e.yml:2:5 SOURCE_UNKNOWN no source table is declared as "raw.x" | declare it under sources: in a property file',
    ]);
  });
  test("a doc block", async () => {
    const found = await mistakesOf({
      "models/a.sql": "select 1",
      "models/docs.md": "{{#docs orders}}One row an order.{{/docs}}\n",
      "models/p.yml": "models:\n  - name: a\n    description: \"{{ doc('ordres') }}\"\n",
    });
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^models\/p\.yml:2:5 DOC\w* .*"ordres".*did you mean "orders"/);
  });
});

test("a property file tells of a macro's arguments those that it has; this is no name in a test", async () => {
  assert.deepEqual(
    await mistakesOf({
      "macros/m.sql": "{{! macro rounded(column, digits=2) }}round({{ column }}, {{ digits }})",
      "macros/p.yml": "macros:\n  - {name: rounded, arguments: [{name: column}, {name: digit}]}\n",
      "tests/data/t.sql": "select * from {{ this }}",
    }),
    [
      'macros/p.yml:2:6 PROPERTIES_UNMATCHED the macro "rounded" has no argument "digit" | did you mean "digits"?',
      "tests/data/t.sql:1:18 NAME_UNKNOWN nothing is named \"this\" | only what is a table of its own has {{ this }}: a model, a snapshot, the hooks of these; write ref('…')",
    ],
  );
});

test("what a macro says wrong to config() is told where it says it", async () => {
  assert.deepEqual(
    (
      await mistakesOf({
        "macros/conf.sql":
          "{{! macro kept(kind) }}\n {{ config(materialized=kind) }}\n{{! macro named(x) }}\n {{ config(alias=nosuch, schema=var(x)) }}\n",
        "models/a.sql": "select 1\n\n\n   {{ kept('tabel') }} {{ named('none') }}",
        "models/b.sql": "select 1{{ named('none') }}",
      })
    ).map((line) => line.split(" | ")[0]),
    [
      'macros/conf.sql:2:5 VALUE_INVALID "materialized" must be one of "view", "table", "ephemeral", "incremental", "materialized_view", "external"',
      'macros/conf.sql:4:18 NAME_UNKNOWN nothing is named "nosuch"',
      'macros/conf.sql:4:33 VAR_UNKNOWN no var is named "none"',
    ],
  );
});

describe("one name for two things", () => {
  test("models, seeds and tests by their files", async () => {
    assert.deepEqual(
      (
        await mistakesOf({
          "models/a/x.sql": "select 1",
          "models/b/x.sql": "select 2",
          "models/codes.sql": "select 3",
          "seeds/codes.csv": "a\n1\n",
          "seeds/more/codes.csv": "a\n1\n",
          "models/reads.sql": "select * from {{ ref('codes') }}",
          "tests/data/t.sql": "select 1",
          "tests/data/deep/t.sql": "select 1",
        })
      ).map((line) => line.split(" | ")[0]),
      [
        'models/b/x.sql:1:1 NAME_DUPLICATE model "x" is also in models/a/x.sql',
        'seeds/codes.csv:1:1 NAME_DUPLICATE seed "codes" has the name of a model (models/codes.sql)',
        'seeds/more/codes.csv:1:1 NAME_DUPLICATE seed "codes" is also in seeds/codes.csv',
        'tests/data/t.sql:1:1 NAME_DUPLICATE test "t" is also in tests/data/deep/t.sql',
      ],
    );
  });
  test("sources, exposures, doc blocks and properties", async () => {
    const board = "{name: board, type: dashboard, owner: {name: Ada}}";
    assert.deepEqual(
      await mistakesOf({
        "models/m.sql": "select 1",
        "models/1.yml": `${sources}exposures:\n  - ${board}\nmodels: [{name: m}]\n`,
        "models/2.yml": `${sources}exposures:\n  - ${board}\nmodels:\n  - name: m\n`,
        "models/a.md": "{{#docs one}}1{{/docs}}\n",
        "models/b.md": "\n{{#docs one}}2{{/docs}}\n",
      }),
      [
        'models/2.yml:1:33 NAME_DUPLICATE source table "raw.orders" is also in models/1.yml:1 | keep one of the two, or switch it off (enabled: false)',
        'models/2.yml:1:49 NAME_DUPLICATE source table "raw.people" is also in models/1.yml:1 | keep one of the two, or switch it off (enabled: false)',
        'models/2.yml:3:6 NAME_DUPLICATE exposure "board" is also in models/1.yml:3 | rename one of the two, or switch it off (enabled: false)',
        'models/2.yml:5:5 PROPERTIES_DUPLICATE model "m" is described here and in models/1.yml:4 | keep one of the two',
        'models/b.md:2:1 NAME_DUPLICATE doc block "one" is also in models/a.md | rename one of the two',
      ],
    );
  });
  test("relations, whatever their case; ephemeral and switched off models are none", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "{{ config(alias='Sales') }} select 1",
        "models/c.sql": "{{ config(alias='sales', enabled=false) }} select 1",
        "models/d.sql": "{{ config(alias='sales', materialized='ephemeral') }} select 1",
        "models/e.sql": "{{ config(alias='sales', schema='other') }} select 1",
      }),
      [],
    );
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "{{ config(alias='Sales') }} select 1",
        "models/b.sql": "{{ config(alias='sales') }} select 1",
      }),
      [
        'models/b.sql:1:1 RELATION_DUPLICATE "b" and "a" would both be the relation main.sales | give one of them another alias or schema',
      ],
    );
  });
  test("a source that a model would take the place of, and is made of, by others too; reading it alone is sound", async () => {
    const sources = "sources: [{name: raw, schema: main, tables: [{name: Orders}, {name: items}]}]\n";
    const files = {
      "models/_.yml": sources,
      "models/stg.sql": "{{ config(materialized='ephemeral') }} select * from {{ source('raw', 'Orders') }}",
    };
    assert.deepEqual(await mistakesOf({ ...files, "models/orders.sql": "select * from {{ ref('stg') }}" }), [
      'models/orders.sql:1:1 RELATION_DUPLICATE "orders" would take the place of the source "raw.Orders", of which it is made | give it another alias or schema; what a table held before is {{ this }}',
    ]);
    assert.deepEqual(
      await mistakesOf({
        ...files,
        "models/sales.sql": "select * from {{ ref('stg') }}",
        "models/items.sql": "select 1 as id",
      }),
      [],
    );
  });
  test("the same test twice on one column", async () => {
    const yml =
      "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - unique\n          - unique: {config: {severity: warn}}\n          - unique: {name: again}\n";
    assert.deepEqual(await mistakesOf({ "models/a.sql": "select 1 as id", "models/a.yml": yml }), [
      'models/a.yml:7:13 TEST_DUPLICATE the test "unique_a_id" is also at a.yml:6 | give one of the two a name of its own: name: my_test',
    ]);
  });
});

describe("the graph", () => {
  test("every circle is told at a reference that makes it", async () => {
    assert.deepEqual(
      await mistakesOf({
        "models/a.sql": "select *\nfrom {{ ref('c') }}",
        "models/b.sql": "select * from {{ ref('a') }}",
        "models/c.sql": "select * from {{ ref('b') }}",
        "models/x.sql": "select * from {{ ref('y') }}",
        "models/y.sql": "select * from {{ ref('x') }}",
        "models/own.sql": "select 1\nunion select * from {{ ref('own') }}",
      }),
      [
        "models/b.sql:1:18 CYCLE models refer to each other in a circle: a → b → c → a | one of these references has to go",
        'models/own.sql:2:24 CYCLE "own" refers to itself | an incremental model reads its own table with {{ this }}',
        "models/y.sql:1:18 CYCLE models refer to each other in a circle: x → y → x | one of these references has to go",
      ],
    );
  });
  test("references must be literal", async () => {
    assert.deepEqual(
      await mistakesOf({
        "sql_project.yaml": `${PROJECT_FILE}vars: {m: a}\n`,
        "models/a.sql": "select 1",
        "models/b.sql": "select * from {{ ref(var('m')) }}, {{ source('raw', var('m')) }}",
      }),
      [
        "models/b.sql:1:18 REF_DYNAMIC ref needs literal names | lineage is found before anything is rendered: write the model's name in quotes",
        "models/b.sql:1:39 SOURCE_DYNAMIC source needs literal names | lineage is found before anything is rendered: write the names in quotes",
      ],
    );
  });
  test("a model does not build on one that is switched off; a test of it is switched off with it", async () => {
    const files = {
      "models/off.sql": "{{ config(enabled=false) }} select * from {{ ref('nobody') }}",
      "models/on.sql": "select 1 as id",
      "models/p.yml":
        "models:\n  - {name: off, columns: [{name: id, data_tests: [unique]}]}\n  - {name: on, columns: [{name: id, data_tests: [{relationships: {to: ref('off'), field: id}}]}]}\n",
      "tests/data/t.sql": "select * from {{ ref('off') }}",
    };
    assert.deepEqual(await mistakesOf(files), []);
    assert.deepEqual(await mistakesOf({ ...files, "models/below.sql": "select 1\nfrom {{ ref('off') }}" }), [
      'models/below.sql:2:9 REF_DISABLED "off" is switched off (enabled: false) | enable it, or stop referring to it',
    ]);
  });
});

/** The list of materializations grows; these tests are not about it. */
const withoutKinds = (line: string): string => line.replace(/one of "view".*(?= \|)/, "one of …");

describe("configurations", () => {
  test("unknown and wrong ones are told at the argument", async () => {
    assert.deepEqual(
      (
        await mistakesOf({
          "models/a.sql": "{{ config(\n  materialised='table',\n  materialized='tabel') }}\nselect 1",
          "tests/data/t.sql": "{{ config(severity='fatal', warn_if='lots') }} select 1",
        })
      ).map(withoutKinds),
      [
        'models/a.sql:2:3 KEY_UNKNOWN "materialised" is not known here | did you mean "materialized"?',
        'models/a.sql:3:3 VALUE_INVALID "materialized" must be one of … | did you mean "table"?',
        'tests/data/t.sql:1:11 VALUE_INVALID "severity" must be one of "error", "warn"',
        'tests/data/t.sql:1:29 VALUE_INVALID "warn_if" must be a comparison such as ">10" or "> 0.5 %"',
      ],
    );
  });
  test("what is not known while the project is parsed", async () => {
    assert.deepEqual(
      await mistakesOf({ "models/c.sql": "{{ config(alias=env_var('NOT_SET')) }} select 1" }),
      [
        'models/c.sql:1:17 ENV_MISSING the environment variable "NOT_SET" is not set | set it, or give a default as the second argument',
      ],
    );
  });
});

describe("all mistakes of a project come at once", () => {
  test("of the project file's folders, of property files and of SQL", async () => {
    const found = await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}models: {marts: {+materialised: table}}\n`,
      "models/one.yml": "models: [{name: a, descripton: x}]\n",
      "models/two.yml": "models:\n  - name: [\n",
      "models/a.sql": "select {{ var('x') }} from {{ ref('b') }} join {{ source('raw', 'orders') }}",
      "models/c.sql": "select {{ unknown_thing }}",
      "tests/data/t.sql": "select * from {{ ref('z') }}",
    });
    assert.deepEqual(
      found.map((line) => line.split(" ").slice(0, 2).join(" ")),
      [
        "models/a.sql:1:11 VAR_UNKNOWN",
        "models/a.sql:1:31 REF_UNKNOWN",
        "models/c.sql:1:11 NAME_UNKNOWN",
        "models/one.yml:1:20 KEY_UNKNOWN",
        "models/two.yml:3:1 YAML_SYNTAX",
        "sql_project.yaml:5:18 KEY_UNKNOWN",
        "tests/data/t.sql:1:18 REF_UNKNOWN",
      ],
      "a source that may be declared in a file that cannot be read is not called unknown",
    );
  });
  test("what a macro file that cannot be imported would define is not called unknown", async () => {
    const found = await mistakesOf({
      "macros/broken.ts": "export function shout(x: string { return x }\n",
      "macros/_m.yml": "macros: [{name: shout}]\n",
      "models/a.sql": "select {{ shout('x') }} from {{ ref('b') }}",
    });
    assert.deepEqual(
      found.map((line) => line.split(" ").slice(0, 2).join(" ")),
      ["macros/broken.ts:1:1 MACRO_IMPORT", "models/a.sql:1:33 REF_UNKNOWN"],
    );
  });
  test("of a project file that cannot be obeyed, and of property files", async () => {
    const found = await mistakesOf({
      "sql_project.yaml": `${PROJECT_FILE}vras: {}\n`,
      "models/one.yml": "models: [{name: a, descripton: x}]\n",
    });
    assert.deepEqual(found, [
      'models/one.yml:1:20 KEY_UNKNOWN "descripton" is not known here | did you mean "description"?',
      'sql_project.yaml:5:1 KEY_UNKNOWN "vras" is not known here | did you mean "vars"?',
    ]);
  });
  test("aliases that would grow without end are refused, not expanded", async () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}, *l${i}]\n`,
    );
    const [found] = await mistakesOf({ "models/bomb.yml": `l0: &l0 [a, a, a]\n${rows.join("")}` });
    assert.match(found!, /^models\/bomb\.yml:1:1 YAML_SYNTAX Excessive alias count/);
  });
  test("a file whose name holds a control character", async () => {
    assert.deepEqual(await mistakesOf({ "models/a\nb.sql": "select 1" }), [
      "models/a\nb.sql:1:1 NAME_INVALID the file's name holds a control character | rename the file",
    ]);
  });
});

test("hooks of a run name what is there, and their mistakes are told at their lines", async () => {
  const lines = PROJECT_FILE.trimEnd().split("\n").length;
  const found = await mistakesOf({
    "sql_project.yaml": `${PROJECT_FILE}on-run-start:
  - select * from {{ ref('a') }}
  - select * from {{ ref('aa') }}
  - |
    select * from {{ source('s', 't') }},
    {{ nope }}
on-run-end: select {{ this }}
`,
    "models/a.sql": "select 1 as x",
  });
  assert.deepEqual(
    found.map((text) =>
      text.replace(/ \|.*/, "").replace(/^\S+?:(\d+):\d+/, (_, line) => String(Number(line) - lines)),
    ),
    [
      '3 REF_UNKNOWN in a hook: no model, seed or snapshot is named "aa"',
      '4 NAME_UNKNOWN in a hook: nothing is named "nope"',
      '4 SOURCE_UNKNOWN in a hook: no source table is declared as "s.t"',
      '7 NAME_UNKNOWN in a hook: nothing is named "this"',
    ],
  );
});
