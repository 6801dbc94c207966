import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Adapter } from "../../../../runner/adapters/adapter.ts";
import { openAdapter } from "../../../../runner/adapters/open.ts";
import { buildNodes } from "../../../../runner/api/build-nodes.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import type { OpenProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import { makeProject } from "../../../support/models.ts";

/** Sound data: three countries, both sexes and the total, six years; `earlier` is the edition before. */
const SOUND = `select
  geo || sex || year as key, geo, sex, year, make_date(year, 1, 1) as period_start, make_date(year, 12, 31) as period_end,
  (case sex when 'T' then 2 else 1 end) * (10.0 + year - 2020 + length(geo) * ascii(geo) / 100) as value, 7.0 as figure, 'a' || year % 2 as status,
  timestamp '2025-01-01' as loaded_at, '' as note, year - 2019 as position,
from (select unnest(['AT', 'BE', 'DE']) as geo), (select unnest(['F', 'M', 'T']) as sex), (select unnest(range(2020, 2026)) as year)`;

const on = (name: string, ...data_tests: readonly unknown[]): object => ({ name, data_tests });
const earlier = "ref('earlier')";
const properties = {
  models: [
    {
      name: "obs",
      data_tests: [
        { rows_satisfy: { expression: "period_start <= period_end" } },
        { rows_unique: { columns: ["geo", "sex", "year"] } },
        { row_count_near: { max_share: 0.2, to: earlier } },
        { row_count_equal: { to: earlier, where: "geo <> 'FR'" } },
        { row_count_between: { min_value: 50, max_value: 60, where: "status <> 'z'" } },
        { columns_are: { columns: "geo sex year".split(" "), ordered: false, others: true } },
        {
          ranges_disjoint: {
            lower_bound: "period_start",
            upper_bound: "period_end",
            group_by: ["geo", "sex"],
            where: "geo <> 'BE'",
          },
        },
      ],
      columns: [
        on("key", "unique", "not_null", { length_between: { min_value: 7, max_value: 7 } }),
        on(
          "geo",
          "not_null",
          { relationships: { to: "ref('codes')", field: "geo" } },
          { values_match: { regex: "^[A-Z]{2}$" } },
        ),
        on(
          "sex",
          { accepted_values: { values: ["F", "M", "T", "D"] } },
          { values_include: { values: ["F", "M"] } },
          { values_are: { values: ["F", "M", "T"], where: "sex <> 'X'" } },
        ),
        on("year", { values_between: { min_value: 2020 } }),
        on(
          "period_start",
          { type_is: { type: "date" } },
          { periods_contiguous: { period: "year", group_by: ["geo"] } },
        ),
        on(
          "value",
          "not_null",
          "values_exist",
          { values_between: { min_value: 0, max_value: 100 } },
          { null_share_between: { max_share: 0.1 } },
          {
            sums_add_up: {
              dimension: "sex",
              total: "T",
              parts: ["F", "M"],
              group_by: ["geo", "year"],
              tolerance: 0.1,
            },
          },
          { distribution_near: { to: earlier, max_distance: 0.15 } },
        ),
        on("figure", { revised_share_between: { to: earlier, key: ["geo", "sex", "year"], max_share: 0.2 } }),
        on("status", { shares_near: { to: earlier, max_distance: 0.2 } }),
        on("loaded_at", { values_recent: { count: 3, period: "month" } }),
        on("note", { type_is: { type: "varchar" } }),
        on("position", { values_sequential: { group_by: ["geo", "sex"] } }),
      ],
    },
  ],
};

/** What is done to the data, and the tests that find it. */
const mutations: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing", "select 1", []],
  ["a duplicate", "update obs set key = 'ATF2020' where key = 'ATF2021'", ["unique key"]],
  ["a null", "update obs set value = null where key = 'ATF2021'", ["not_null value"]],
  [
    "many nulls",
    "update obs set value = null where geo = 'AT' and year < 2023",
    ["not_null value", "null_share_between value"],
  ],
  [
    "no value at all",
    "update obs set value = null",
    ["not_null value", "null_share_between value", "values_exist value", "distribution_near value"],
  ],
  ["an orphan", "update obs set geo = 'XX' where geo = 'AT' and sex = 'F'", ["relationships geo"]],
  [
    "a code that is none",
    "update obs set geo = 'At' where geo = 'AT' and sex = 'F'",
    ["relationships geo", "values_match geo"],
  ],
  ["a key too long", "update obs set key = 'ATF20201' where key = 'ATF2020'", ["length_between key"]],
  ["an unknown sex", "update obs set sex = 'X' where key = 'ATT2020'", ["accepted_values sex"]],
  [
    "a sex that is known and was not there",
    "update obs set sex = 'D' where key = 'ATT2020'",
    ["values_are sex"],
  ],
  ["a sex gone", "update obs set sex = 'D' where sex = 'M'", ["values_are sex", "values_include sex"]],
  [
    "a gap",
    "update obs set period_start = '2023-06-01' where geo = 'BE' and year = 2022",
    ["periods_contiguous period_start", "rows_satisfy"],
  ],
  [
    "a gap in numbers",
    "update obs set position = position + 1 where key = 'ATF2025'",
    ["values_sequential position"],
  ],
  [
    "a number twice",
    "update obs set position = position - 1 where key = 'ATF2025'",
    ["values_sequential position"],
  ],
  ["a broken sum", "update obs set value = value + 5 where key = 'ATT2022'", ["sums_add_up value"]],
  [
    "an outlier",
    "update obs set value = value * 10 where geo = 'AT' and year = 2025",
    ["values_between value"],
  ],
  ["a shifted distribution", "update obs set value = value * 1.5", ["distribution_near value"]],
  [
    "many revisions",
    "update obs set figure = 8 where year in (2020, 2021)",
    ["revised_share_between figure"],
  ],
  ["other shares", "update obs set status = 'a0' where year in (2021, 2023)", ["shares_near status"]],
  ["nothing new", "update obs set loaded_at = '2024-06-01'", ["values_recent loaded_at"]],
  [
    "more rows",
    "insert into obs select * replace ('FR' || key[3:] as key, 'FR' as geo) from (select * from obs where geo = 'AT')",
    ["row_count_near", "row_count_between"],
  ],
  ["a row too few", "delete from obs where key = 'ATT2025'", ["row_count_equal"]],
  [
    "a row twice",
    "update obs set position = 1, sex = 'M', year = 2020, value = null, period_start = '2020-01-01', period_end = '2020-12-31' where key = 'BEM2021'",
    ["rows_unique", "not_null value", "values_sequential position"],
  ],
  ["a column gone", "alter table obs rename column year to anno", ["columns_are"]],
  ["another type", "alter table obs alter column note type integer using 1", ["type_is note"]],
  [
    "overlapping ranges",
    "update obs set period_end = '2021-02-01' where key = 'ATF2020'",
    ["ranges_disjoint"],
  ],
];

