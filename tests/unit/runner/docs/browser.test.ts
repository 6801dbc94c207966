import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
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
import { hostile, siteArtifacts } from "../../../support/site-artifacts.ts";

describe("the site in a browser", { skip: withoutBrowser }, () => {
  const target = mkdtempSync(join(tmpdir(), "statloom-browser-site-"));
  let home = "";
  let page: Page;
  before(async () => {
    for (const [name, artifact] of Object.entries(siteArtifacts))
      writeArtifact(target, name as ArtifactName, artifact);
    home = pathToFileURL(generateSite(target)).href;
    page = await openBrowser();
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    rmSync(target, { recursive: true });
  });
  const hash = () => page.evaluate("decodeURIComponent(location.hash)");
  const panelText = () => page.evaluate("document.getElementById('panel').innerText");

  test("opens from a folder and draws every node and line, without a complaint", async () => {
    await page.open(home);
    assert.equal(await page.evaluate("document.querySelectorAll('.node').length"), 5);
    assert.equal(await page.evaluate("document.querySelectorAll('.line').length"), 4);
    assert.match(
      String(await page.evaluate("document.getElementById('summary').innerText")),
      /2 models[\s\S]*1 test failed[\s\S]*build · 1\.5 s/,
    );
    assert.deepEqual(page.complaints, []);
  });

  test("opens over HTTP under our own security headers", async () => {
    const served = await serve(join(target, "docs"), { port: 0 });
    await page.open(`${served.url}#model.shop.fct_sales`);
    assert.match(String(await panelText()), /fct_sales[\s\S]*1,234 rows[\s\S]*select 1 as one/);
    assert.deepEqual(page.complaints, []);
    await served.close();
  });

  test("hostile text is shown as text", async () => {
    await page.open(`${home}#model.shop.stg_orders`);
    const text = String(await panelText());
    assert.ok(text.includes(hostile), text);
    assert.match(text, /Got 3 results/);
    assert.equal(await page.evaluate("document.title"), "shop · lineage");
    assert.equal(await page.evaluate("document.querySelectorAll('#panel script, #panel img').length"), 0);
  });

  test("can be walked with the keyboard alone", async () => {
    await page.open(home);
    await page.press("/");
    await page.type("late");
    await page.press("Enter");
    assert.equal(await hash(), "#model.shop.stg_orders");
    await page.press("ArrowRight");
    await page.press("Enter");
    assert.equal(await hash(), "#model.shop.fct_sales");
    await page.press("Escape");
    assert.equal(await hash(), "");
    assert.equal(await page.evaluate("document.getElementById('panel').hidden"), true);
  });

  test("is dragged, and a drag is no click", async () => {
    await page.open(home);
    const where = (): Promise<unknown> => page.evaluate("document.querySelector('.world').style.transform");
    const middle =
      "(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector('.node').getBoundingClientRect())";
    const [x, y] = (await page.evaluate(middle)) as [number, number];
    const start = await where();
    await page.mouse([x, y], [x + 20, y + 10], [x + 60, y + 30]);
    assert.notEqual(await where(), start);
    assert.equal(await hash(), "");
    await page.mouse([x + 60, y + 30]);
    assert.notEqual(await hash(), "");
  });

  test("fits a phone: nothing wider than the screen, details over the graph", async () => {
    await page.open(`${home}#model.shop.stg_orders`, { width: 390, height: 844 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
    assert.equal(await page.evaluate("document.getElementById('panel').getBoundingClientRect().width"), 390);
  });
});
