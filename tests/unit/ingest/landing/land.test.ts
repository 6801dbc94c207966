import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { OperationError, UsageError } from "../../../../runner/base/errors.ts";
import { sha256 } from "../../../../runner/base/hash.ts";
import { listLanded } from "../../../../runner/project/landing.ts";
import type { Edition } from "../../../../ingest/landing/land.ts";
import { cells, freshLanding } from "./fresh-landing.ts";
import { edition, manyCells, query } from "./edition.ts";

// Hooks of a file would be those of all that share its process.
describe("landing", () => {
  const { root, land, folder, vintages, tree } = freshLanding();

  describe("a landed vintage", () => {
    test("has every row in the order of the source, with derived and constant columns", async () => {
      const landed = await land(edition(cells));
      assert.equal(landed.outcome, "landed");
      const rows = await query(`from '${folder()}/2025-04-04T210000Z/observations.parquet'`);
      const constant = {
        _dataset: "toy",
        _publisher: "eurostat",
        _vintage: "2025-04-04T210000Z",
        _extracted_at: "2025-05-01 10:20:30",
        _source: "toy.json",
        _batch_id: landed.vintage.batch_id,
      };
      const year = { period_start: "2023-01-01", period_end: "2023-12-31", frequency: "A" };
      const none = { value: null, value_text: null, status: null, confidentiality: null };
      assert.deepEqual(rows, [
        { geo: "DE", time_period: "2023", ...year, ...none, value: 1.5, ...constant },
        {
          geo: "quote'\"d",
          time_period: "2024-Q1",
          period_start: "2024-01-01",
          period_end: "2024-03-31",
          frequency: "Q",
          ...none,
          value: 0,
          status: "p",
          ...constant,
        },
        { geo: "FR", time_period: "2023", ...year, ...none, status: "m", ...constant },
        {
          geo: "FR",
          time_period: "someday",
          period_start: null,
          period_end: null,
          frequency: null,
          ...none,
          value_text: ":C\n}}",
          ...constant,
        },
      ]);
    });

    test("has plain types in Parquet: text, date, double, timestamp", async () => {
      await land(edition(cells));
      const columns = await query(`describe from '${folder()}/*/observations.parquet'`);
      assert.deepEqual(
        Object.fromEntries(columns.map((column) => [column["column_name"], column["column_type"]])),
        {
          geo: "VARCHAR",
          time_period: "VARCHAR",
          period_start: "DATE",
          period_end: "DATE",
          frequency: "VARCHAR",
          value: "DOUBLE",
          value_text: "VARCHAR",
          status: "VARCHAR",
          confidentiality: "VARCHAR",
          _dataset: "VARCHAR",
          _publisher: "VARCHAR",
          _vintage: "VARCHAR",
          _extracted_at: "TIMESTAMP",
          _source: "VARCHAR",
          _batch_id: "VARCHAR",
        },
      );
    });

    test("is listed with its counts, and every file with its size and hash", async () => {
      await land(edition(cells, { rejects: [{ key: "9", reason: "out of range" }] }), { maxRejected: 1 });
      const [vintage] = vintages();
      assert.ok(vintage);
      const { rows, numbers, texts, statuses, rejected, updated, extracted_at } = vintage;
      assert.deepEqual(
        { rows, numbers, texts, statuses, rejected, updated, extracted_at },
        {
          rows: 4,
          numbers: 2,
          texts: 1,
          statuses: 2,
          rejected: 1,
          updated: "2025-04-04T21:00:00Z",
          extracted_at: "2025-05-01T10:20:30Z",
        },
      );
      assert.deepEqual(
        vintage.files.map(({ path }) => path),
        ["dimensions.parquet", "header.json", "observations.parquet", "rejected.ndjson"],
      );
      for (const file of vintage.files) {
        const path = join(folder(), vintage.vintage, file.path);
        assert.equal(statSync(path).size, file.bytes);
        assert.equal(sha256(readFileSync(path)), file.sha256);
      }
      assert.deepEqual(tree(), [
        "eurostat",
        "eurostat/toy",
        "eurostat/toy/2025-04-04T210000Z",
        ...vintage.files.map(({ path }) => `eurostat/toy/2025-04-04T210000Z/${path}`),
        "eurostat/toy/vintages.json",
      ]);
      assert.deepEqual(listLanded(root()), [{ publisher: "eurostat", dataset: "toy" }]);
    });

    test("has a row a category in dimensions.parquet, and the header", async () => {
      await land(edition(cells));
      const rows = await query(`from '${folder()}/*/dimensions.parquet'`);
      assert.equal(rows.length, 6);
      assert.deepEqual(rows[2], {
        dimension: "geo",
        column_name: "geo",
        dimension_label: "Country",
        role: "geo",
        code: "quote'\"d",
        label: "label of quote'\"d",
        position: 2,
        parent: null,
        unit: null,
        decimals: null,
      });
      const header = readFileSync(join(folder(), "2025-04-04T210000Z/header.json"), "utf8");
      assert.deepEqual(JSON.parse(header), { label: "A toy" });
    });

    test("gives the same bytes for the same rows, over many batches", async () => {
      const many = manyCells(30_000);
      await land(edition(many));
      const first = vintages()[0]?.files;
      rmSync(folder(), { recursive: true });
      await land(edition(many, { batchRows: 777 }));
      assert.deepEqual(vintages()[0]?.files, first);
      const order = await query(
        `select bool_and(value * 10 = file_row_number) as kept from read_parquet('${folder()}/*/observations.parquet', file_row_number = true)`,
      );
      assert.deepEqual(order, [{ kept: true }]);
    });

    test("holds any number of codes: one, two and four bytes wide", async () => {
      for (const size of [255, 256, 65_535, 65_536]) {
        const geos = Array.from({ length: size }, (_, i) => `c${i}`);
        const ends = [geos[0]!, geos[size - 1]!];
        await land(
          edition(
            ends.map((geo) => ({ geo, time: "2023", value: 1 })),
            { geos, dataset: `wide${size}` },
          ),
        );
        const rows = await query(`select geo from '${root()}/eurostat/wide${size}/*/observations.parquet'`);
        assert.deepEqual(
          rows.map(({ geo }) => geo),
          ends,
        );
      }
    });
  });

  describe("content that has landed", () => {
    test("lands nothing when the bytes are the same", async () => {
      await land(edition(cells));
      const before = tree();
      const again = await land(edition(cells), { now: new Date("2026-01-01T00:00:00Z") });
      assert.deepEqual(
        [again.outcome, again.outcome === "unchanged" && again.same],
        ["unchanged", "document"],
      );
      assert.deepEqual(tree(), before);
      assert.equal(vintages().length, 1);
    });

    test("lands nothing when only the order differs, or the publisher's stamp", async () => {
      await land(edition(cells));
      const before = tree();
      for (const more of [{ sha256: "a".repeat(64) }, { updated: "2025-10-10T09:00:00Z" }]) {
        const again = await land(edition(cells.toReversed(), more));
        assert.deepEqual(
          [again.outcome, again.outcome === "unchanged" && again.same],
          ["unchanged", "content"],
        );
      }
      assert.deepEqual(tree(), before);
    });

    test("is told apart by a value, a status, a text, a missing row, a label", async () => {
      await land(edition(cells));
      const [first, ...rest] = cells;
      const relabelled = edition(cells).dimensions.map((dimension) => ({
        ...dimension,
        label: "another",
      }));
      const others: Edition[] = [
        edition([{ ...first!, value: 1.6 }, ...rest]),
        edition([{ ...first!, status: "p" }, ...rest]),
        edition([{ ...first!, text: "x" }, ...rest]),
        edition(rest),
        edition([{ ...first!, geo: "FR" }, ...rest]),
        { ...edition(cells), sha256: "b".repeat(64), dimensions: relabelled },
      ];
      for (const other of others) assert.equal((await land(other)).outcome, "landed");
      assert.deepEqual(
        vintages().map(({ vintage }) => vintage.slice(18)),
        ["", "-2", "-3", "-4", "-5", "-6", "-7"],
      );
    });

    test("is a new edition when it returns after something else", async () => {
      const at = (updated: string, value: number) =>
        edition([{ geo: "DE", time: "2023", value }], { updated, sha256: sha256(updated) });
      await land(at("2025-01-01T00:00:00Z", 1));
      await land(at("2025-02-01T00:00:00Z", 2));
      assert.equal((await land(at("2025-03-01T00:00:00Z", 1))).outcome, "landed");
    });
  });

  describe("the list", () => {
    test("is in order of publication, whatever the order of landing", async () => {
      const at = (updated: string | null, value: number) =>
        edition([{ geo: "DE", time: "2023", value }], { updated, sha256: sha256(String(value)) });
      await land(at("2025-10-03T21:00:00Z", 1));
      await land(at("2025-04-04T21:00:00Z", 2));
      await land(at(null, 3));
      assert.deepEqual(
        vintages().map(({ vintage, updated }) => [vintage, updated]),
        [
          ["2025-04-04T210000Z", "2025-04-04T21:00:00Z"],
          ["2025-05-01T102030Z", null],
          ["2025-10-03T210000Z", "2025-10-03T21:00:00Z"],
        ],
      );
    });

    test("that cannot be read stops the landing and is left as it is", async () => {
      await land(edition(cells));
      const path = join(folder(), "vintages.json");
      for (const broken of ["{", "{}", JSON.stringify({ version: 2 })]) {
        writeFileSync(path, broken);
        await assert.rejects(land(edition(manyCells(3))), { code: "VINTAGES_INVALID" });
        assert.equal(readFileSync(path, "utf8"), broken);
      }
      rmSync(path);
      await assert.rejects(land(edition(manyCells(3))), { code: "VINTAGES_LOST" });
      assert.ok(existsSync(join(folder(), "2025-04-04T210000Z/observations.parquet")));
    });
  });

  describe("a landing that fails", () => {
    const failing = (message: string): Edition =>
      edition(manyCells(10_000), {
        onBatch: (given) => {
          if (given > 5000) throw new OperationError("TRUNCATED", message);
        },
      });

    test("throws what the source threw and leaves no trace where nothing was", async () => {
      let closed = 0;
      const onClose = (): void => void closed++;
      const onBatch = (): never => {
        throw new OperationError("TRUNCATED", "cut");
      };
      await assert.rejects(land(edition(cells, { onBatch, onClose })), {
        code: "TRUNCATED",
        message: "cut",
      });
      assert.equal(closed, 1);
      assert.deepEqual(tree(), []);
    });

    test("leaves what was there before as it was", async () => {
      await land(edition(cells));
      const before = tree().map((path) => [path, statSync(join(root(), path)).mtimeMs]);
      const list = readFileSync(join(folder(), "vintages.json"), "utf8");
      await assert.rejects(land(failing("cut")), { code: "TRUNCATED" });
      assert.equal(readFileSync(join(folder(), "vintages.json"), "utf8"), list);
      assert.deepEqual(
        tree(),
        before.map(([path]) => path),
      );
    });

    test("is stopped by an abort between two batches", async () => {
      const controller = new AbortController();
      const stopping = edition(manyCells(10_000), {
        onBatch: (given) => {
          if (given > 3000) controller.abort(new OperationError("CANCELLED", "stopped"));
        },
      });
      await assert.rejects(land(stopping, { signal: controller.signal }), { code: "CANCELLED" });
      assert.deepEqual(tree(), []);
    });

    test("because too many cells were rejected names the first of them", async () => {
      const rejects = [{ key: "77", reason: "no such\u001b cell" }];
      await assert.rejects(land(edition(cells, { rejects })), (error) => {
        assert.ok(error instanceof OperationError);
        assert.equal(error.code, "REJECTED_TOO_MANY");
        assert.match(error.message, /^1 cell of 5 could not be landed, at most 1 % of them/);
        assert.match(error.message, /"key":"77"/);
        return true;
      });
      assert.deepEqual(tree(), []);
      assert.equal((await land(edition(cells, { rejects }), { maxRejected: 0.2 })).outcome, "landed");
      await assert.rejects(land(edition(manyCells(5), { rejects }), { maxRejected: 0 }), {
        code: "REJECTED_TOO_MANY",
      });
    });

    test("because an edition is empty where the one before was not", async () => {
      assert.equal((await land(edition([], { dataset: "fresh" }))).outcome, "landed");
      await land(edition(cells));
      await assert.rejects(land(edition([])), { code: "EDITION_EMPTY" });
      assert.equal((await land(edition([]), { allowEmpty: true })).vintage.rows, 0);
    });
  });

  describe("names", () => {
    test("that could not be a folder are refused before anything is written", async () => {
      const bad = [
        "../x",
        "..",
        "a/b",
        "a\\b",
        "",
        ".hidden",
        "a..b",
        "x".repeat(101),
        "a b",
        "é",
        "a\0",
        "a.",
      ];
      for (const name of bad) {
        for (const more of [{ dataset: name }, { publisher: name }]) {
          await assert.rejects(
            land(edition(cells, more)),
            (error) => error instanceof UsageError && error.code === "NAME_INVALID",
            JSON.stringify(name),
          );
        }
      }
      assert.deepEqual(tree(), []);
    });

    test("are folders in lower case", async () => {
      await land(edition(cells, { publisher: "EUROSTAT", dataset: "DS-045409" }));
      assert.deepEqual(listLanded(root()), [{ publisher: "eurostat", dataset: "ds-045409" }]);
    });
  });
});
