import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { knownColumns } from "../../../../../runner/api/columns/known-columns.ts";
import { openProject } from "../../../../../runner/api/open-project.ts";
import { realEffects } from "../../../../../runner/base/effects.ts";
import { makeProject } from "../../../../support/models.ts";

const CHILDREN = Array.from({ length: 24 }, (_, i) => `c${String(i).padStart(2, "0")}`);
const WRONG = new Set(["c03", "c11", "c20"]);
const project = {
  "sql_project.yaml":
    "name: p\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, schema: one}\nmodels:\n  deep: {+schema: two}\n",
  "seeds/codes.csv": "id,name\n1,a\n",
  "models/above.sql": "select id, name from {{ ref('codes') }}",
};

/** Each is made of what all of them are made of, and has a child in another schema. */
function write(root: string, type: string): void {
  mkdirSync(join(root, "models/deep"), { recursive: true });
  for (const name of CHILDREN) {
    const column = WRONG.has(name) ? "missing" : "name";
    const sql = `select id::${type} as id, ${column} from {{ ref('above') }}`;
    writeFileSync(join(root, `models/${name}.sql`), sql);
    writeFileSync(join(root, `models/deep/d_${name}.sql`), `select id + 1 as more from {{ ref('${name}') }}`);
  }
}

test("columns that are found several at once are those of each alone, and mistakes come in the order of the graph", async () => {
  const root = makeProject(project);
  for (const [type, more] of [
    ["integer", "INTEGER"],
    // What all of them are made of is known from before, and has to be there for the first that asks.
    ["bigint", "BIGINT"],
    ["bigint", "BIGINT"],
  ] as const) {
    write(root, type);
    const open = await openProject({ projectDir: root }, realEffects());
    const ids = [...open.parsed.graph.nodes.keys()];
    const { columns, failures } = await knownColumns(open, new Set(ids), null);
    const typesOf = (id: string): readonly string[] | undefined => columns.get(id)?.map((each) => each.type);
    for (const name of CHILDREN) {
      const [own, below] = WRONG.has(name) ? [] : [[more, "VARCHAR"], [more]];
      assert.deepEqual(typesOf(`model.p.${name}`), own, name);
      assert.deepEqual(typesOf(`model.p.d_${name}`), below, name);
    }
    const failed = failures.map(({ node }) => node.uniqueId);
    const expected = ids.filter((id) => WRONG.has(id.slice(-3)));
    assert.deepEqual(failed, expected);
  }
});

test("a source that is what a model builds has that one's columns", async () => {
  const root = makeProject({
    ...project,
    "models/sources.yml": "sources:\n  - {name: one, tables: [{name: above}]}\n",
    "models/below.sql": "select id from {{ ref('above') }} union select id from {{ source('one', 'above') }}",
  });
  const open = await openProject({ projectDir: root }, realEffects());
  const known = await knownColumns(open, new Set(open.parsed.graph.nodes.keys()), null);
  assert.deepEqual(
    known.typesOf(["one", "above"])?.map(({ name }) => name),
    ["id", "name"],
  );
});
