import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProject, models, statuses } from "../../../support/models.ts";
import { writeFiles } from "../../../support/temp.ts";

/** A union of countries of regions: 1 + 2 + 3 = 6, 4 + 5 = 9, 6 + 9 = 15. */
const SOUND =
  "('EU', 15), ('A', 6), ('A1', 1), ('A2', 2), ('A3', 3), ('B', 9), ('B1', 4), ('B2', 5), ('X', 99)";
const rows = (values: string): string =>
  `select 2020 + n as year, geo, value from (values ${values}) v (geo, value), range(1) r (n)`;
const project = (config = ""): string =>
  makeProject({
    "models/obs.sql": rows(SOUND),
    "models/dims.sql": `select 'geo' as column_name, code, parent from (values ('EU', null), ('A', 'EU'), ('B', 'EU'),
      ('A1', 'A'), ('A2', 'A'), ('A3', 'A'), ('B1', 'B'), ('B2', 'B'), ('B3', 'B'), ('X', 'X')) v (code, parent)
      union all select 'sex', 'A', 'X'`,
    "models/p.yml": `models: [{name: obs, columns: [{name: value, data_tests: [{sums_add_up: {name: along, dimension: geo,
      group_by: [year], to: ref('dims'), to_where: "column_name = 'geo'"${config}}}]}]}]`,
  });

test("sums add up along a hierarchy of any depth, of the parts that are there", async () => {
  const cwd = project();
  const told = async (values: string): Promise<string> => {
    writeFiles(cwd, { "models/obs.sql": rows(values) });
    const { out } = await models(cwd, ["build"]);
    return `${statuses(cwd)["along"]} ${[...out.matchAll(/total_code: (\w+)/g)]
      .map(([, code]) => code!)
      .toSorted()
      .join(" ")}`.trim();
  };
  assert.equal(await told(SOUND), "pass");
  assert.equal(await told(SOUND.replace("('A1', 1)", "('A1', 2)")), "fail A");
  assert.equal(await told(SOUND.replace("('B', 9)", "('B', 8)")), "fail B EU");
  assert.equal(await told(SOUND.replace("('A1', 1)", "('A1', null)")), "pass", "a part without a value");
  assert.equal(await told(SOUND.replace("('A1', 1), ", "")), "fail A", "a part that is never there is none");
});

test("a part without a value counts as nothing where that is said; a total or a hierarchy is needed", async () => {
  const cwd = project(", missing: zero");
  writeFiles(cwd, { "models/obs.sql": rows(SOUND.replace("('A1', 1)", "('A1', null)")) });
  await models(cwd, ["build"]);
  assert.equal(statuses(cwd)["along"], "fail");
  writeFiles(cwd, {
    "models/p.yml":
      "models: [{name: obs, columns: [{name: value, data_tests: [{sums_add_up: {dimension: geo, group_by: [year]}}]}]}]",
  });
  assert.match((await models(cwd, ["build"])).err, /total/);
});
