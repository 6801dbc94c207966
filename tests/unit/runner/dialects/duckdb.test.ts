import assert from "node:assert/strict";
import { test } from "node:test";
import { dialectOf } from "../../../../runner/dialects/dialect-of.ts";

const duckdb = dialectOf("duckdb");
const orders = { database: null, schema: "shop", identifier: 'or"ders' };
const fresh = duckdb.temporaryRelation("fresh");

/** Spelling by spelling: a change here changes what users see in `--dry-run`. */
const spellings: readonly (readonly [string, string, string])[] = [
  ["identifier", duckdb.quoteIdentifier('a"b\n}}'), '"a""b\n}}"'],
  ["relation", duckdb.quoteRelation(orders), '"shop"."or""ders"'],
  ["relation with a database", duckdb.quoteRelation({ ...orders, database: "d" }), '"d"."shop"."or""ders"'],
  ["text", duckdb.literal("it's \\ {{ x }}"), "'it''s \\ {{ x }}'"],
  ["integer", duckdb.literal(-3), "-3"],
  ["double", duckdb.literal(0.5), "0.5"],
  ["double of many digits", duckdb.literal(0.1 + 0.2), "3.0000000000000004e-1"],
  ["not a number", duckdb.literal(NaN), "cast('NaN' as double precision)"],
  ["list", duckdb.literal(["a", 1, true, null]), "('a', 1, true, null)"],
  ["empty list", duckdb.literal([]), "(select null where false)"],
  ["schema", duckdb.createSchema("s"), 'create schema if not exists "s"'],
  [
    "view",
    duckdb.createView(orders, "select 1 -- one"),
    'create or replace view "shop"."or""ders" as (\nselect 1 -- one\n)',
  ],
  ["new table", duckdb.createTableAs(orders, "q", "new"), 'create table "shop"."or""ders" as (\nq\n)'],
  [
    "replaced table",
    duckdb.replaceTable(orders, "q").join(";\n"),
    'create or replace table "shop"."or""ders" as (\nq\n)',
  ],
  [
    "temporary table",
    duckdb.createTableAs(fresh, "q", "temporary"),
    'create temporary table "temp"."main"."fresh" as (\nq\n)',
  ],
  ["drop", duckdb.drop(orders, "view"), 'drop view if exists "shop"."or""ders"'],
  ["rename", duckdb.rename(orders, "table", "new"), 'alter table "shop"."or""ders" rename to "new"'],
  [
    "insert",
    duckdb.insert(orders, ["a", "B"], duckdb.subquery("q")),
    'insert into "shop"."or""ders" ("a", "B") select "a", "B" from (\nq\n) as DBT_INTERNAL_SOURCE',
  ],
  [
    "delete",
    duckdb.deleteMatching(orders, fresh, ["a", "b"], ["x > 1 -- c"]).join(";\n"),
    [
      'delete from "shop"."or""ders" as DBT_INTERNAL_DEST',
      'where exists (select 1 from "temp"."main"."fresh" as DBT_INTERNAL_SOURCE where DBT_INTERNAL_DEST."a" is not distinct from DBT_INTERNAL_SOURCE."a"' +
        ' and DBT_INTERNAL_DEST."b" is not distinct from DBT_INTERNAL_SOURCE."b") and (\nx > 1 -- c\n)',
    ].join("\n"),
  ],
  [
    "merge",
    duckdb.merge(orders, fresh, {
      keys: ["a"],
      columns: ["a", "b"],
      update: ["b"],
      predicates: [],
      updateIf: null,
      insertIf: null,
    })[0]!,
    [
      'merge into "shop"."or""ders" as DBT_INTERNAL_DEST',
      'using "temp"."main"."fresh" as DBT_INTERNAL_SOURCE',
      'on (DBT_INTERNAL_DEST."a" is not distinct from DBT_INTERNAL_SOURCE."a")',
      'when matched then update set "b" = DBT_INTERNAL_SOURCE."b"',
      'when not matched then insert ("a", "b") values (DBT_INTERNAL_SOURCE."a", DBT_INTERNAL_SOURCE."b")',
    ].join("\n"),
  ],
  [
    "merge with conditions",
    duckdb.merge(orders, fresh, {
      keys: ["a"],
      columns: ["a"],
      update: ["b"],
      predicates: [],
      updateIf: "x > 1 -- c",
      insertIf: "y",
    })[0]!,
    [
      'merge into "shop"."or""ders" as DBT_INTERNAL_DEST',
      'using "temp"."main"."fresh" as DBT_INTERNAL_SOURCE',
      'on (DBT_INTERNAL_DEST."a" is not distinct from DBT_INTERNAL_SOURCE."a")',
      'when matched and (\nx > 1 -- c\n) then update set "b" = DBT_INTERNAL_SOURCE."b"',
      'when not matched and (\ny\n) then insert ("a") values (DBT_INTERNAL_SOURCE."a")',
    ].join("\n"),
  ],
  [
    "delete of partitions",
    duckdb.deletePartitions(orders, fresh, ['"a"', "year(b)"]),
    [
      'delete from "shop"."or""ders" as DBT_INTERNAL_DEST',
      'using (select distinct (\n"a"\n) as statloom_partition_1, (\nyear(b)\n) as statloom_partition_2 ' +
        'from "temp"."main"."fresh") as DBT_INTERNAL_SOURCE',
      'where (\n"a"\n) is not distinct from statloom_partition_1 and ' +
        "(\nyear(b)\n) is not distinct from statloom_partition_2",
    ].join("\n"),
  ],
  [
    "new column",
    duckdb.addColumn(orders, { name: 'n"w', type: "DECIMAL(10,2)" }),
    'alter table "shop"."or""ders" add column "n""w" DECIMAL(10,2)',
  ],
  ["dropped column", duckdb.dropColumn(orders, "a"), 'alter table "shop"."or""ders" drop column "a"'],
  [
    "column's new type",
    duckdb.changeColumnType(orders, { name: "a", type: "DATE" }),
    'alter table "shop"."or""ders" alter column "a" type DATE',
  ],
  [
    "written folder",
    duckdb.copyTo("select 1", "/p/it's", {
      format: "parquet",
      options: { compression: "zstd" },
      partitions: ["a"],
      columns: null,
    }),
    "copy (\nselect 1\n) to '/p/it''s' (format parquet, compression 'zstd', partition_by (\"a\"), write_partition_columns true)",
  ],
  [
    "read CSV",
    duckdb.readFiles("/p/[x].csv", {
      format: "csv",
      options: { delimiter: ";", compression: "gzip" },
      partitions: [],
      columns: [{ name: "a", type: "DATE" }],
    }),
    "read_csv('/p/[[]x].csv', hive_partitioning = false, allow_quoted_nulls = false, header = true, delim = ';', auto_detect = false, columns = {'a': 'DATE'})",
  ],
  [
    "Parquet",
    duckdb.readParquet(["/l/a=b/x/o'[1]*.parquet"]),
    "read_parquet(['/l/a=b/x/o''[[]1][*].parquet'], union_by_name = true, hive_partitioning = false)",
  ],
  [
    "partitioned Parquet",
    duckdb.readParquet(["/l/v/geo=AT/part-0.parquet", "/l/v/geo=BE/part-0.parquet"]),
    "read_parquet(['/l/v/geo=AT/part-0.parquet', '/l/v/geo=BE/part-0.parquet'], " +
      "union_by_name = true, hive_partitioning = true, hive_types_autocast = false)",
  ],
];

for (const [what, found, expected] of spellings) {
  test(`DuckDB spells a ${what}`, () => assert.equal(found, expected));
}

test("a merge that may update nothing only inserts", () => {
  const spec = { keys: ["a"], columns: ["a"], update: [], predicates: [], updateIf: null, insertIf: null };
  assert.doesNotMatch(duckdb.merge(orders, fresh, spec).join(), /when matched/);
});

test("NUL is refused in names and text", () => {
  assert.throws(() => duckdb.quoteIdentifier("a\0b"), { code: "SQL_NUL" });
  assert.throws(() => duckdb.literal(["a\0b"]), { code: "SQL_NUL" });
});

test("names are equal without ASCII case, as in DuckDB", () => {
  assert.equal(duckdb.identifierKey("Año_Ä"), duckdb.identifierKey("aÑo_Ä".replace("Ñ", "ñ")));
  assert.notEqual(duckdb.identifierKey("ä"), duckdb.identifierKey("Ä"));
});
