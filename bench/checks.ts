import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildNodes } from "../runner/api/build-nodes.ts";
import { openProject } from "../runner/api/open-project.ts";
import { withSession } from "../runner/api/with-session.ts";
import { realEffects } from "../runner/base/effects.ts";
import { formatTable } from "../runner/base/text.ts";
import { machine } from "./run-process.ts";

/**
 * `npm run bench:checks`: thirty tests of one relation of so many million rows (10 unless told), in one pass and one by one: of a table, of a view that renames
 * and casts columns of a Parquet file, and of a view that joins and takes the newest row of each key. `bench:checks 1 a_view` measures a million rows of that one.
 */
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const [size = "10", ...named] = process.argv.slice(2);
const millions = Number(size);
const relations = named.length > 0 ? named : ["a_table", "a_view", "a_join"];
const rows = millions * 1_000_000;

const tests = {
  geo: [
    "not_null",
    { accepted_values: { values: Array.from({ length: 40 }, (_, i) => `C${i}`) } },
    { relationships: { to: "ref('codes')", field: "geo" } },
    { length_between: { min_value: 2, max_value: 3 } },
    { values_match: { regex: "^C[0-9]+$" } },
  ],
  sex: ["not_null", { accepted_values: { values: ["F", "M", "T"] } }, { length_between: { max_value: 1 } }],
  year: [
    "not_null",
    { values_between: { min_value: 2000, max_value: 2024 } },
    { accepted_values: { values: Array.from({ length: 25 }, (_, i) => 2000 + i), quote: false } },
  ],
  day: [
    "not_null",
    { values_between: { min_value: "2000-01-01" } },
    { values_recent: { count: 100, period: "year" } },
  ],
  value: [
    "not_null",
    { values_between: { min_value: 0, max_value: 1000 } },
    { null_share_between: { max_share: 0.1 } },
    "values_exist",
    { rows_satisfy: { expression: "+ 1 > 0" } },
  ],
  share: [
    "not_null",
    { values_between: { min_value: 0, max_value: 1 } },
    { null_share_between: { max_share: 0.1 } },
    { rows_satisfy: { expression: "<= 1" } },
  ],
  flags: [
    { accepted_values: { values: ["b", "u", "p"] } },
    { null_share_between: { max_share: 1, min_share: 0.1 } },
    { length_between: { max_value: 1 } },
  ],
  id: ["not_null", { values_between: { min_value: 0 } }],
} as const;
const ofModel = [
  { row_count_between: { min_value: 1 } },
  { rows_satisfy: { expression: "share * 1000 <= value + 1" } },
];

const files = {
  "sql_project.yaml":
    "name: bench\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb, threads: 2}\n",
  "models/codes.sql":
    "{{ config(materialized='table') }} select 'C' || range as geo, 1.0 as weight from range(40)",
  "models/a_table.sql":
    "{{ config(materialized='table') }} select * replace (nullif(flags, '') as flags) from read_parquet('{{ var('data') }}')",
  "models/a_view.sql": `select upper(geo) as geo, sex, cast(year as integer) as year, cast(day as date) as day, value * 1.0 as value, share, nullif(flags, '') as flags, id
    from read_parquet('{{ var('data') }}')`,
  "models/a_join.sql": `select o.geo, o.sex, o.year, o.day, o.value * codes.weight as value, o.share, nullif(o.flags, '') as flags, o.id
    from read_parquet('{{ var('data') }}') as o join {{ ref('codes') }} as codes on codes.geo = o.geo 
    qualify row_number() over (partition by o.id order by o.day desc) = 1`,
  "models/p.yml": JSON.stringify({
    models: ["a_table", "a_view", "a_join"].map((name) => ({
      name,
      data_tests: ofModel,
      columns: Object.entries(tests).map(([column, data_tests]) => ({ name: column, data_tests })),
    })),
  }),
};

const cwd = mkdtempSync(join(tmpdir(), "statloom-bench-"));
try {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const data = join(cwd, "data.parquet");
  const open = await openProject({ vars: { data } }, { ...realEffects(), cwd });
  await withSession(open.project.target, undefined, (session) =>
    session.run(`copy (select 'C' || (range * 7 % 40) as geo, ['F', 'M', 'T'][1 + range % 3] as sex, 2000 + range % 25 as year,
      date '2000-01-01' + cast(range % 9000 as integer) as day, (range * 31 % 1000)::double as value, (range * 31 % 1000) / 1000.0 as share,
      ['', 'b', '', 'u', 'p'][1 + range % 5] as flags, range as id from range(${rows})) to '${data}'`),
  );
  const run = async (
    command: "run" | "test",
    select: string[],
    oneByOne: boolean,
  ): Promise<{ seconds: number; tests: number }> => {
    const begin = performance.now();
    const { results } = await buildNodes(open, {
      command,
      select,
      exclude: [],
      oneByOne,
      threads: 2,
      onEvent: () => undefined,
    });
    const wrong = results.find(({ status }) => status !== "pass" && status !== "success");
    if (wrong) throw new Error(`${wrong.uniqueId}: ${wrong.message}`);
    return { seconds: (performance.now() - begin) / 1000, tests: results.length };
  };
  await run("run", [], false);
  const table = [];
  for (const model of relations) {
    const apart = await run("test", [model], true);
    const together = await run("test", [model], false);
    table.push([
      model,
      apart.tests,
      Number(apart.seconds.toFixed(2)),
      Number(together.seconds.toFixed(2)),
      Number((apart.seconds / together.seconds).toFixed(1)),
    ]);
  }
  print(
    `${machine()}, ${millions} million rows, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
  print(formatTable(["relation", "tests", "one by one, s", "one pass, s", "times faster"], table));
} finally {
  rmSync(cwd, { recursive: true, force: true });
}
