import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, test } from "node:test";
import { UsageError } from "../../../../runner/base/errors.ts";
import { duckdb } from "../../../../runner/dialects/duckdb.ts";
import { observationFiles } from "../../../../runner/project/landing.ts";
import { cells, freshLanding } from "./fresh-landing.ts";
import { edition, query } from "./edition.ts";

// Hooks of a file would be those of all that share its process.
describe("landing in partitions", () => {
  const { root, land, folder, vintages, tree } = freshLanding();

  describe("partitions", () => {
    test("are folders of whole files, listed as the vintage's observations", async () => {
      await land(edition(cells), { partitionBy: ["geo"] });
      const [vintage] = vintages();
      const files = observationFiles(root(), "eurostat", "toy", vintage!);
      assert.equal(files.length, 3);
      assert.ok(files[0]!.endsWith("2025-04-04T210000Z/geo=DE/part-0.parquet"), files[0]);
      const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(",");
      const rows = await query(
        `select geo, count(*)::int as n from read_parquet([${list}], hive_partitioning = false) group by 1 order by 1`,
      );
      assert.deepEqual(rows, [
        { geo: "DE", n: 1 },
        { geo: "FR", n: 2 },
        { geo: "quote'\"d", n: 1 },
      ]);
    });

    test("by year are those that periods start in; what has no date is apart", async () => {
      await land(edition(cells), { partitionBy: ["year"] });
      const files = observationFiles(root(), "eurostat", "toy", vintages()[0]!);
      const folders = files.map((file) => basename(dirname(file)));
      assert.deepEqual(folders, ["year=2023", "year=2024", "year=__HIVE_DEFAULT_PARTITION__"]);
      const rows = await query(
        `select year, period_start, count(*)::int as n from ${duckdb.readParquet(files)} group by all order by 1`,
      );
      assert.deepEqual(rows, [
        { year: "2023", period_start: "2023-01-01", n: 2 },
        { year: "2024", period_start: "2024-01-01", n: 1 },
        { year: null, period_start: null, n: 1 },
      ]);
    });

    test("by an unknown column or into too many files are refused, and nothing is written", async () => {
      await assert.rejects(land(edition(cells), { partitionBy: ["goe"] }), {
        code: "PARTITION_UNKNOWN",
        hint: 'did you mean "geo"?',
      });
      const geos = Array.from({ length: 400 }, (_, i) => `c${i}`);
      await assert.rejects(
        land(edition([], { geos }), { partitionBy: ["geo", "time_period"] }),
        (error) => error instanceof UsageError && error.code === "PARTITIONS_TOO_MANY",
      );
      assert.deepEqual(tree(), []);
    });

    test("never leave the vintage, whatever the codes are", async () => {
      const geos = ["..", "../../x", "a/b", "", "%2e", "a\nb"];
      await land(
        edition(
          geos.map((geo) => ({ geo, time: "2023", value: 1 })),
          { geos },
        ),
        { partitionBy: ["geo"] },
      );
      assert.deepEqual(readdirSync(root()), ["eurostat"]);
      assert.deepEqual(readdirSync(folder()).sort(), ["2025-04-04T210000Z", "vintages.json"]);
      const list = observationFiles(root(), "eurostat", "toy", vintages()[0]!)
        .map((file) => `'${file}'`)
        .join(",");
      const rows = await query(`select geo from read_parquet([${list}], hive_partitioning = false)`);
      assert.deepEqual(new Set(rows.map(({ geo }) => geo)), new Set(geos));
    });
  });
});
