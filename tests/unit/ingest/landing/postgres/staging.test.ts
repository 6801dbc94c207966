import assert from "node:assert/strict";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { openStaging } from "../../../../../ingest/landing/postgres/open-staging.ts";
import type { Staging } from "../../../../../ingest/landing/postgres/open-staging.ts";
import type { StagingOptions } from "../../../../../ingest/landing/postgres/staging.ts";
import { connect, postgresForTests } from "../../../../support/postgres.ts";
import { editionOf } from "./editions.ts";
import type { Row } from "./editions.ts";

const server = await postgresForTests();

describe("staging in PostgreSQL", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);
  const schema = `staging_${process.pid}`;
  let staging: Staging;
  const open = (more: Partial<StagingOptions> = {}) =>
    openStaging({ url: server.url, schema, keepDocuments: "header", ...more });
  beforeEach(() => {
    staging = open();
  });
  afterEach(async () => {
    await staging.close();
    await sql.unsafe(`drop schema if exists "${schema}" cascade`);
  });
  after(() => sql.end());

  const rowsOf = (table: string, columns = "*", order = "1, 2, 3") =>
    sql
      .unsafe(`select ${columns} from "${schema}".${table} order by ${order}`)
      .then((rows) => rows.map((row) => Object.fromEntries(Object.entries(row))));
  const cells = () => rowsOf('"shop__toy"', "geo, time_period, value");
  const counts = { rows: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0 };
  const two: Row[] = [
    { geo: "DE", time_period: "2023", value: 1.5 },
    { geo: "FR", time_period: "2023", value: -2, status: "p" },
  ];

  test("lands the rows of a first edition with their types and origin", async () => {
    const staged = await staging.stage(editionOf(1, two));
    assert.deepEqual(
      { ...staged, seconds: 0 },
      {
        outcome: "loaded",
        table: `${schema}.shop__toy`,
        counts: { ...counts, rows: 2, inserted: 2 },
        seconds: 0,
      },
    );
    assert.deepEqual((await rowsOf('"shop__toy"'))[0], {
      geo: "DE",
      time_period: "2023",
      period_start: new Date("2023-01-01T00:00:00Z"),
      period_end: new Date("2023-12-31T00:00:00Z"),
      frequency: "A",
      value: 1.5,
      value_text: null,
      status: null,
      confidentiality: null,
      _dataset: "toy",
      _publisher: "shop",
      _vintage: "2025-01-02T000000Z",
      _extracted_at: new Date("2025-01-02T06:00:00Z"),
      _source: "toy-1.json",
      _batch_id: editionOf(1, two).batchId,
    });
    const [batch] = await rowsOf("batches");
    assert.deepEqual(
      [batch!["rows_in"], batch!["inserted"], batch!["vintage"]],
      ["2", "2", "2025-01-02T000000Z"],
    );
    assert.deepEqual(await rowsOf("documents", "dataset, vintage, header, path"), [
      { dataset: "toy", vintage: "2025-01-02T000000Z", header: { label: "A toy" }, path: null },
    ]);
  });

  test("does nothing when an edition comes again", async () => {
    await staging.stage(editionOf(1, two));
    const before = await rowsOf('"shop__toy"', "*, ctid, xmin");
    const again = await staging.stage(editionOf(1, two));
    assert.deepEqual([again.outcome, again.counts], ["already", counts]);
    assert.deepEqual(await rowsOf('"shop__toy"', "*, ctid, xmin"), before);
    assert.equal((await rowsOf("batches")).length, 1);
  });

  test("leaves every row alone when a new edition says the same", async () => {
    await staging.stage(editionOf(1, two));
    const before = await rowsOf('"shop__toy"', "*, ctid, xmin");
    const again = await staging.stage(editionOf(2, [...two].reverse()));
    assert.deepEqual([again.outcome, again.counts], ["loaded", { ...counts, rows: 2, unchanged: 2 }]);
    assert.deepEqual(await rowsOf('"shop__toy"', "*, ctid, xmin"), before);
    assert.deepEqual(await rowsOf('"shop__toy__revisions"'), []);
    assert.deepEqual(await rowsOf("batches", "vintage, unchanged", "1"), [
      { vintage: "2025-01-02T000000Z", unchanged: "0" },
      { vintage: "2025-01-03T000000Z", unchanged: "2" },
    ]);
  });

  test("inserts, updates and deletes the difference and keeps what was replaced", async () => {
    await staging.stage(editionOf(1, [...two, { geo: "IT", time_period: "2022", value: 9 }]));
    const next = [
      { geo: "DE", time_period: "2023", value: 1.6 },
      two[1]!,
      { geo: "ES", time_period: "2024", value: 4 },
    ];
    const staged = await staging.stage(editionOf(2, next));
    assert.deepEqual(staged.counts, { rows: 3, inserted: 1, updated: 1, deleted: 1, unchanged: 1 });
    assert.deepEqual(await rowsOf('"shop__toy"', "geo, time_period, value, _vintage"), [
      { geo: "DE", time_period: "2023", value: 1.6, _vintage: "2025-01-03T000000Z" },
      { geo: "ES", time_period: "2024", value: 4, _vintage: "2025-01-03T000000Z" },
      { geo: "FR", time_period: "2023", value: -2, _vintage: "2025-01-02T000000Z" },
    ]);
    assert.deepEqual(await rowsOf('"shop__toy__revisions"', "geo, value, _vintage, _change, _replaced_by"), [
      {
        geo: "DE",
        value: 1.5,
        _vintage: "2025-01-02T000000Z",
        _change: "revised",
        _replaced_by: "2025-01-03T000000Z",
      },
      {
        geo: "IT",
        value: 9,
        _vintage: "2025-01-02T000000Z",
        _change: "deleted",
        _replaced_by: "2025-01-03T000000Z",
      },
    ]);
  });

  test("finds the rows of a later batch by an index", async () => {
    const many = Array.from({ length: 5000 }, (_, i): Row => ({
      geo: `G${i}`,
      time_period: "2023",
      value: i,
    }));
    await staging.stage(editionOf(1, many));
    const next = editionOf(2, [{ ...many[0]!, value: -1 }, ...many.slice(1)]);
    await staging.stage(next);
    const plan = await sql.unsafe(
      `explain select * from "${schema}"."shop__toy" where _batch_id = '${next.batchId}'`,
    );
    assert.match(JSON.stringify(plan), /shop__toy__batch/);
  });

  test("never puts an older edition in place of a newer one", async () => {
    await staging.stage(editionOf(2, two));
    assert.equal(
      (await staging.stage(editionOf(1, [{ geo: "X", time_period: "1", value: 1 }]))).outcome,
      "older",
    );
    await staging.stage(editionOf(3, [two[0]!]));
    assert.equal((await staging.stage(editionOf(2, two))).outcome, "older");
    assert.deepEqual(await cells(), [{ geo: "DE", time_period: "2023", value: 1.5 }]);
  });

  test("keeps hostile codes and texts as they are", async () => {
    const nasty = [
      "\\",
      "\\N",
      "\\.",
      "a\tb",
      "a\nb",
      "a\r\nb",
      "'; drop table x; --",
      '"',
      "",
      "é 日本 💶",
      "null",
      "\\\\t",
      " x ",
    ];
    const rows = nasty.map((geo, i): Row => ({
      geo,
      time_period: "2023",
      text: nasty[nasty.length - 1 - i]!,
    }));
    await staging.stage(editionOf(1, rows, { source: 'it\'s "here"\\\n' }));
    const found = await sql.unsafe(`select geo, value_text, _source from "${schema}"."shop__toy"`);
    const sorted = (list: readonly object[]): string[] => list.map((row) => JSON.stringify(row)).sort();
    assert.deepEqual(
      sorted(found.map(({ geo, value_text }) => ({ geo, value_text }) as object)),
      sorted(rows.map(({ geo, text }) => ({ geo, value_text: text }))),
    );
    assert.equal(found[0]!["_source"], 'it\'s "here"\\\n');
    // Through the comparison as well: half of them revised, and back again.
    const revised = rows.map((row, i): Row => (i % 2 ? { ...row, text: `${row["text"]}\\` } : row));
    assert.equal((await staging.stage(editionOf(2, revised))).counts.updated, Math.floor(nasty.length / 2));
    assert.equal((await staging.stage(editionOf(3, rows))).counts.updated, Math.floor(nasty.length / 2));
  });

  test("keeps numbers bit by bit, rows with only a status, and texts that come instead of numbers", async () => {
    const numbers = [
      0,
      -0,
      1e300,
      5e-324,
      0.1 + 0.2,
      123456789012345680,
      1 / 3,
      -99.95,
      1e15,
      999999999999999,
      0.001,
      1.0005,
      2 ** 53,
      -1e-7,
      100,
      1234.5,
    ];
    const rows: Row[] = [
      ...numbers.map((value, i) => ({ geo: `n${i}`, time_period: "2023", value })),
      { geo: "status", time_period: "2023", status: "c" },
      { geo: "text", time_period: "not a period", text: "n/a" },
    ];
    await staging.stage(editionOf(1, rows));
    const found = await sql.unsafe(`select * from "${schema}"."shop__toy"`);
    for (const [i, number] of numbers.entries()) {
      const got = found.find(({ geo }) => geo === `n${i}`)!["value"] as number;
      assert.ok(got === number, `${number} became ${got}`);
    }
    const status = found.find(({ geo }) => geo === "status")!;
    assert.deepEqual([status["value"], status["value_text"], status["status"]], [null, null, "c"]);
    const text = found.find(({ geo }) => geo === "text")!;
    assert.deepEqual([text["value"], text["value_text"], text["period_start"]], [null, "n/a", null]);
  });

  test("gives a new dimension a column, and old rows nothing in it", async () => {
    await staging.stage(editionOf(1, two));
    const sexes = ["F", "M"].flatMap((sex) => two.map((row): Row => ({ ...row, sex })));
    const staged = await staging.stage(editionOf(2, sexes));
    assert.deepEqual(staged.counts, { rows: 4, inserted: 4, updated: 0, deleted: 2, unchanged: 0 });
    assert.deepEqual(await rowsOf('"shop__toy"', "geo, sex, value"), [
      { geo: "DE", sex: "F", value: 1.5 },
      { geo: "DE", sex: "M", value: 1.5 },
      { geo: "FR", sex: "F", value: -2 },
      { geo: "FR", sex: "M", value: -2 },
    ]);
    assert.deepEqual(await rowsOf('"shop__toy__revisions"', "geo, sex, _change"), [
      { geo: "DE", sex: null, _change: "deleted" },
      { geo: "FR", sex: null, _change: "deleted" },
    ]);
    assert.deepEqual(await rowsOf("migrations", "change, name, type"), [
      { change: "add_dimension", name: "sex", type: "text" },
      { change: "create_table", name: "shop__toy", type: null },
    ]);
    // The dimension counts from now on …
    assert.equal((await staging.stage(editionOf(3, sexes.slice(1)))).counts.deleted, 1);
    // … and may go again.
    const gone = await staging.stage(editionOf(4, two));
    assert.deepEqual(gone.counts, { rows: 2, inserted: 2, updated: 0, deleted: 3, unchanged: 0 });
    assert.deepEqual((await staging.stage(editionOf(5, [two[0]!]))).counts, {
      rows: 1,
      inserted: 0,
      updated: 0,
      deleted: 1,
      unchanged: 1,
    });
  });

  test("keeps datasets apart, also where names are long or join to the same", async () => {
    const names = [
      ["a", "b__c"],
      ["a__b", "c"],
      ["p", "x"],
      ["p", "x__revisions"],
      ["q", "y".repeat(90)],
      ["q", `${"y".repeat(89)}z`],
    ] as const;
    for (const [i, [publisher, dataset]] of names.entries()) {
      const rows = [{ geo: "DE", time_period: "2023", value: i }];
      const { table } = await staging.stage(editionOf(1, rows, { publisher, dataset }));
      const found = await sql.unsafe(`select value from ${table.replace(/^(\w+)\.(.*)$/, '"$1"."$2"')}`);
      assert.deepEqual([...found], [{ value: i }], table);
    }
  });

  test("takes cubes without time, without dimensions and without rows", async () => {
    const single = { dataset: "single", keys: [] };
    await staging.stage(editionOf(1, [{ value: 3 }], single));
    assert.deepEqual((await staging.stage(editionOf(2, [{ value: 4 }], single))).counts, {
      rows: 1,
      inserted: 0,
      updated: 1,
      deleted: 0,
      unchanged: 0,
    });
    assert.deepEqual(await rowsOf('"shop__single"', "value", "1"), [{ value: 4 }]);
    await staging.stage(editionOf(1, [], { dataset: "empty", keys: ["geo"] }));
    assert.equal(
      (await staging.stage(editionOf(2, [{ geo: "DE", value: 1 }], { dataset: "empty" }))).counts.inserted,
      1,
    );
    assert.equal(
      (await staging.stage(editionOf(3, [], { dataset: "empty", keys: ["geo"] }))).counts.deleted,
      1,
    );
    assert.equal(
      (await staging.stage(editionOf(4, [], { dataset: "empty", keys: ["geo"] }))).counts.unchanged,
      0,
    );
  });

  test("escapes columns that PostgreSQL has of its own, and cuts long ones without losing any", async () => {
    const [a, b] = [`${"ä".repeat(40)}a`, `${"ä".repeat(40)}b`];
    const row: Row = { xmin: "1", ctid: "2", 'qu"ote': "3", [a]: "4", [b]: "5", value: 1 };
    await staging.stage(editionOf(1, [row]));
    assert.deepEqual((await staging.stage(editionOf(2, [{ ...row, value: 2 }]))).counts.updated, 1);
    assert.equal(Object.keys((await rowsOf('"shop__toy"', "*", "1"))[0]!).length, 5 + 4 + 6);
  });

  test("partitions by year where told, with the rest beside, and makes new years as they come", async () => {
    const yearly = open({ partitionByPeriod: "year" });
    const rows = ["2022", "2023", "unknown"].map((time_period): Row => ({
      geo: "DE",
      time_period,
      value: 1,
    }));
    await yearly.stage(editionOf(1, rows));
    const next = [
      ...rows.slice(1),
      { geo: "DE", time_period: "2024", value: 5 },
      { geo: "DE", time_period: "0033", value: 1 },
    ];
    assert.deepEqual((await yearly.stage(editionOf(2, next))).counts, {
      rows: 4,
      inserted: 2,
      updated: 0,
      deleted: 1,
      unchanged: 2,
    });
    const places = await sql.unsafe(
      `select tableoid::regclass::text as at, count(*)::int as n from "${schema}"."shop__toy" group by 1 order by 1`,
    );
    assert.deepEqual(
      places.map(({ at, n }) => [String(at).split("__").at(-1), n]),
      [
        ["rest", 1],
        ["y0033", 1],
        ["y2023", 1],
        ["y2024", 1],
      ],
    );
    assert.deepEqual((await yearly.stage(editionOf(3, rows))).counts, {
      rows: 3,
      inserted: 1,
      updated: 0,
      deleted: 2,
      unchanged: 2,
    });
    await yearly.close();
  });

  test("says what stands in the way", async () => {
    await sql.unsafe(`create schema "${schema}"; create table "${schema}"."shop__toy" (a int)`);
    await assert.rejects(staging.stage(editionOf(1, two)), { code: "STAGING_FOREIGN" });
    const twice = [two[0]!, two[0]!];
    await assert.rejects(staging.stage(editionOf(1, twice, { dataset: "twice" })), {
      code: "STAGING_FAILED",
      message: /23505/,
    });
    await staging.stage(editionOf(1, two, { dataset: "twice" }));
    await assert.rejects(staging.stage(editionOf(2, [...two, two[0]!], { dataset: "twice" })), {
      code: "STAGING_ROWS",
    });
    await assert.rejects(staging.stage(editionOf(1, [{ geo: "a\0b", value: 1 }], { dataset: "nul" })), {
      code: "TEXT_INVALID",
    });
    await assert.rejects(
      staging.stage(editionOf(1, [{ geo: "a", value: 1 }, { value: 2 }], { dataset: "hole" })),
      { code: "CELL_INCOMPLETE" },
    );
    // None of this hurts the connection.
    assert.equal((await staging.stage(editionOf(1, two, { dataset: "fine" }))).outcome, "loaded");
  });

  test("keeps headers that jsonb cannot hold as they are, as far as it can", async () => {
    const header = { label: "a\0b\ud800", list: [1, null, { "\0": true }] };
    await staging.stage(editionOf(1, two, { header, document: "eurostat/toy/x/document.json.gz" }));
    assert.deepEqual(await rowsOf("documents", "header, path", "1"), [
      { header: { label: "a�b�", list: [1, null, { "�": true }] }, path: "eurostat/toy/x/document.json.gz" },
    ]);
  });

  test("never tells the address of the server", async () => {
    for (const url of [
      "postgres://me:secret@127.0.0.1:1/x",
      "postgres://me:secret@[bad",
      "mysql://me:secret@x/y",
    ]) {
      await assert.rejects(
        async () => {
          const broken = open({ url });
          try {
            await broken.stage(editionOf(1, two));
          } finally {
            await broken.close();
          }
        },
        (error: Error & { hint?: string }) =>
          !`${error.stack}${error.hint}${JSON.stringify(error)}`.includes("secret"),
        url,
      );
    }
  });
});
