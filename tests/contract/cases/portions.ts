import assert from "node:assert/strict";
import { buildMicrobatch } from "../../../runner/execute/build-microbatch.ts";
import { buildModel } from "../../../runner/execute/build-node.ts";
import { createMetaTables } from "../../../runner/execute/warehouse-state.ts";
import { isMicrobatch } from "../../../runner/plan/microbatch/plan-microbatch.ts";
import { inputOf } from "../../../runner/plan/portion.ts";
import type { Portion, Reading } from "../../../runner/plan/portion.ts";
import { modelNode, snapshotNode } from "../../unit/runner/plan/nodes.ts";
import type { ContractCase } from "../adapter-contract.ts";
import { context } from "./builds.ts";

const at = (month: number, day: number): number => Date.UTC(2024, month - 1, day);
const sample: Portion = { kind: "sample", span: { start: at(1, 2), end: at(1, 4) } };
const days = "select cast('2024-01-0' || i as date) as day from generate_series(1, 5) s(i)";

export const portionCases: readonly ContractCase[] = [
  {
    title: "an input is empty, a sample of itself by its event time, or whole",
    async body(session, db) {
      await buildModel(modelNode("days"), days, await context(session, db));
      const reader = modelNode("reader");
      const rows = async (eventTime: string | null, reading: Reading, node = reader): Promise<number> => {
        const input = inputOf("shop.days", eventTime, node, reading, db.dialect);
        return (await session.query(`select day from ${input} as d`)).rows.length;
      };
      assert.equal(await rows("day", {}), 5);
      assert.equal(await rows(null, { portion: { kind: "empty" } }), 0);
      assert.equal(await rows("day", { portion: sample }), 2);
      assert.equal(await rows(null, { portion: sample }), 5);
      assert.equal(await rows("day", { portion: sample }, snapshotNode("reader") as never), 2);
      const batch = { start: at(1, 3), end: at(1, 6), uniqueId: reader.uniqueId };
      assert.equal(await rows("day", { batch }), 3);
      assert.equal(await rows("day", { batch, portion: sample }), 1);
      assert.equal(await rows("day", { batch: { ...batch, uniqueId: "model.shop.other" } }), 5);
    },
  },
  {
    title: "batches that hold a part of their rows are built again by the next whole run",
    async body(session, db) {
      await createMetaTables(session, db.dialect);
      const node = modelNode("orders", {
        materialized: "incremental",
        incremental_strategy: "microbatch",
        event_time: "day",
        begin: "2024-01-01",
        batch_size: "day",
        lookback: 0,
      });
      assert.ok(isMicrobatch(node));
      const run = async (isPartial: boolean): Promise<number> => {
        const { results } = await buildMicrobatch(
          node,
          {
            now: at(1, 5),
            window: isPartial ? { start: at(1, 2), end: at(1, 4) } : null,
            isPartial,
            compile: () => days,
          },
          await context(session, db),
        );
        return results.length;
      };
      assert.equal(await run(false), 4);
      assert.equal(await run(false), 0);
      assert.equal(await run(true), 2);
      assert.equal(await run(false), 2);
    },
  },
];
