import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { HttpOptions } from "../../ingest/http/create-http.ts";
import { createHttp } from "../../ingest/http/create-http.ts";
import { HttpError } from "../../ingest/http/http-error.ts";
import type { Wanted } from "../../ingest/publishers/publisher.ts";
import { allowPublisher, openPublisher } from "../../ingest/publishers/registry.ts";
import { readVintages } from "../../runner/project/landing.ts";
import { ingest } from "../unit/ingest/cli/recorded.ts";
import { edition } from "../unit/ingest/sync/tiny.ts";
import { Library } from "../support/publisher/library.ts";
import type { Dataset } from "../support/publisher/slice.ts";
import type { LocalPublisher, PublisherOptions } from "../support/publisher/start.ts";
import { startPublisher } from "../support/publisher/start.ts";
import { tempFolder, writeFiles } from "../support/temp.ts";

export type Contestant = {
  /** A publisher of this type by a name that is known. */
  readonly name: string;
  /** Which of the local publisher's libraries it gives. */
  readonly library: "eurostat" | "pxweb" | "pxstat" | "files";
  readonly restyle: (dataset: Dataset) => Dataset;
  /** How the project names a dataset, and what of it may be selected. */
  readonly codeOf: (dataset: string) => string;
  readonly urlOf?: (publisher: LocalPublisher, dataset: string) => string;
  readonly time: string;
  readonly has: {
    readonly catalog: boolean;
    readonly feed: boolean;
    readonly selection: boolean;
    readonly probe: boolean;
    /** Splits what is too big. */
    readonly parts: boolean;
  };
};

