import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { writeArtifact } from "../../../../runner/artifacts/write-artifacts.ts";
import type { ArtifactName } from "../../../../runner/artifacts/write-artifacts.ts";
import { serve } from "../../../../runner/docs/serve/serve.ts";
import { generateSite } from "../../../../runner/docs/write-site.ts";
import { openBrowser, withoutBrowser } from "../../../support/browser.ts";
import type { Page } from "../../../support/browser.ts";
import { untilText, untilTrue } from "../../../support/page-checks.ts";
import { builtPages } from "../../../support/site.ts";
import { hostile, siteArtifacts, siteObserved } from "../../../support/site-artifacts.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("the site in a browser", { skip: withoutBrowser }, () => {
  const target = mkdtempSync(join(tmpdir(), "statloom-browser-site-"));
  let home = "";
  let page: Page;
  before(async () => {
    for (const [name, artifact] of Object.entries(siteArtifacts))
      writeArtifact(target, name as ArtifactName, artifact);
    const pages = await builtPages();
    home = pathToFileURL(await generateSite(target, siteObserved, pages.folder)).href;
    pages.remove();
    page = await openBrowser();
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    rmSync(target, { recursive: true });
  });
  const text = async (): Promise<string> => String(await page.evaluate("document.body.innerText"));
  const until = (words: string) => untilText(page, words);
  const show = async (hash: string, words: string, width = 1440): Promise<void> => {
    await page.open(`${home}${hash}`, { width, height: 900 });
    await until(words);
  };
  /** What axe finds in the page as it is; `rules` are all of them unless some are named. */
  const violations = (rules: readonly string[] = []): Promise<unknown> =>
    page.evaluate(
      `axe.run({ preload: false, ${rules.length > 0 ? `runOnly: ${JSON.stringify(rules)}` : ""} })
        .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]))`,
    );

  const places: readonly (readonly [hash: string, words: string])[] = [
    ["#/", "The published tables are fine"],
    ["#/nodes", "The board"],
    ["#/node/model.shop.fct_sales", "Past builds"],
    ["#/node/source.shop.raw.orders", "5 revised"],
    ["#/runs", "Critical path"],
    ["#/runs/slowest", "fct_sales"],
    ["#/runs/tests", "unique"],
    ["#/runs/alerts", "well again"],
    ["#/runs/ingestion", "raw.orders"],
    ["#/catalogue", "Stocks of goods"],
    ["#/node/test.shop.unique_stg_orders_id", "unique"],
  ];
  test("opens from a folder", async () => {
    await show("", "The published tables are fine");
    await page.evaluate(axe);
  });
  for (const [hash, words] of places) {
    test(`${hash} is accessible in light and dark, fits a phone, and complains of nothing`, async () => {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await until(words);
      assert.deepEqual(await violations(), []);
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      assert.deepEqual(await violations(["color-contrast"]), []);
      await page.evaluate("document.documentElement.dataset.theme = 'light'");
      await page.resize({ width: 390, height: 844 });
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
      await page.resize({ width: 1440, height: 900 });
      assert.deepEqual(page.complaints, []);
    });
  }

  test("opens over HTTP under our own security headers", async () => {
    const served = await serve(join(target, "docs"), { port: 0 });
    await page.open(`${served.url}#/node/model.shop.fct_sales`);
    await until("select 1 as one");
    assert.deepEqual(page.complaints, []);
    await served.close();
  });

  test("hostile text is shown as text", async () => {
    await show("#/node/model.shop.stg_orders", "Got 3 results");
    assert.ok((await text()).includes(hostile), await text());
    assert.equal(await page.evaluate("document.title"), "stg_orders · shop");
    assert.equal(await page.evaluate("document.querySelectorAll('main script, main img').length"), 0);
  });

  test("is searched with the keyboard alone, by name, column and description", async () => {
    await show("", "The published tables are fine");
    await page.press("/");
    await until("Esc");
    await page.type("late");
    await untilTrue(
      page,
      `document.querySelector("dialog [aria-selected=true]")?.textContent.includes("stg_orders")`,
    );
    await page.press("Enter");
    await untilTrue(page, `document.querySelector("h1")?.textContent === "stg_orders"`);
    assert.equal(await page.evaluate("location.hash"), "#/node/model.shop.stg_orders");
  });

  test("an address that leads nowhere says so", async () => {
    await show("#/node/model.shop.gone", "There is no model.shop.gone");
    await show("#/nowhere", "There is no such page");
    await show("#model.shop.fct_sales", "1,234 rows");
  });
});
