import assert from "node:assert/strict";
import { test } from "node:test";
import { postgres, postgresBefore15 } from "../../../../runner/dialects/postgres.ts";

const orders = { database: null, schema: "shop", identifier: 'or"ders' };
const fresh = postgres.temporaryRelation("fresh");
const merge = {
  keys: ["a"],
  columns: ["a", "b"],
  update: ["b"],
  predicates: ["x > 1 -- c"],
  updateIf: "y",
  insertIf: "z",
};

test("PostgreSQL finds whole keys by equality, which it can look up, and only those with a null one by one", () => {
  const [whole, holed] = postgres.deleteMatching(orders, fresh, ["a", "b"], []);
  assert.equal(
    whole,
    [
      'delete from "shop"."or""ders" as DBT_INTERNAL_DEST',
      'using (select * from "pg_temp"."fresh" as whole where not (whole."a" is null or whole."b" is null)) as DBT_INTERNAL_SOURCE',
      'where DBT_INTERNAL_DEST."a" = DBT_INTERNAL_SOURCE."a" and DBT_INTERNAL_DEST."b" = DBT_INTERNAL_SOURCE."b"',
    ].join("\n"),
  );
  assert.match(holed!, /where \(holed\."a" is null or holed\."b" is null\)/);
  assert.match(holed!, /DBT_INTERNAL_DEST\."b" is not distinct from DBT_INTERNAL_SOURCE\."b"/);
  assert.equal(
    postgres.sameRow("l", "r", ['"a"']),
    'array[cast(l."a" as text)] = array[cast(r."a" as text)]',
  );
});

test("PostgreSQL merges from 15 on, and before that updates and inserts in one statement", () => {
  const [merged] = postgres.merge(orders, fresh, merge);
  assert.match(merged!, /^merge into "shop"\."or""ders" as DBT_INTERNAL_DEST\nusing \(select/);
  assert.match(
    merged!,
    /when matched and \(\ny\n\) then update[\s\S]*when not matched and \(\nz\n\) then insert/,
  );
  const [before] = postgresBefore15.merge(orders, fresh, merge);
  assert.match(before!, /^with updated as \(update "shop"\."or""ders" as DBT_INTERNAL_DEST set "b" = /);
  assert.match(
    before!,
    /insert into "shop"\."or""ders" \("a", "b"\)\nselect [\s\S]*where not exists \(select 1/,
  );
  assert.match(before!, /and \(\nx > 1 -- c\n\)[\s\S]* and \(\nz\n\)$/);
});

test("PostgreSQL puts a table in place of another by two statements, and converts a column that changes", () => {
  assert.deepEqual(postgres.replaceTable(orders, "q"), [
    'drop table if exists "shop"."or""ders"',
    'create table "shop"."or""ders" as (\nq\n)',
  ]);
  assert.equal(
    postgres.changeColumnType(orders, { name: "a", type: "date" }),
    'alter table "shop"."or""ders" alter column "a" type date using cast("a" as date)',
  );
  assert.throws(() => postgres.readParquet(["/x"]), { code: "FILES_UNSUPPORTED" });
});
