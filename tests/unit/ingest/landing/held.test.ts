import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readVintages } from "../../../../runner/project/landing.ts";
import { acceptHeld, discardHeld } from "../../../../ingest/landing/accept.ts";
import { driftPolicy } from "../../../../ingest/landing/drift-policy.ts";
import { readHeld } from "../../../../ingest/landing/held-folder.ts";
import { landEdition } from "../../../../ingest/landing/land.ts";
import type { LandOptions } from "../../../../ingest/landing/land.ts";
import { withScratch } from "../../../../ingest/landing/scratch.ts";
import { verifyVintage } from "../../../../ingest/landing/verify-vintage.ts";
import { edition, manyCells } from "./edition.ts";
import { killAt } from "./kill-at.ts";

// Hooks of a file would be those of all that share its process.
describe("holding back", () => {
  let landing: string;
  beforeEach(() => {
    landing = mkdtempSync(join(tmpdir(), "statloom-held-"));
  });
  afterEach(() => rmSync(landing, { recursive: true, force: true }));

  const toy = { publisher: "eurostat", dataset: "toy" };
  const dataset = () => join(landing, "eurostat/toy");
  const listed = () => readVintages(landing, "eurostat", "toy");
  const names = () => listed().map(({ vintage }) => vintage);
  const held = () => readHeld(dataset(), listed()).map(({ vintage }) => vintage.vintage);
  const options = (more: Partial<LandOptions> = {}): LandOptions => ({ landing, now: new Date(), ...more });
  const land = (count: number, updated: string, more: Partial<LandOptions> = {}) =>
    landEdition(edition(manyCells(count), { updated: `${updated}T00:00:00Z` }), options(more));
  const [first, second, third] = ["2025-01-01T000000Z", "2025-02-01T000000Z", "2025-03-01T000000Z"] as const;

  /** Nothing but whole, listed vintages and what waits. */
  async function assertWhole(): Promise<void> {
    const waiting = held().length > 0 ? ["held"] : [];
    assert.deepEqual(readdirSync(dataset()).sort(), [...names(), ...waiting, "vintages.json"].sort());
    for (const vintage of listed())
      assert.deepEqual(await withScratch((scratch) => verifyVintage(scratch, landing, toy, vintage)), []);
  }

  describe("an edition that changed too much", () => {
    beforeEach(async () => {
      await land(100, "2025-01-01");
      const kept = await land(10, "2025-02-01");
      assert.equal(kept.outcome, "held");
    });

    test("can be discarded, and waits again when its document comes again", async () => {
      assert.equal(await discardHeld(landing, toy, third), false);
      assert.equal(await discardHeld(landing, toy, second), true);
      assert.deepEqual([names(), held()], [[first], []]);
      await assertWhole();
      assert.equal((await land(10, "2025-02-01")).outcome, "held");
      assert.deepEqual(held(), [second]);
    });

    test("is kept aside whole, with its reasons, and the edition before stays the newest", async () => {
      assert.deepEqual(names(), [first]);
      const [waiting] = readHeld(dataset(), listed());
      assert.equal(waiting?.vintage.vintage, second);
      assert.deepEqual(
        waiting.findings.map(({ kind }) => kind),
        ["rows_fallen"],
      );
      const files = readdirSync(join(dataset(), "held", second, "files")).sort();
      assert.deepEqual(
        files,
        waiting.vintage.files.map(({ path }) => path),
      );
      await assertWhole();
    });

    test("waits once, however often its document comes", async () => {
      const again = await land(10, "2025-02-01");
      assert.equal(again.outcome, "held");
      assert.equal(again.vintage.vintage, second);
      assert.deepEqual(held(), [second]);
      await assertWhole();
    });

    test("lands when it comes again and the policy has changed, and waits no more", async () => {
      const again = await land(10, "2025-02-01", { drift: driftPolicy({ rows_fallen: "warn" }) });
      assert.equal(again.outcome, "landed");
      assert.deepEqual("drift" in again && again.drift.map(({ action }) => action), ["warn"]);
      assert.deepEqual(names(), [first, second]);
      await assertWhole();
    });

    test("is listed when it is accepted, its files untouched; accepting it twice changes nothing", async () => {
      assert.deepEqual(await acceptHeld(landing, toy, second), { outcome: "accepted", current: true });
      assert.deepEqual(names(), [first, second]);
      await assertWhole();
      const list = readFileSync(join(dataset(), "vintages.json"), "utf8");
      assert.deepEqual(await acceptHeld(landing, toy, second), { outcome: "already", current: true });
      assert.equal(readFileSync(join(dataset(), "vintages.json"), "utf8"), list);
      assert.deepEqual(await acceptHeld(landing, toy, third), { outcome: "unknown", current: false });
      assert.equal((await land(10, "2025-02-01")).outcome, "unchanged");
    });

    test("takes its place in history when it is accepted after a newer one landed", async () => {
      assert.equal((await land(101, "2025-03-01")).outcome, "landed");
      assert.deepEqual(await acceptHeld(landing, toy, second), { outcome: "accepted", current: false });
      assert.deepEqual(names(), [first, second, third]);
      await assertWhole();
    });

    test("is judged against the edition before it in time, and one older than all against none", async () => {
      assert.equal((await land(11, "2025-01-15")).outcome, "held");
      assert.equal((await land(12, "2024-12-01")).outcome, "landed");
      assert.deepEqual(held(), ["2025-01-15T000000Z", second]);
    });

    test("does not share its name with another of the same instant", async () => {
      const other = await land(99, "2025-02-01");
      assert.equal(other.outcome, "landed");
      assert.equal(other.vintage.vintage, `${second}-2`);
      await acceptHeld(landing, toy, second);
      assert.equal(listed().length, 3);
      await assertWhole();
    });

    for (const moment of ["moved", "listing", "listed"]) {
      test(`is waiting or listed, and whole, when accepting it is killed at "${moment}"`, async () => {
        await killAt(join(import.meta.dirname, "accept-in-child.ts"), [landing, moment, second]);
        const wasListed = moment === "listed";
        assert.deepEqual(names(), wasListed ? [first, second] : [first]);
        assert.deepEqual(held(), wasListed ? [] : [second]);
        const { outcome } = await acceptHeld(landing, toy, second);
        assert.equal(outcome, wasListed ? "already" : "accepted");
        assert.deepEqual(names(), [first, second]);
        await assertWhole();
      });

      test(`survives a landing after accepting it was killed at "${moment}"`, async () => {
        await killAt(join(import.meta.dirname, "accept-in-child.ts"), [landing, moment, second]);
        await land(102, "2025-03-01");
        await assertWhole();
        assert.equal(existsSync(join(dataset(), "held", second, "files")), moment !== "listed");
      });
    }

    test("cannot be judged against an edition that is damaged, which is said", async () => {
      rmSync(join(dataset(), first, "dimensions.parquet"));
      await assert.rejects(land(90, "2025-04-01"), { code: "PREVIOUS_UNREADABLE" });
      assert.deepEqual(names(), [first]);
    });
  });

  test("a landing that is killed while its edition is put aside leaves nothing of it", async () => {
    await land(100, "2025-01-01");
    await killAt(join(import.meta.dirname, "accept-in-child.ts"), [landing, "aside", ""]);
    assert.deepEqual(held(), []);
    assert.equal((await land(10, "2025-02-01")).outcome, "held");
    await assertWhole();
  });
});