/** Looked for in a source too, whose table is nobody's model. */
const OF_SOURCES = [
  "nothing",
  "a duplicate",
  "a null",
  "an orphan",
  "a gap",
  "a broken sum",
  "a shifted distribution",
  "many revisions",
  "nothing new",
  "a column gone",
];

describe("planted in sound data", () => {
  let open: OpenProject;
  let warehouse: Adapter;
  const cwd = makeProject({
    "models/obs.sql": `{{ config(materialized='table') }} ${SOUND}`,
    "models/earlier.sql": `{{ config(materialized='table') }} select * from {{ ref('obs') }}`,
    "models/codes.sql": "select unnest(['AT', 'BE', 'DE', 'FR', null]) as geo",
    "models/p.yml": JSON.stringify({ ...properties, sources: [{ name: "raw", tables: properties.models }] }),
  });
  before(async () => {
    const sink = { write: () => undefined, isTerminal: false, width: 80 };
    const now = (): Date => new Date("2025-03-01T00:00:00Z");
    open = await openProject({}, { now, env: {}, cwd, stdout: sink, stderr: sink });
    assert.deepEqual(await found("run"), []);
    // To open it and to close it, twice for each change, takes longer than the change.
    warehouse = await openAdapter(open.project.target);
    await withSession(open.project.target, undefined, (session) =>
      session.run("create table sound as select * from obs; create schema raw"),
    );
  });
  after(() => warehouse.close());
  /** Tests that fail, by their name and column; what goes wrong otherwise is thrown. */
  async function found(command: "run" | "test", selected = "obs"): Promise<string[]> {
    const { results } = await buildNodes(open, {
      command,
      select: command === "run" ? [] : [selected],
      exclude: [],
      onEvent: () => undefined,
    });
    return results.flatMap(({ uniqueId, status, message }) => {
      const node = open.parsed.graph.nodes.get(uniqueId);
      const generic = node?.resourceType === "test" ? node.generic : null;
      const name = [generic?.name, generic?.columnName].filter((part) => typeof part === "string").join(" ");
      if (status === "error") return [`${name}: ${message}`];
      return status === "fail" ? [name] : [];
    });
  }
  for (const [what, sql, wanted] of mutations) {
    test(`${what} is found by ${wanted.length === 0 ? "no test" : wanted.join(", ")}, and by no other`, async () => {
      await withSession(open.project.target, undefined, async (session) => {
        await session.run("create or replace table obs as select * from sound");
        await session.query(sql);
      });
      const errors = what === "a column gone" ? /: / : /$^/;
      assert.deepEqual(
        (await found("test")).filter((name) => !errors.test(name)).toSorted(),
        wanted.toSorted(),
      );
    });
  }
  for (const [what, sql, wanted] of mutations.filter(([each]) => OF_SOURCES.includes(each))) {
    test(`${what} in a source is found by ${wanted.length === 0 ? "no test" : wanted.join(", ")}, and by no other`, async () => {
      await withSession(open.project.target, undefined, async (session) => {
        await session.run("create or replace table raw.obs as select * from sound; set search_path = 'raw'");
        await session.query(sql);
      });
      const errors = what === "a column gone" ? /: / : /$^/;
      assert.deepEqual(
        (await found("test", "source:raw.obs")).filter((name) => !errors.test(name)).toSorted(),
        wanted.toSorted(),
      );
    });
  }
  test("every test is tried", () => {
    const names = new Set(
      [...open.parsed.graph.nodes.values()].flatMap((node) =>
        node.resourceType === "test" ? [node.generic!.name] : [],
      ),
    );
    const caught = new Set(mutations.flatMap(([, , tests]) => tests.map((name) => name.split(" ")[0]!)));
    assert.deepEqual(
      [...names].filter((name) => !caught.has(name)),
      [],
    );
  });
});
