import assert from "node:assert/strict";
import { planTest } from "../../../runner/checks/plan-test.ts";
import { isWhole, planScan } from "../../../runner/checks/plan-scan.ts";
import type { ScanMember } from "../../../runner/checks/plan-scan.ts";
import { createMetaTable } from "../../../runner/plan/meta-rows.ts";
import { TEST_RESULTS } from "../../../runner/plan/meta-checks.ts";
import { shippedTests } from "../../../runner/template/builtin-macros.ts";
import { compilerOf } from "../../support/compiler-of.ts";
import { linkProject, testsOf } from "../../support/link-project.ts";
import type { ContractCase } from "../adapter-contract.ts";

const COLUMNS = `geo varchar(20), sex varchar(5), year integer, time_period varchar(10), period_start date, period_end date, percentage double precision,
  value double precision, observation_key varchar(30), dbt_valid_from timestamp, dbt_valid_to timestamp`;
const row = (geo: string, sex: string, year: number, value: string): string =>
  `('${geo}', '${sex}', ${year}, '${year}', '${year}-01-01', '${year}-12-31', ${value}, ${value}, '${geo}${sex}${year}', '${year}-01-01', '${year + 1}-01-01')`;
const SOUND = [2020, 2021, 2023].flatMap((year) =>
  ["AT", "BE"].flatMap((geo) => [
    row(geo, "F", year, "10"),
    row(geo, "M", year, "20"),
    row(geo, "T", year, "30"),
  ]),
);
/** A number out of bounds that breaks a sum, a code too long and unknown, no number, a key twice. */
const WRONG = [row("AT", "F", 2024, "110"), row("Austria123", "X", 2024, "null"), row("BE", "F", 2020, "10")];

/** A total that is the sum of more than it should be: of what is there twice too. */
const ALONG = {
  name: "along",
  test_name: "sums_add_up",
  arguments: {
    column_name: "value",
    dimension: "sex",
    to: "(select * from (values ('F', 'T'), ('M', 'T'), ('T', null)) as h (code, parent)) as sexes",
    to_where: "code <> 'X'",
    group_by: ["geo", "year"],
  },
};

export const shippedTestCases: readonly ContractCase[] = [
  {
    title: "every shipped test is a query that the engine takes, and one pass tells the same",
    body: async (session, { dialect }) => {
      const url = dialect.name === "postgres" ? "url: 'postgresql://nowhere'" : "path: w.duckdb";
      const linked = await linkProject({
        "sql_project.yaml": `name: shop\ntarget: dev\ntargets:\n  dev: {type: ${dialect.name}, ${url}, schema: marts}\n`,
        ...Object.fromEntries(
          ["observations", "stg_observations", "dim_geo"].map((name) => [
            `models/${name}.sql`,
            "select 1 as x",
          ]),
        ),
        "models/p.yml": JSON.stringify({
          models: [
            {
              name: "observations",
              data_tests: [...entries(undefined), ALONG],
              columns: [...new Set(shippedTests.flatMap(({ example: { column } }) => column ?? []))].map(
                (name) => ({
                  name,
                  data_tests: entries(name),
                }),
              ),
            },
          ],
          sources: [{ name: "eurostat", tables: [{ name: "demo_pjan" }] }],
        }),
      });
      for (const schema of ["marts", "eurostat", "meta"]) await session.run(dialect.createSchema(schema));
      await session.run(createMetaTable(TEST_RESULTS, dialect));
      for (const table of [
        "marts.observations",
        "marts.stg_observations",
        "marts.dim_geo",
        "eurostat.demo_pjan",
      ]) {
        await session.run(`create table ${table} (${COLUMNS})`);
        const rows = table === "marts.observations" ? [...SOUND, ...WRONG] : SOUND;
        await session.run(`insert into ${table} values ${rows.join(", ")}`);
      }
      const compiler = compilerOf(linked.project, linked, dialect);
      const found = new Map<string, number>();
      const members: ScanMember[] = [];
      for (const test of testsOf(linked)) {
        const sql = compiler.compile(test.uniqueId).compiledCode;
        const { rows } = await session.query(planTest(test, sql, dialect, null).query);
        found.set(test.name === "along" ? test.name : test.generic!.name, Number(rows[0]![0]));
        members.push({ test, rows: compiler.tested(test.uniqueId)! });
      }
      const names = (over: boolean): string[] =>
        [...found].flatMap(([name, failures]) => (failures > 0 === over ? [name] : [])).toSorted();
      assert.deepEqual(names(true), [
        "accepted_values",
        "along",
        "columns_are",
        "length_between",
        "periods_contiguous",
        "ranges_disjoint",
        "relationships",
        "row_count_equal",
        "row_count_near",
        "rows_unique",
        "sums_add_up",
        "unique",
        "values_are",
        "values_between",
        "values_match",
        "values_sequential",
      ]);
      for (const whole of [true, false]) {
        const group = members.filter((member) => isWhole(member) === whole);
        const scan = planScan(group, () => true);
        const told = scan.read((await session.query(scan.query)).rows[0]!);
        for (const [i, { test }] of group.entries()) {
          assert.equal(told[i]!.rowsChecked, SOUND.length + WRONG.length);
          const { failures } = told[i]!;
          if (failures !== null && test.name !== "along")
            assert.equal(failures, found.get(test.generic!.name), test.name);
        }
      }
    },
  },
];

function entries(column: string | undefined): object[] {
  return shippedTests
    .filter(({ example }) => example.column === column)
    .map(({ name, example }) => ({ name, test_name: name, arguments: example.arguments }));
}
