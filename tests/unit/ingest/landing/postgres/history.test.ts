import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { openStaging } from "../../../../../ingest/landing/postgres/open-staging.ts";
import type { StagingOptions } from "../../../../../ingest/landing/postgres/staging.ts";
import { connect, postgresForTests } from "../../../../support/postgres.ts";
import { editionOf } from "./editions.ts";
import type { Row } from "./editions.ts";

const server = await postgresForTests();

/** Numbers from 0 to below 1 that are the same in every run (a linear congruence). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** An edition like the one before it: some cells are revised, some go, some come; now and then a dimension comes or goes. */
function nextRows(before: readonly Row[], random: () => number): Row[] {
  const hasSex = before.some((row) => "sex" in row);
  const turns = random() < 0.15;
  if (turns && hasSex)
    return before
      .filter(({ sex }) => sex === "F")
      .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== "sex")));
  if (turns) return before.flatMap((row) => ["F", "M"].map((sex) => ({ ...row, sex })));
  const kept = before.filter(() => random() > 0.05);
  const revised = kept.map((row): Row => (random() < 0.1 ? measured(row, random) : row));
  const cell = (row: Row): string => [row["geo"], row["time_period"], row["sex"]].join("|");
  const taken = new Set(before.map(cell));
  const added = Array.from({ length: 8 }, (): Row =>
    measured(
      {
        geo: `G${Math.floor(random() * 12)}`,
        time_period: random() < 0.1 ? "someday" : String(2015 + Math.floor(random() * 10)),
        ...(hasSex && { sex: "F" }),
      },
      random,
    ),
  );
  for (const row of added) {
    if (taken.has(cell(row))) continue;
    taken.add(cell(row));
    revised.push(row);
  }
  return revised;
}

function measured({ geo, time_period, sex }: Row, random: () => number): Row {
  const dimensions = { geo, time_period, ...(sex !== undefined && { sex }) };
  const dice = random();
  if (dice < 0.1) return { ...dimensions, status: "c" };
  if (dice < 0.2) return { ...dimensions, text: "n/a" };
  const flag = dice < 0.4 ? { status: "p" } : {};
  return { ...dimensions, value: Math.floor(random() * 4), ...flag };
}

describe("the past of a staging table", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const schema = `history_${process.pid}`;
  afterEach(() => sql.unsafe(`drop schema if exists "${schema}" cascade`));

  const text = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const expected = (rows: readonly Row[]): string[] =>
    text(
      rows.map(({ geo, time_period, sex, value, text: words, status }) => ({
        geo,
        time_period,
        sex: sex ?? null,
        value: value ?? null,
        text: words ?? null,
        status: status ?? null,
      })),
    );

  /** The edition of a batch, from what stands and what was replaced later. */
  const rebuilt = async (table: string, batch: number): Promise<string[]> => {
    const [sex] = await sql.unsafe(
      `select 1 from pg_attribute where attrelid = '"${schema}"."${table}"'::regclass and attname = 'sex'`,
    );
    const columns = `geo, time_period, ${sex ? "sex" : "null as sex"}, value, value_text as text, status, _batch_id`;
    const found = await sql.unsafe(`
      with b as (select batch_id, sequence from "${schema}".batches where table_name = '${table}')
      select geo, time_period, sex, value, text, status from (
        select ${columns}, null as until from "${schema}"."${table}"
        union all select ${columns}, "_replaced_by_batch" from "${schema}"."${table}__revisions") r
      where (select sequence from b where batch_id = r._batch_id) <= ${batch}
        and (until is null or (select sequence from b where batch_id = until) > ${batch})`);
    return text(found.map((row) => Object.fromEntries(Object.entries(row))));
  };

  const ways: [string, Partial<StagingOptions>][] = [
    ["comparing what changed", {}],
    ["comparing everything", { compare: "all" }],
    ["by year", { partitionByPeriod: "year" }],
  ];
  for (const [way, options] of ways) {
    test(`is whole, ${way}: every edition can be had again`, async () => {
      for (const seed of [1, 2, 3]) {
        const random = randomFrom(seed);
        const dataset = `d${seed}_${way.replaceAll(" ", "_")}`;
        const staging = openStaging({ url: server.url, schema, keepDocuments: "none", ...options });
        const editions: Row[][] = [];
        let rows = nextRows([], random);
        for (let n = 0; n < 20; n++) {
          // Every fifth edition brings back an old one whole.
          rows = n % 5 === 4 ? editions[Math.floor(random() * editions.length)]! : nextRows(rows, random);
          editions.push(rows);
          const before = new Map((editions.at(-2) ?? []).map((row) => [cellOf(row), contentOf(row)]));
          const { counts } = await staging.stage(editionOf(n, rows, { dataset, keys: dimensionsOf(rows) }));
          const changed = rows.filter(
            (row) => before.has(cellOf(row)) && before.get(cellOf(row)) !== contentOf(row),
          );
          const inserted = rows.filter((row) => !before.has(cellOf(row))).length;
          assert.deepEqual(
            [counts.rows, counts.inserted, counts.updated, counts.deleted],
            [rows.length, inserted, changed.length, before.size - (rows.length - inserted)],
            `seed ${seed}, edition ${n}`,
          );
        }
        await staging.close();
        const batches = await sql.unsafe<{ sequence: string }[]>(
          `select sequence from "${schema}".batches where dataset = '${dataset}' order by sequence`,
        );
        assert.equal(batches.length, editions.length);
        for (const [n, edition] of editions.entries()) {
          const found = await rebuilt(`shop__${dataset}`, Number(batches[n]!.sequence));
          assert.deepEqual(found, expected(edition), `seed ${seed}, edition ${n}`);
        }
      }
    });
  }
});

/** Cells of editions with other dimensions are other cells. */
const cellOf = (row: Row): string => JSON.stringify([row["geo"], row["time_period"], row["sex"] ?? null]);
const contentOf = (row: Row): string => JSON.stringify([row["value"], row["text"], row["status"]]);
const dimensionsOf = (rows: readonly Row[]): string[] => [
  "geo",
  "time_period",
  ...(rows.some((row) => "sex" in row) ? ["sex"] : []),
];
