import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { parquetReadObjects } from "hyparquet";
import { exportTables } from "../../../../runner/api/docs/export-tables.ts";
import type { ExportOptions } from "../../../../runner/api/docs/export-tables.ts";
import { openProject } from "../../../../runner/api/open-project.ts";
import { withSession } from "../../../../runner/api/with-session.ts";
import { realEffects } from "../../../../runner/base/effects.ts";
import type { ExploreFiles } from "../../../../runner/docs/explore-files.ts";
import { serve } from "../../../../runner/docs/serve/serve.ts";
import type { Served } from "../../../../runner/docs/serve/serve.ts";
import { generateSite } from "../../../../runner/docs/write-site.ts";
import { buildEngine } from "../../../../scripts/build-engine.mjs";
import { openBrowser, withoutBrowser } from "../../../support/browser.ts";
import type { Page } from "../../../support/browser.ts";
import { makeProject, models } from "../../../support/models.ts";
import { untilText, untilTrue, violationsOf } from "../../../support/page-checks.ts";
import { builtPages } from "../../../support/site.ts";
import { hostile } from "../../../support/site-artifacts.ts";

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const table = (sql: string, config = ""): string => `{{ config(materialized='table'${config}) }} ${sql}`;
const project = makeProject({
  "models/marts/trend.sql": table(
    `select geo, 2000 + y as year, case when geo = 'DE' then 10 else 20 end + y * 0.5 as share, date '2000-02-03' + cast(y as integer) as day
     from (values ('DE'), ('FR'), (${literal(hostile)})) g(geo), range(10) r(y)`,
  ),
  "models/marts/kinds.sql": table(
    `select 9007199254740993 as big, 1.25::decimal(9, 2) as exact, true as flag, [1, 2] as list, null::integer as none,
       timestamp '2001-02-03 04:05:06' as at, 'NaN'::double as nan, 'ü "x", y' as words`,
  ),
  "models/marts/secret.sql": table("select 1 as a", ", access='private', group='g'"),
  "models/marts/kept.sql": table("select 1 as a", ", meta={'explore': false}"),
  "models/marts/hidden.sql": table("select 1 as a", ", docs={'show': false}"),
  "models/marts/long.sql": table("select * from range(2000)"),
  "models/other.sql": table("select 1 as a", ", meta={'explore': true}"),
  "models/unasked.sql": table("select 1 as a"),
  "models/_groups.yml": "groups: [{name: g, owner: {name: ana}}]",
});

async function exported(options: Partial<ExportOptions> = {}): Promise<ExploreFiles> {
  const open = await openProject({ projectDir: project }, realEffects());
  return withSession(open.project.target, undefined, async (session) =>
    exportTables(open, await session.catalog(["main"]), session, {
      select: [],
      rows: 1000,
      megabytes: 1,
      ...options,
    }),
  );
}
const rowsOf = (files: ExploreFiles, name: string): Promise<Record<string, unknown>[]> => {
  const { file } = files.data.tables.find((each) => each.name === name)!;
  return parquetReadObjects({ file: new Uint8Array(files.files.get(file)!).buffer });
};

