import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judgeSync } from "../../../../ingest/observe/judge-sync.ts";
import { observeSync } from "../../../../ingest/observe/observe-sync.ts";
import type { SyncEnd, SyncEvent } from "../../../../ingest/sync/events.ts";
import { alertsSchema } from "../../../../runner/project/alerts-schema.ts";
import { readBatchLog } from "../../../../runner/project/batch-log.ts";
import { startReceiver } from "../../../support/receivers.ts";
import { tempFolder } from "../../../support/temp.ts";

const done = { seconds: 1, bytes: 10, retries: 0, updated: null };
const of = (end: SyncEnd): SyncEvent => ({
  publisher: "p",
  dataset: "d",
  at: "2025-05-01T00:00:00Z",
  ...end,
});
const landed = (more: object = {}): SyncEvent =>
  of({ kind: "landed", vintage: "v", rows: 100, rejected: 0, drift: [], ...done, ...more });
const failed = (dead: boolean): SyncEvent =>
  of({
    kind: "failed",
    code: "HTTP_503",
    message: "no",
    hint: null,
    attempts: 2,
    retryAt: dead ? null : "x",
    dead,
    ...done,
  });
const rules = alertsSchema.parse({});
const wrong = (event: SyncEvent, before = { rows: 100 as number | null, seconds: [1, 1, 1] }): string[] =>
  judgeSync(event, rules, before).flatMap(({ rule, finding }) =>
    finding ? [`${finding.severity} ${rule}`] : [],
  );

describe("what people are told of ingestion", () => {
  test("nothing, where all is well", () => {
    assert.deepEqual(wrong(landed()), []);
    assert.deepEqual(wrong(of({ kind: "unchanged", told: "probe", ...done })), []);
    assert.deepEqual(
      wrong(landed({ rows: 10 }), { rows: null, seconds: [] }),
      [],
      "a first edition has nothing before it",
    );
  });
  test("a failure that is tried again warns, one that is given up is an error", () => {
    assert.deepEqual(wrong(failed(false)), ["warn failed_run"]);
    assert.deepEqual(wrong(failed(true)), ["error failed_run"]);
  });
  test("cells rejected, rows gone, time taken, an edition that waits", () => {
    assert.deepEqual(wrong(landed({ rejected: 1 })), ["warn rejected_share"]);
    assert.deepEqual(wrong(landed({ rows: 74 })), ["warn rows_fallen"]);
    assert.deepEqual(wrong(landed({ rows: 75 })), []);
    assert.deepEqual(wrong(landed({ seconds: 40 })), ["warn slower_than_usual"]);
    assert.deepEqual(
      wrong(landed({ seconds: 40 }), { rows: 100, seconds: [1, 1] }),
      [],
      "two times are no habit",
    );
    const drift = [{ kind: "rows_fallen", action: "fail", message: "90 % of the rows are gone" }] as never;
    assert.deepEqual(wrong(of({ kind: "held", vintage: "v", rows: 10, rejected: 0, drift, ...done })), [
      "error failed_run",
      "warn rows_fallen",
    ]);
  });
  test("is noted for meta.ingest_batches, and told once and when it is well", async () => {
    const { url, received } = await startReceiver();
    const root = tempFolder();
    const alerts = alertsSchema.parse({ channels: [{ name: "h", type: "webhook", url }] });
    const observe = async (event: SyncEvent): Promise<void> => {
      const observer = observeSync({ root, landing: root, name: "t", alerts }, () => new Date(0));
      observer.see(event);
      assert.deepEqual(await observer.tell(), []);
    };
    await observe(failed(true));
    await observe(failed(true));
    await observe(of({ kind: "unchanged", told: "probe", ...done }));
    await observe(of({ kind: "skipped", message: "", ...done }));
    assert.deepEqual(
      received.map(({ body }) => [(body["firing"] as []).length, (body["resolved"] as []).length]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    const log = readBatchLog(root, new Map()).map(({ batch }) => [batch.outcome, batch.code]);
    assert.deepEqual(log, [
      ["failed", "HTTP_503"],
      ["failed", "HTTP_503"],
      ["unchanged", null],
    ]);
  });
});