/** What every publisher must do, asked of each against the local one. */
export function publisherContract(contestant: Contestant): void {
  const { name, library: kind, has, restyle } = contestant;
  const now = new Date("2026-01-05T12:00:00Z");

  const start = async (options: PublisherOptions = {}) => {
    const library = new Library();
    for (const [code, seed] of [
      ["toy_a", 1],
      ["toy_b", 2],
    ] as const)
      library.publish(
        code,
        restyle(edition(code, "2026-01-01T11:00:00+0100", seed)),
        new Date("2026-01-01T10:00:00Z"),
      );
    const local = await startPublisher({ [kind]: library, now: () => now, ...options });
    after(() => local.close());
    const clock = { now: () => now, random: () => 0, sleep: async () => undefined };
    const http = createHttp({ env: {}, clock, signal: new AbortController().signal } satisfies HttpOptions);
    after(() => http.close());
    const publisher = await openPublisher(name, { configs: {}, env: local.env });
    await allowPublisher(http, publisher, undefined);
    const wanted = (more: Partial<Wanted> = {}): Wanted => ({
      code: contestant.codeOf("toy_a"),
      filters: {},
      ...(contestant.urlOf && { url: contestant.urlOf(local, "toy_a") }),
      ...more,
    });
    const sync = async (keys: string, ...words: string[]) => {
      const url = contestant.urlOf === undefined ? "" : `, url: "${contestant.urlOf(local, "toy_a")}"`;
      const cwd = writeFiles(tempFolder(), {
        "sql_project.yaml": `name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  publishers: {${name}: {concurrency: 8}}\n  datasets:\n    - {publisher: ${name}, code: "${contestant.codeOf("toy_a")}"${url}${keys}}\n`,
      });
      const run = () => ingest(["sync", ...words], { cwd, env: local.env, now: now.toISOString() });
      return {
        ...(await run()),
        again: run,
        vintages: () => readVintages(`${cwd}/data/landing`, name, "toy_a"),
      };
    };
    return { library, local, http, publisher, wanted, sync };
  };

  describe(`the publisher ${name}`, () => {
    test("lands a dataset whole, once", async () => {
      const { sync } = await start();
      const { code, out, err, again, vintages } = await sync("");
      assert.equal(code, 0, err);
      assert.match(out, /landed \S+\/toy_a 2026-01-01T100000Z: 6 rows/);
      assert.match((await again()).out, /1 unchanged/);
      assert.deepEqual(
        vintages().map(({ rows, numbers, statuses }) => [rows, numbers, statuses]),
        [[6, 5, 1]],
      );
    });

    test("lists what there is", { skip: !has.catalog && "it has no catalogue" }, async () => {
      const { publisher, http } = await start();
      const entries = [];
      for await (const entry of publisher.catalog(http)) entries.push(entry);
      const found = entries.find(({ code }) => publisher.datasetName(code) === "toy_a");
      assert.deepEqual(
        [found?.code, found?.title, found?.updated?.slice(0, 10)],
        [contestant.codeOf("toy_a"), "Toy toy_a", "2026-01-01"],
      );
      assert.ok((found?.themes[0]?.length ?? 0) > 0, "a theme");
    });

    test("tells what has changed", { skip: !has.feed && "it has no feed" }, async () => {
      const { publisher, http, library } = await start();
      library.publish(
        "toy_b",
        restyle(edition("toy_b", "2026-01-05T11:00:00+0100", 3)),
        new Date("2026-01-05T10:00:00Z"),
      );
      const feed = await publisher.changes!(http, { since: "2026-01-04T00:00:00Z", now });
      const change = feed.changes.find(({ at }) => at === "2026-01-05T10:00:00Z");
      assert.equal(publisher.datasetName(change?.code ?? ""), "toy_b");
      assert.ok(feed.coversFrom <= "2026-01-04T00:00:00Z");
      const twice = await publisher.changes!(http, { since: "2026-01-04T00:00:00Z", now });
      assert.deepEqual(
        twice.changes.map(({ guid }) => guid),
        feed.changes.map(({ guid }) => guid),
      );
    });

    test("describes a dataset with the codes that can occur", async () => {
      const { publisher, http, wanted } = await start();
      const { title, dimensions } = await publisher.describe(http, wanted());
      assert.equal(title, "Toy toy_a");
      const geo = dimensions.find(({ id }) => id === "geo");
      assert.deepEqual(
        [geo?.label, geo?.codes],
        [
          "Country",
          [
            { code: "DE", label: "Germany" },
            { code: "FR", label: "France" },
            { code: "IT", label: "Italy" },
          ],
        ],
      );
      const time = dimensions.find(({ role }) => role === "time");
      assert.deepEqual(
        time?.codes.map(({ code }) => code),
        ["2023", "2024"],
      );
      assert.deepEqual(dimensions.map(({ id }) => id).at(-1), time?.id);
    });

    test(
      "tells by a small question whether a dataset changed",
      { skip: !has.probe && "a conditional request does it" },
      async () => {
        const { publisher, http, wanted, library } = await start();
        assert.equal((await publisher.probe(http, wanted())).updated, "2026-01-01T10:00:00Z");
        library.publish("toy_a", restyle(edition("toy_a", "2026-01-05T11:00:00+0100", 3)), now);
        assert.equal((await publisher.probe(http, wanted())).updated, "2026-01-05T10:00:00Z");
      },
    );

    test(
      "lands what is selected, and finds codes and dimensions that the publisher does not know",
      { skip: !has.selection && "documents come whole" },
      async () => {
        const { sync, publisher, wanted } = await start();
        assert.deepEqual(
          (await sync(", filters: {geo: [DE, IT]}")).vintages().map(({ rows }) => rows),
          [4],
        );
        assert.deepEqual(
          (await sync(", since: 2024")).vintages().map(({ rows }) => rows),
          [3],
        );
        assert.deepEqual(
          (await sync(", until: 2023, filters: {geo: FR}")).vintages().map(({ rows }) => rows),
          [1],
        );
        assert.deepEqual(
          (await sync(", last: 1")).vintages().map(({ rows }) => rows),
          [3],
        );
        const unknown = await sync(", filters: {geo: [DE, FX]}");
        assert.deepEqual([unknown.code, unknown.vintages()], [1, []]);
        assert.match(unknown.err, /CODES_UNKNOWN|REQUEST_REFUSED/);
        const misspelt = await sync(", filters: {goe: [DE]}");
        assert.equal(misspelt.code, 1);
        assert.match(misspelt.err, /CODES_UNKNOWN .*did you mean "geo"|REQUEST_REFUSED .*goe/);
        assert.equal(
          publisher.check(wanted({ since: "2024", until: "2020" })).length,
          1,
          "a range that is the wrong way round",
        );
        assert.equal(publisher.check(wanted({ since: "2020-13" })).length, 1, "a month that is none");
      },
    );

    test(
      "fetches in parts what is too big, as one edition",
      { skip: !has.parts && "it gives everything whole" },
      async () => {
        const { sync, local } = await start({ maxCells: 1 });
        const { code, out, err, vintages } = await sync("");
        assert.equal(code, 0, err);
        assert.match(out, /split .*parts|split .*cut by/);
        const whole = (await (await start()).sync("")).vintages()[0]!;
        const [vintage, ...others] = vintages();
        assert.deepEqual(
          [vintage!.rows, vintage!.numbers, vintage!.content, others],
          [6, 5, whole.content, []],
        );
        assert.ok(local.asked.length > 6);
      },
    );

    test("says what it has not, and is not asked again", async () => {
      const { local, publisher, http, wanted } = await start();
      const request = publisher.request(
        wanted({
          code: contestant.codeOf("nothing"),
          ...(contestant.urlOf && { url: contestant.urlOf(local, "nothing") }),
        }),
        has.parts && name !== "eurostat" ? { geo: ["DE"] } : {},
      );
      const asked = local.asked.length;
      const judge = (answered: Parameters<typeof publisher.judge>[0]) => publisher.judge(answered);
      await assert.rejects(
        http.read(request, { judge }),
        (error: unknown) =>
          error instanceof HttpError && !error.retryable && /UNKNOWN|NOT_FOUND/.test(error.code),
      );
      assert.equal(local.asked.length, asked + 1);
    });

    test("survives what passes: pages of HTML, resets, refusals, answers cut short", async () => {
      for (const fault of [
        "html",
        "503",
        "reset",
        "refuse",
        "429",
        "truncated-gzip",
        "wrong-length",
        "empty",
        "truncated-json",
      ] as const) {
        let left = 2;
        const { sync } = await start({ fault: () => (left-- > 0 ? fault : undefined) });
        const { code, err, vintages } = await sync("");
        assert.equal(code, 0, `${fault}: ${err}`);
        assert.equal(vintages().length, 1, fault);
      }
    });
  });
}