describe("tables to explore", () => {
  before(async () => {
    const { code, out, err } = await models(project, ["build"]);
    assert.equal(code, 0, out + err);
  });

  test("are what may be seen and is not too long, each a Parquet file", async () => {
    const files = await exported();
    assert.deepEqual(files.data.tables.map(({ name, rows }) => `${name} ${rows}`).toSorted(), [
      "kinds 1",
      "other 1",
      "trend 30",
    ]);
    assert.deepEqual(files.data.leftOut, [{ name: "long", reason: "it has more than 1,000 rows" }]);
    assert.equal(files.files.size, 3);
    assert.deepEqual(await rowsOf(files, "kinds"), [
      {
        big: 9007199254740993n,
        exact: 1.25,
        flag: true,
        list: "[1, 2]",
        none: null,
        at: new Date("2001-02-03T04:05:06Z"),
        nan: NaN,
        words: 'ü "x", y',
      },
    ]);
    assert.equal((await rowsOf(files, "trend"))[0]!["day"] instanceof Date, true);
  });

  test("are those that a selector names, as far as there is room", async () => {
    const { data } = await exported({ select: ["path:models/marts", "unasked"], megabytes: 0.002 });
    assert.equal(
      data.tables.some(({ name }) => name === "secret" || name === "kept"),
      false,
    );
    assert.ok(
      data.leftOut.some(({ reason }) => reason === "all files together would be larger than 0.002 MB"),
    );
  });

  describe("in a browser", { skip: withoutBrowser }, () => {
    let page: Page;
    let served: Served;
    const folder = join(project, "target/docs");
    before(async () => {
      const pages = await builtPages();
      buildEngine(pages.folder);
      mkdirSync(join(folder, "explore"), { recursive: true });
      writeFileSync(join(folder, "explore/99.parquet"), "of a table that is private now");
      await generateSite(join(project, "target"), null, pages.folder, { explore: await exported() });
      pages.remove();
      served = await serve(folder, { port: 0 });
      page = await openBrowser();
    });
    after(async () => {
      await page[Symbol.asyncDispose]();
      await served.close();
    });
    const until = (words: string) => untilText(page, words);
    const text = async (): Promise<string> => String(await page.evaluate("document.body.innerText"));
    const click = (words: string) =>
      page.evaluate(
        `[...document.querySelectorAll("button")].find((button) => button.innerText.startsWith(${JSON.stringify(words)})).click()`,
      );
    /** The page is kept: DuckDB is started once. */
    const run = async (sql: string, expected: string): Promise<void> => {
      await page.evaluate("document.querySelector('.explore-sql').select()");
      await page.type(sql);
      await click("Run");
      await until(expected);
    };
    /** What is handed to whoever looks, as base64. */
    const downloaded = async (button: string): Promise<Buffer> => {
      await page.evaluate(
        "globalThis.made ??= URL.createObjectURL; URL.createObjectURL = (blob) => { globalThis.blob = blob; return made(blob); }",
      );
      await click(button);
      const base64 = await page.evaluate(
        "blob.arrayBuffer().then((bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))))",
      );
      return Buffer.from(String(base64), "base64");
    };

    test("what was exported before and is not any more is gone", () => {
      assert.equal(existsSync(join(folder, "explore/99.parquet")), false);
      assert.match(
        readFileSync(join(folder, "explore.html"), "utf8"),
        /script-src 'self' 'wasm-unsafe-eval'/,
      );
      assert.doesNotMatch(readFileSync(join(folder, "index.html"), "utf8"), /wasm-unsafe-eval/);
    });

    test("a query that a link holds is run", async () => {
      const sql = encodeURIComponent("select geo, year, share, day from trend order by all");
      await page.open(`${served.url}explore.html#/explore?sql=${sql}`);
      await until("30 rows");
      assert.match(await text(), /DE\s+2000\s+10\s+2000-02-03/);
      assert.deepEqual(await violationsOf(page), []);
    });

    test("its result comes as CSV and as Parquet", async () => {
      const csv = (await downloaded("CSV")).toString();
      assert.match(csv, /^geo,year,share,day\r\n[^]*\r\nDE,2000,10,2000-02-03\r\n/);
      assert.equal(csv.trimEnd().split("\r\n").length, 31);
      const bytes = await downloaded("Parquet");
      const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
      assert.deepEqual(rows[10], { geo: "DE", year: 2000, share: 10, day: "2000-02-03" });
      assert.equal(rows.length, 30);
    });

    test("it is drawn as lines, bars and small multiples, and the address keeps which", async () => {
      await click("Chart");
      await until("A line for each");
      const count = (selector: string) =>
        page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
      assert.equal(await count(".plot-line"), 3);
      assert.match(String(await page.evaluate("location.hash")), /chart=line&x=day&y=share&by=geo/);
      assert.deepEqual(await violationsOf(page), []);
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      assert.deepEqual(await violationsOf(page), []);
      await click("Bars");
      await until("each bar is the last value");
      assert.equal(await count(".plot-bar"), 3);
      await click("Small multiples");
      await untilTrue(page, "document.querySelectorAll('.multiples figure').length === 3");
      assert.ok((await text()).includes(hostile));
      assert.equal(await page.evaluate("document.querySelectorAll('main script, main img').length"), 0);
      await page.resize({ width: 390, height: 844 });
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
      await page.resize({ width: 1440, height: 900 });
      await click("Table");
    });

    test("every type comes through", async () => {
      await run("from kinds", "1 row ·");
      assert.match(
        await text(),
        /9007199254740993\s+1\.25\s+true\s+\[1, 2\]\s+null\s+2001-02-03 04:05:06\s+NaN\s+ü "x", y/,
      );
    });

    test("what is wrong is said in DuckDB's words, and nothing but reading is done", async () => {
      await run("select nothing from trend", 'Referenced column "nothing" not found');
      await run("create table x as select 1", "read-only mode");
      await run("select 1; select 2", "Expected a single statement");
      await run("copy trend to 'x.csv'", "file system operations are disabled");
      await run("from read_csv('https://example.com/a.csv')", "file system operations are disabled");
      await run("set enable_external_access = true", "configuration has been locked");
      await run("select count(*) as c from trend", "1 row ·");
    });

    test("nobody else was asked for anything, and nothing was complained of", async () => {
      const asked = (await page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).protocol === 'blob:' ? location.host : new URL(name).host)",
      )) as string[];
      assert.deepEqual([...new Set(asked)], [new URL(served.url).host]);
      assert.deepEqual(page.complaints, []);
    });

    test("from a folder it says that it needs a server, and how to have one", async () => {
      await page.open(`${pathToFileURL(join(folder, "index.html")).href}#/explore`);
      const before = page.complaints.length;
      await until("npx models docs serve");
      assert.equal(page.complaints.length, before);
    });
  });
});
