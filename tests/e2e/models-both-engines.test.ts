import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openAdapter } from "../../runner/adapters/open.ts";
import { cellText } from "../../runner/adapters/cell-text.ts";
import type { Cell } from "../../runner/adapters/adapter.ts";
import { readProject } from "../../runner/project/read-project.ts";
import { models, statuses } from "../support/models.ts";
import { databaseForTests } from "../support/postgres.ts";
import { tempFolder } from "../support/temp.ts";
import { ingest } from "../unit/ingest/cli/recorded.ts";

const root = join(import.meta.dirname, "../..");
const sample = join(root, "ingest/sample");
/** Documents of publishers lie beside the checkout, where there are any. */
const real = join(root, "../shared/data/jsonstat/eurostat/hlth_silc_13.json");
const server = await databaseForTests();

/** The reference project with a target in PostgreSQL; models of the sample alone are built where the target says so. */
function project(name: string, landing: string): string {
  const cwd = tempFolder();
  for (const folder of ["models", "macros", "seeds", "snapshots", "tests/data"])
    cpSync(join(root, folder), join(cwd, folder), { recursive: true });
  const text = readFileSync(join(root, "sql_project.yaml"), "utf8")
    .replace(
      "\nvars:",
      `\n  both: {type: postgres, url: "\${URL}", schema: ${name}, landing: ${landing}}\n\nvars:`,
    )
    .replace(
      "\ningest:\n",
      '\ningest:\n  staging: {url: "${URL}", schema: staged}\n'.replace("staged", `${name}_staging`),
    );
  writeFileSync(join(cwd, "sql_project.yaml"), text);
  return cwd;
}

/** Every shipped macro for what engines spell differently, with what it must give; a row without a mistake has nothing but true in it. */
const macros = `
select
  {{ round_to('cast(2.675 as double precision)', 2) }} = cast(2.68 as double precision) as rounded,
  {{ regexp_group("'Y16-24'", '^Y([0-9]+)-([0-9]+)$', 2) }} = '24' as second_group,
  {{ regexp_group("'x'", '(y)') }} is null as no_match,
  {{ dateadd('month', 1, "date '2024-01-31'") }} = timestamp '2024-02-29 00:00:00' as added,
  {{ datediff('month', "date '2024-01-31'", "date '2024-03-01'") }} = 2 as months,
  {{ datediff('day', "timestamp '2024-02-28 23:00:00'", "timestamp '2024-03-01 01:00:00'") }} = 2 as days,
  {{ datediff('year', "date '2023-12-31'", "date '2024-01-01'") }} = 1 as years,
  {{ last_day("date '2024-02-03'") }} = date '2024-02-29' as last,
  (select {{ listagg('day', '|') }} from {{ date_series("date '2024-01-01'", "date '2024-03-01'", 'month') }} as s)
    = '2024-01-01|2024-02-01|2024-03-01' as series
`;

/** Rows of a relation in no order, each column by name: numbers as numbers, whatever type an engine gives a whole one. */
function normal(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const order = columns.map((name, i) => ({ name, i })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const value = (cell: Cell | undefined): Cell => {
    if (typeof cell !== "string") return cell ?? null;
    // An instant and the same time without a zone, which is in UTC.
    return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell.replace(/\+00$/, "");
  };
  return rows.map((row) => JSON.stringify(order.map(({ name, i }) => [name, value(row[i])]))).toSorted();
}

async function compare(cwd: string, local: string, env: Record<string, string>): Promise<number> {
  const built = async (target: string) => {
    const { code, out, err } = await models(cwd, ["build", "--target", target], { env });
    assert.equal(code, 0, out + err);
    return Object.keys(statuses(cwd)).toSorted();
  };
  const [here, there] = [await built(local), await built("both")];
  assert.deepEqual(there, here, "the same nodes on both engines");
  const opened = async (target: string) => (await readProject(cwd, { env, target })).target;
  const [ours, theirs] = [await opened(local), await opened("both")];
  await using duckdb = await openAdapter(ours);
  await using postgres = await openAdapter(theirs);
  const [one, other] = [await duckdb.session(), await postgres.session()];
  const names = [...(await one.listRelations(ours.schema)).keys()].toSorted();
  assert.deepEqual(names, [...(await other.listRelations(theirs.schema)).keys()].toSorted());
  for (const identifier of names) {
    const read = async (session: typeof one, schema: string) => {
      const from = duckdb.dialect.quoteRelation({ database: null, schema, identifier });
      const { columns, rows } = await session.query(`select * from ${from}`);
      return normal(
        columns.map(({ name }) => name),
        rows,
      );
    };
    const [a, b] = [await read(one, ours.schema), await read(other, theirs.schema)];
    assert.equal(b.length, a.length, `rows of ${identifier}`);
    const differing = a.flatMap((row, i) => (row === b[i] ? [] : [`${row}\n${b[i]}`]));
    assert.equal(differing.length, 0, `${identifier}:\n${differing.slice(0, 3).join("\n\n")}`);
  }
  const counted = await one.query(`select count(*) from ${ours.schema}.fct_unmet_need`);
  return Number(cellText(counted.rows[0]?.[0]));
}

describe("the reference project on both engines", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const env = { URL: server.url };

  test("gives the same rows in every relation from the sample, all its editions", async () => {
    const cwd = project("sample", "data/sample/landing");
    // What is built for the sample is built for its twin.
    for (const folder of ["models/staging", "models/marts"])
      for (const file of readdirSync(join(cwd, folder))) {
        const path = join(cwd, folder, file);
        writeFileSync(
          path,
          readFileSync(path, "utf8").replace(
            "enabled=target.name == 'sample'",
            "enabled=target.name != 'dev'",
          ),
        );
      }
    writeFileSync(join(cwd, "models/marts/portable_macros.sql"), macros);
    // The same as portable SQL, which macros then write for the engine that it is translated from.
    const translated = `{{ config(portable=true, materialized='table') }}\n${macros}`;
    writeFileSync(join(cwd, "models/marts/portable_sql.sql"), translated);
    const documents = readdirSync(sample).sort();
    const paths = documents.map((name) => join(sample, name));
    const { code, err } = await ingest(["file", ...paths, "--target", "sample"], { cwd, env });
    assert.equal(code, 0, err);
    assert.ok((await compare(cwd, "sample", env)) > 0);
    for (const name of ["portable_macros", "portable_sql"]) {
      const { out } = await models(cwd, ["show", "-s", name, "--target", "sample", "--output", "json"], {
        env,
      });
      assert.doesNotMatch(out, /false|null/, out);
      assert.equal(out.match(/true/g)?.length, 9, out);
    }
  });

  test(
    "gives the same rows from the real hlth_silc_13",
    { skip: existsSync(real) ? false : `there is no ${real}` },
    async () => {
      const cwd = project("real", "data/landing");
      const { code, err } = await ingest(["file", real], { cwd, env: { URL: env.URL } });
      assert.equal(code, 0, err);
      assert.ok((await compare(cwd, "dev", env)) > 0);
    },
  );
});
