import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Fault } from "../../../support/publisher/faults.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import type { PublisherOptions } from "../../../support/publisher/start.ts";
import { edition, tinyLibrary } from "./tiny.ts";
import { world } from "./world.ts";

/** Eurostat with some toys, and a project that wants them, by one clock. */
async function setting(codes: readonly string[], options: PublisherOptions = {}) {
  const clock = { now: new Date("2026-01-05T12:00:00Z") };
  const publisher = await startPublisher({
    eurostat: tinyLibrary(),
    pauseMs: 5,
    now: () => clock.now,
    ...options,
  });
  after(() => publisher.close());
  return {
    publisher,
    clock,
    ...world(
      publisher,
      codes.map((code) => ({ code })),
      clock,
    ),
  };
}

const passing: readonly Fault[] = [
  "slow",
  "reset",
  "refuse",
  "429",
  "429-date",
  "503",
  "html",
  "truncated-gzip",
  "truncated-json",
  "wrong-length",
  "empty",
  "async",
];

describe("what goes wrong on the way", () => {
  for (const fault of passing)
    test(`${fault}: is got over`, async () => {
      let left = 2;
      const { sync, vintages, events } = await setting(["toy_a"], {
        fault: ({ path }) => (path.includes("toy_a") && left-- > 0 ? fault : undefined),
      });

      assert.deepEqual(
        (await sync()).map(({ kind }) => kind),
        ["landed"],
      );
      assert.deepEqual(vintages("toy_a"), ["2026-01-01T100000Z"]);
      if (fault !== "slow") assert.equal(events.filter(({ kind }) => kind === "retry").length, 2);
    });

  test("stall: an answer that stands still is asked for again", async () => {
    let left = 1;
    const { sync } = await setting(["toy_a"], { fault: () => (left-- > 0 ? "stall" : undefined) });

    assert.deepEqual(
      (await sync()).map(({ kind }) => kind),
      ["landed"],
    );
  });

  test("413: what is too big comes in parts, cut by geo and then by time, as one vintage", async () => {
    const { sync, vintages, events } = await setting(["toy_a"], { maxCells: 1 });

    const [result] = await sync();
    assert.ok(result?.kind === "landed" && result.rows === 6);
    assert.equal(vintages("toy_a").length, 1);
    const cuts = events.flatMap((event) =>
      event.kind === "split" ? [/cut by (\w+)/.exec(event.message)?.[1]] : [],
    );
    assert.deepEqual([cuts[0], cuts.at(-1)], ["geo", "time"]);
  });

  test("a part without any result is no failure, where others have some", async () => {
    const { publisher, sync } = await setting(["toy_c"], { maxCells: 2 });
    const whole = edition("toy_c", "2026-01-01T11:00:00+0100", 1);
    publisher.eurostat.publish(
      "toy_c",
      { ...whole, value: { "0": 1 }, status: {} },
      new Date("2026-01-01T10:00:00Z"),
    );
    const [result] = await sync();
    assert.ok(result?.kind === "landed" && result.rows === 1);
  });

  test("redirect: to another host is a failure that is not repeated", async () => {
    const { publisher, sync } = await setting(["toy_a"], { fault: () => "redirect" });

    const [result] = await sync();
    assert.ok(result?.kind === "failed" && result.code === "REDIRECT_REFUSED" && result.dead);
    assert.equal(publisher.asked.length, 1);
  });

  test("new edition between probe and download: the newer one lands, once", async () => {
    const { publisher, sync, vintages, clock } = await setting(["toy_a"]);

    await sync();
    publisher.eurostat.publish(
      "toy_a",
      edition("toy_a", "2026-01-03T11:00:00+0100", 3),
      new Date("2026-01-03T10:00:00Z"),
    );
    publisher.eurostat.prepare("toy_a", edition("toy_a", "", 4));
    clock.now = new Date("2026-01-06T12:00:00Z");
    publisher.setFault(({ path }) => (path.includes("lastTimePeriod=1") ? "new-edition" : undefined));
    await sync();
    publisher.setFault(undefined);
    assert.deepEqual(
      (await sync()).map(({ kind }) => kind),
      ["unchanged"],
    );
    assert.equal(vintages("toy_a").length, 2);
  });

  test("new edition between two parts: both are fetched anew", async () => {
    let left = 1;
    const { publisher, sync, vintages, events } = await setting(["toy_a"], {
      maxCells: 2,
      fault: ({ path }) => (/geo=DE/.test(path) && left-- > 0 ? "new-edition" : undefined),
    });
    publisher.eurostat.prepare("toy_a", edition("toy_a", "", 4));
    const [result] = await sync();
    assert.equal(result?.kind, "landed");
    assert.ok(events.some((event) => event.kind === "retry" && event.code === "EDITION_MIXED"));
    assert.equal(vintages("toy_a").length, 1);
  });

  test("an answer that is older than announced is asked for again later, and not for ever", async () => {
    const { publisher, sync, feed, state, clock } = await setting(["toy_a"]);

    await sync();
    clock.now = new Date("2026-01-06T12:00:00Z");
    await feed();
    // Announced, while the cache still gives what was before.
    publisher.eurostat.changes.push({
      code: "toy_a",
      at: new Date("2026-01-06T10:00:00Z"),
      kind: "UPDATED_DATASET_DATA",
      title: "x",
    });
    assert.deepEqual(
      (await feed()).due.map(({ by }) => by),
      ["feed"],
    );
    await sync({ due: true });
    assert.equal(state("toy_a").failure?.code, "EDITION_BEHIND");
    assert.deepEqual(await sync({ due: true }), [], "it waits");
    clock.now = new Date("2026-01-06T13:00:00Z");
    assert.equal((await sync({ due: true })).length, 1);
    clock.now = new Date("2026-01-08T13:00:00Z");
    await sync({ due: true });
    assert.deepEqual([state("toy_a").due, state("toy_a").failure], [null, null]);
  });

  test("what fails waits longer each time, is given up, and comes back when something newer is announced", async () => {
    const { publisher, sync, feed, state, clock } = await setting(["toy_a"], { fault: () => "503" });

    const waits = [];
    for (let hour = 0; hour < 60 && state("toy_a").failure?.dead !== true; hour++) {
      for (const result of await sync({ due: true }))
        if (result.kind === "failed" && result.retryAt !== null)
          waits.push((Date.parse(result.retryAt) - clock.now.getTime()) / 60_000);
      clock.now = new Date(clock.now.getTime() + 6 * 3_600_000);
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
    assert.deepEqual(await sync({ due: true }), []);
    publisher.setFault(undefined);
    publisher.eurostat.publish(
      "toy_a",
      edition("toy_a", "2026-01-09T11:00:00+0100", 3),
      new Date(clock.now.getTime() - 3_600_000),
    );
    await feed();
    assert.deepEqual(
      (await sync({ due: true })).map(({ kind }) => kind),
      ["landed"],
    );
  });

  test("a thousand faults in a row lose nothing and land nothing twice", async () => {
    // A generator of its own, so that a failure can be had again.
    let seed = 42;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const codes = Array.from({ length: 8 }, (_, i) => `toy_${i}`);
    let faults = 0;
    const kinds = passing.filter((fault) => fault !== "slow");
    const { publisher, sync, feed, state, vintages, clock, events } = await setting(codes, {
      eurostat: tinyLibrary(codes),
      untidyFeed: true,
      pauseMs: 1,
      fault() {
        if (faults >= 1000 || random() >= 0.75) return undefined;
        faults++;
        return kinds[Math.floor(random() * kinds.length)];
      },
    });
    const expected = new Map(codes.map((code) => [code, ["2026-01-01T100000Z"]]));
    const isOpen = (code: string): boolean => {
      const { succeeded, due, failure } = state(code);
      return succeeded === null || due !== null || failure !== null;
    };
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 40 && codes.some(isOpen); i++) {
        await sync({ due: true });
        clock.now = new Date(clock.now.getTime() + 4 * 3_600_000);
      }
    };
    await settle();
    for (let round = 0; faults < 1000; round++) {
      clock.now = new Date(clock.now.getTime() + 9 * 3_600_000);
      const at = clock.now;
      for (const code of codes.filter(() => random() < 0.12)) {
        const updated = `${at.toISOString().slice(0, 19)}+0000`;
        publisher.eurostat.publish(code, edition(code, updated, round + 100), at);
        expected.get(code)!.push(`${at.toISOString().slice(0, 19).replaceAll(":", "")}Z`);
      }
      // Neither may be had, which is a failure of this time and none of the next.
      for (let tried = 0; ; tried++) {
        try {
          await feed();
          break;
        } catch (error) {
          if (tried === 20) throw error;
        }
      }
      await settle();
      await sync();
    }
    assert.equal(faults, 1000);
    await settle();
    const given = events.filter((event) => event.kind === "failed" && event.dead);
    assert.deepEqual(given, [], "nothing that passes is given up");
    for (const code of codes) assert.deepEqual(vintages(code), expected.get(code), code);
  });
});
