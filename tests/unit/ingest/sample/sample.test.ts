import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sampleFiles } from "../../../../scripts/make-sample.ts";
import { ingest } from "../cli/recorded.ts";
import { query } from "../landing/edition.ts";

const folder = join(import.meta.dirname, "../../../../ingest/sample");
const texts = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

type Document = {
  label: string;
  note: string[];
  value: Record<string, number>;
  status: Record<string, string>;
  extension: { annotation: { type: string }[]; status: { label: Record<string, string> } };
};
const documents = () => [...texts.values()].map((text) => JSON.parse(text) as Document);

test("the bundled sample is what the script makes, byte for byte (npx tsx scripts/make-sample.ts)", () => {
  const made = sampleFiles();
  assert.deepEqual([...texts.keys()].sort(), [...made.keys()].sort());
  for (const [name, text] of made) assert.ok(texts.get(name) === text, `${name} differs`);
});

test("the sample is a few hundred kilobytes", () => {
  const bytes = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  assert.ok(bytes > 200_000 && bytes < 500_000, String(bytes));
});

test("every document says that it is synthetic: in its label, its note and its annotations", () => {
  for (const { label, note, extension } of documents()) {
    assert.match(label, /^SYNTHETIC sample – /);
    assert.match(note[0] ?? "", /^SYNTHETIC: /);
    assert.equal(extension.annotation[0]?.type, "SYNTHETIC");
  }
});

test("the sample has what real documents have: all flags, combinations, secrecy, flags without a value, unordered keys", () => {
  const statuses = new Set(documents().flatMap(({ status }) => Object.values(status)));
  for (const flag of ["b", "d", "e", "f", "i", "m", "n", "p", "u", "bu", "bd", "ep", "pu", "|C", "p|C"]) {
    assert.ok(statuses.has(flag), `no "${flag}" among ${[...statuses].join(" ")}`);
  }
  for (const { value, status, extension } of documents()) {
    assert.deepEqual(new Set(Object.keys(extension.status.label)), new Set(Object.values(status)));
    for (const label of Object.values(extension.status.label)) assert.doesNotMatch(label, /undefined/);
    assert.ok(Object.keys(value).length > 400);
  }
  assert.ok(documents().some(({ value, status }) => Object.keys(status).some((key) => !(key in value))));
  for (const text of texts.values()) {
    // JSON.parse would put the keys in order: look at the text.
    const keys = [...text.slice(text.indexOf('"value"'), text.indexOf('"status"')).matchAll(/"(\d+)":/g)];
    assert.ok(keys.some(([, key], i) => i > 0 && Number(key) < Number(keys[i - 1]![1])));
  }
});

describe("the landed sample", () => {
  let landing: string;
  const files = (dataset: string, vintage = "*"): string =>
    `'${landing}/eurostat/${dataset}/${vintage}/observations.parquet'`;
  const oneRow = async (sql: string) => (await query(sql))[0];
  before(async () => {
    landing = mkdtempSync(join(tmpdir(), "statloom-sample-"));
    const landed = await ingest(["file", folder, "--landing", landing], { cwd: tmpdir() });
    assert.equal(landed.code, 0, landed.err);
  });
  after(() => rmSync(landing, { recursive: true, force: true }));

  test("has annual, monthly and quarterly periods, each with its dates", async () => {
    const rows = await query(
      `select frequency, min(period_start)::text as first, max(period_end)::text as last, count(*) filter (period_start is null)::int as undated
       from read_parquet([${files("hlth_silc_13")}, ${files("hlth_synth_m")}, ${files("hlth_synth_q")}], union_by_name = true) group by 1 order by 1`,
    );
    assert.deepEqual(rows, [
      { frequency: "A", first: "2016-01-01", last: "2024-12-31", undated: 0 },
      { frequency: "M", first: "2022-01-01", last: "2024-12-31", undated: 0 },
      { frequency: "Q", first: "2022-01-01", last: "2024-12-31", undated: 0 },
    ]);
  });

  test("is believable: totals lie between men and women, reasons add up, needs are a few per cent", async () => {
    const pivot = `with o as (from ${files("hlth_silc_13")}) select
      count(*)::int as cells,
      count(*) filter (t not between least(m, f) - 0.051 and greatest(m, f) + 0.051)::int as odd_totals
      from (pivot (select _vintage, wstatus, age, reason, geo, time_period, sex, value from o where value is not null)
        on sex in ('T' as t, 'M' as m, 'F' as f) using first(value)) where m is not null and f is not null`;
    const totals = await oneRow(pivot);
    assert.ok(Number(totals?.["cells"]) > 3000);
    assert.equal(totals?.["odd_totals"], 0);
    const reasons = await oneRow(`with p as (pivot
        (select _vintage, age, sex, geo, time_period, reason, value from ${files("hlth_silc_13")} where wstatus = 'POP')
        on reason using first(value))
      select count(*) filter (abs(toofar + tooexp + waiting - tooefw) > 0.2)::int as unequal,
        count(*) filter (abs(no_unmet + tooefw + oth - 100) > 0.2)::int as not_hundred from p`);
    assert.deepEqual(reasons, { unequal: 0, not_hundred: 0 });
    const range = await oneRow(
      `select min(value) as low, median(value) as middle, max(value) as high from ${files("hlth_silc_13")}
       where wstatus = 'POP' and reason = 'TOOEFW'`,
    );
    assert.ok(Number(range?.["low"]) >= 0 && Number(range?.["middle"]) < 5 && Number(range?.["high"]) < 20);
    const deaths = await oneRow(
      `with p as (pivot (select geo, time_period, age, sex, value from ${files("hlth_synth_m")}) on sex using first(value))
       select count(*)::int as cells, count(*) filter (t <> m + f)::int as wrong from p`,
    );
    assert.deepEqual(deaths, { cells: 1296, wrong: 0 });
  });

  test("has a second edition with a new year, revised values and withdrawn cells", async () => {
    const keys = "wstatus, age, sex, reason, geo, time_period";
    const changes = await oneRow(
      `select count(*) filter (b.geo is null)::int as removed,
        count(*) filter (a.geo is null)::int as added,
        count(*) filter (a.geo is null and time_period <> '2024')::int as added_early,
        count(*) filter (a.value <> b.value)::int as revised
       from ${files("hlth_silc_13", "2025-04-04T210000Z")} a full join ${files("hlth_silc_13", "2025-10-03T210000Z")} b using (${keys})`,
    );
    const { removed, added, added_early, revised } = changes ?? {};
    assert.ok(Number(removed) > 0 && Number(removed) < 20, `removed ${String(removed)}`);
    assert.ok(Number(added) > 1000 && added_early === 0, `added ${String(added)}`);
    assert.ok(Number(revised) > 100 && Number(revised) < 900, `revised ${String(revised)}`);
  });
});
