import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { query } from "../landing/edition.ts";
import { ingest } from "./recorded.ts";

const shared = join(import.meta.dirname, "../../../../../shared/data/jsonstat");
const skip = existsSync(shared) ? false : "the shared documents are not here";

describe("real documents", { skip }, () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "statloom-real-"));
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  const land = (file: string) => ingest(["file", join(shared, file), "--landing", "landing"], { cwd: root });

  test("hlth_silc_13 lands 62,070 rows, and nothing the second time", async () => {
    const first = await land("eurostat/hlth_silc_13.json");
    assert.match(
      first.out,
      /^landed eurostat\/hlth_silc_13 2025-04-04T210000Z: 62,070 rows, 52,460 numbers, 14,928 statuses, 0 rejected/,
    );
    assert.match((await land("eurostat/hlth_silc_13.json")).out, /^same .*nothing to do\n$/);
    const found = await query(
      `select count(*)::int as rows, count(value)::int as numbers, count(status)::int as statuses,
        count(distinct (wstatus, age, sex, reason, geo, time_period))::int as cells,
        count(*) filter (time_period = '2024' and (period_start, period_end) = ('2024-01-01'::date, '2024-12-31'::date))::int > 0 as dated
       from '${root}/landing/eurostat/hlth_silc_13/*/observations.parquet'`,
    );
    assert.deepEqual(found, [
      { rows: 62_070, numbers: 52_460, statuses: 14_928, cells: 62_070, dated: true },
    ]);
  });

  test("texts in place of numbers land as texts", async () => {
    const { out } = await land("eurostat/ds-059358.string-values.json");
    assert.match(out, /: 58 rows, 25 numbers, 33 texts, 0 statuses/);
  });

  test("a folder of everything lands what can be trusted and refuses the rest, one by one", async () => {
    const { code, out, err } = await land(".");
    assert.equal(code, 1);
    assert.ok(out.split("\n").filter((line) => line.startsWith("landed ")).length > 20);
    for (const file of [
      "html-instead-of-json",
      "response-scb-all-region",
      "table-metadata-example-jsonstat",
    ]) {
      assert.match(err, new RegExp(`^\\S*malformed/${file}\\.json:\\d+:\\d+ [A-Z_]+ `, "m"));
    }
    assert.equal((await ingest(["verify", "--landing", "landing"], { cwd: root })).code, 0);
  });
});
