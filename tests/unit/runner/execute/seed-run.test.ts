import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { makeProject, models, readArtifact, rowsOf } from "../../../support/models.ts";
import { memoryTarget } from "../../../support/memory-target.ts";

const messages = (root: string): Record<string, string> => {
  const { results } = readArtifact(root, "run_results.json") as {
    results: { unique_id: string; message: string }[];
  };
  return Object.fromEntries(results.map(({ unique_id: id, message }) => [id.split(".")[2], message]));
};

test("CSV, JSON and Parquet seeds; what has not changed is not loaded again", async () => {
  const root = makeProject({
    "seeds/a.csv": "id\n1\n",
    "seeds/b.json": '[{"id": "01"}]',
    "models/all_of_them.sql":
      "select (select count(*) from {{ ref('a') }}) as a, (select max(id) from {{ ref('b') }}) as b, (select max(id) from {{ ref('c') }}) as c",
  });
  const db = await openAdapter(memoryTarget);
  const session = await db.session();
  await session.run(`copy (select 'p' as id) to '${join(root, "seeds/c.parquet")}' (format parquet)`);
  await db.close();
  const first = await models(root, ["build"]);
  assert.equal(first.code, 0, first.out + first.err);
  assert.deepEqual(await rowsOf(root, "select * from {{ ref('all_of_them') }}"), [
    { a: "1", b: "01", c: "p" },
  ]);
  assert.deepEqual(messages(root), { a: "seed", b: "seed", c: "seed", all_of_them: "view" });
  writeFileSync(join(root, "seeds/a.csv"), "id\n1\n2\n");
  await models(root, ["seed"]);
  assert.deepEqual(messages(root), { a: "seed", b: "seed (unchanged)", c: "seed (unchanged)" });
  await models(root, ["seed", "--full-refresh"]);
  assert.deepEqual(messages(root), { a: "seed", b: "seed", c: "seed" });
});

test("TSV and JSON lines are read as what they are, and what nobody reads is named", async () => {
  const root = makeProject({
    "seeds/a.tsv": "id\tname\n1\tx,y\n",
    "seeds/b.ndjson": '{"id": 1}\n{"id": 2}\n',
    "seeds/c.jsonl": '{"id": "01"}\n',
    "seeds/d.tsv": "id;name\n1;z\n",
    "seeds/s.yml": "seeds:\n  - {name: d, config: {delimiter: ';'}}\n",
    "seeds/old/codes.xlsx": "",
    "seeds/README.md": "",
    "models/all_of_them.sql":
      "select (select name from {{ ref('a') }}) as a, (select max(id) from {{ ref('b') }}) as b, (select id from {{ ref('c') }}) as c, (select name from {{ ref('d') }}) as d",
  });
  const { code, out, err } = await models(root, ["build"]);
  assert.equal(code, 0, out + err);
  assert.match(out + err, /SEED_NOT_READ nothing reads "seeds\/old\/codes.xlsx": seeds end in .csv, .tsv/);
  assert.deepEqual(await rowsOf(root, "select * from {{ ref('all_of_them') }}"), [
    { a: "x,y", b: "2", c: "01", d: "z" },
  ]);
});

test("a type that is declared anew loads the same file again", async () => {
  const root = makeProject({ "seeds/a.csv": "id\n1\n" });
  await models(root, ["seed"]);
  writeFileSync(join(root, "seeds/s.yml"), "seeds:\n  - {name: a, config: {column_types: {id: varchar}}}\n");
  await models(root, ["seed"]);
  assert.deepEqual(messages(root), { a: "seed" });
  assert.deepEqual(await rowsOf(root, "select typeof(id) as t from {{ ref('a') }}"), [{ t: "VARCHAR" }]);
});

test("what does not fit declared types is told with its row, all of it, with its place and a hint", async () => {
  const root = makeProject({
    "seeds/a.csv": "n,d\n1,2024-01-01\nx,2024-01-01\n3,2024-13-01\n",
    "seeds/b.json": '[{"id": 1, "d": "x"}, {"id": "two", "d": "2024-01-01"}]',
    "seeds/c.json": "[]",
    "seeds/d.csv": "a;b\n1;2\n",
    "seeds/s.yml": `seeds:
  - {name: a, config: {column_types: {n: integer, d: date}}}
  - {name: b, config: {column_types: {id: integer, d: date}}}
`,
  });
  const { code, out } = await models(root, ["seed"]);
  assert.equal(code, 1, out);
  for (const told of [
    /seeds\/a\.csv:3:1 QUERY_FAILED a\.csv: .*Line: 3\n.*\n.*"n".*"x".*\n +line 4: .*"d".*"2024-13-01"/,
    /seeds\/b\.json:1:1 QUERY_FAILED b\.json: row 2: "id" is 'two', which is no integer\n +row 1: "d" is 'x', which is no date/,
    /seeds\/c\.json:1:1 SEED_HEADER c\.json holds no rows that name their columns\n +a JSON seed is a list/,
    /seeds\/d\.csv:1:1 SEED_HEADER the first line of d\.csv is one column.*\n +say what the file has: config: \{delimiter: ";"\}/,
  ])
    assert.match(out, told);
});

test("numbers and texts beside each other in JSON are texts, and what has parts stays JSON", async () => {
  const root = makeProject({ "seeds/a.json": '[{"x": 1, "y": 1}, {"x": "b", "y": {"z": 2}}]' });
  assert.equal((await models(root, ["seed"])).code, 0);
  assert.deepEqual(
    await rowsOf(root, "select x, typeof(x) as t, typeof(y) as u from {{ ref('a') }} order by x"),
    [
      { x: "1", t: "VARCHAR", u: "JSON" },
      { x: "b", t: "VARCHAR", u: "JSON" },
    ],
  );
});
