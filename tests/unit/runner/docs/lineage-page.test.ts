import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { writeArtifact } from "../../../../runner/artifacts/write-artifacts.ts";
import type { ArtifactName } from "../../../../runner/artifacts/write-artifacts.ts";
import { generateSite } from "../../../../runner/docs/write-site.ts";
import type { ColumnLineage, NodeLineage } from "../../../../runner/graph/columns/types.ts";
import { openBrowser, withoutBrowser } from "../../../support/browser.ts";
import type { Page } from "../../../support/browser.ts";
import { untilText, violationsOf } from "../../../support/page-checks.ts";
import { builtPages } from "../../../support/site.ts";
import { hostile, siteArtifacts } from "../../../support/site-artifacts.ts";
import { until as waitUntil } from "../../../support/until.ts";

const column = (
  name: string,
  from: readonly string[] = [],
  more: Partial<ColumnLineage> = {},
): ColumnLineage => ({
  name,
  type: "INTEGER",
  transformation: from.length > 0 ? "identity" : "constant",
  complete: true,
  from: from.map((each) => {
    const [node = "", own = ""] = each.split("|");
    return { relation: node, column: own };
  }),
  ...more,
});
const lineage = new Map<string, NodeLineage>(
  Object.entries({
    "source.shop.raw.orders": [column("id"), column(hostile)],
    "model.shop.stg_orders": [
      column("id", ["source.shop.raw.orders|ID"]),
      column("odd", [`source.shop.raw.orders|${hostile}`], { transformation: "transformation" }),
    ],
    "model.shop.fct_sales": [
      column("orders", ["model.shop.stg_orders|id"], { transformation: "aggregation", complete: false }),
    ],
  }).map(([uniqueId, columns]) => {
    const isStaged = uniqueId === "model.shop.stg_orders";
    const influences = isStaged ? [{ relation: "source.shop.raw.orders", column: hostile }] : [];
    return [uniqueId, { uniqueId, columns, influences }];
  }),
);

describe("the lineage page in a browser", { skip: withoutBrowser }, () => {
  const target = mkdtempSync(join(tmpdir(), "statloom-lineage-"));
  let home = "";
  let page: Page;
  before(async () => {
    for (const [name, artifact] of Object.entries(siteArtifacts))
      writeArtifact(target, name as ArtifactName, artifact);
    const pages = await builtPages();
    home = pathToFileURL(await generateSite(target, null, pages.folder, { lineage })).href;
    pages.remove();
    page = await openBrowser();
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    rmSync(target, { recursive: true });
  });
  const until = (words: string) => untilText(page, words);
  const show = async (hash: string, words: string, width = 1440): Promise<void> => {
    await page.open(`${home}${hash}`, { width, height: 844 });
    await until(words);
  };
  const address = async (): Promise<string> =>
    decodeURIComponent(String(await page.evaluate("location.hash")));
  /** The address follows what is seen a little later. */
  async function untilAddress(isAsWanted: (address: string) => boolean): Promise<void> {
    await waitUntil("the address is as wanted", async () => isAsWanted(await address()));
  }
  const click = (selector: string) =>
    page.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
  const write = async (label: string, text: string): Promise<void> => {
    await page.evaluate(`document.querySelector('[aria-label="${label}"]').select()`);
    await page.type(text);
    await page.press("Enter");
  };
  /** The middle of the canvas, where what was revealed stands. */
  const middle = () =>
    page.evaluate(
      "(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector('.lineage-canvas').getBoundingClientRect())",
    ) as Promise<[number, number]>;

  for (const [hash, words] of [
    ["#/lineage", "5 tables"],
    ["#/lineage?node=model.shop.stg_orders&colour=health", "Downstream"],
    ["#/lineage?view=list", "Made from"],
    ["#/lineage/column/model.shop.stg_orders/id", "Which rows there are"],
  ] as const) {
    test(`${hash} opens from a folder, is accessible, and fits a phone`, async () => {
      await show(hash, words);
      assert.deepEqual(await violationsOf(page), []);
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      assert.deepEqual(await violationsOf(page), []);
      await show(hash, words, 390);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
      assert.deepEqual(page.complaints, []);
    });
  }

  test("a table is found, clicked, and a column of it followed to its origin", async () => {
    await show("#/lineage", "5 tables");
    await write("Find a table", "fct");
    await until("Downstream");
    assert.match(await address(), /node=model\.shop\.fct_sales/);
    await page.evaluate("document.querySelector('.lineage-canvas').focus()");
    await page.press("Escape");
    await untilAddress((text) => !text.includes("node="));
    await page.mouse(await middle());
    await until("Downstream");
    await until("orders");
    await click('.lineage-columns a[href$="/orders"]');
    await until("Comes from");
    const text = String(await page.evaluate("document.body.innerText"));
    assert.match(text, /it may come from more than can be told/);
    await click('.column-card a[href$="raw.orders/id"]');
    await until("goes to 2 columns");
    assert.equal(await address(), "#/lineage/column/source.shop.raw.orders/id");
    assert.match(
      String(await page.evaluate("document.body.innerText")),
      /begins here[\s\S]*aggregated, maybe of more/,
    );
    assert.deepEqual(page.complaints, []);
  });

  test("arrow keys follow lines, Enter opens the page", async () => {
    await show("#/lineage?node=model.shop.stg_orders", "Downstream");
    await page.evaluate("document.querySelector('.lineage-canvas').focus()");
    await page.press("ArrowLeft");
    await until("raw.orders");
    assert.match(await address(), /node=source\.shop\.raw\.orders/);
    await page.press("ArrowRight");
    await page.press("ArrowRight");
    assert.match(await address(), /node=model\.shop\.fct_sales/);
    await page.press("Enter");
    await until("1,234 rows");
  });

  test("is narrowed by selectors, folders and tags, and says what is wrong with a selector", async () => {
    await show("#/lineage", "5 tables");
    await write("Selector", "+fct_sales,tag:static");
    await until("1 of 5 tables");
    await write("Selector", "source:raw.orders+1 exposure:board");
    await until("3 of 5 tables");
    await write("Selector", "tagg:x");
    await until('has an unknown method "tagg"');
    await write("Selector", "stg_ordes");
    await until('did you mean "stg_orders"?');
    await click(".lineage-bar .button:not(.lineage-more)");
    await until("5 tables");
    await show("#/lineage?folder=models/marts", "1 of 5 tables");
    await show("#/lineage?tag=static", "1 of 5 tables");
  });

  test("focus keeps what is so many steps around, and the address keeps everything", async () => {
    await show("#/lineage?node=model.shop.stg_orders&colour=health", "Downstream");
    await click('[aria-label="Upstream"] [aria-label="0 steps"]');
    await until("3 of 5 tables");
    await click('[aria-label="Downstream"] [aria-label="1 step"]');
    await until("2 of 5 tables");
    const kept = await address();
    assert.match(kept, /select=shop\.staging\.stg_orders\+1/);
    await page.evaluate("document.querySelector('.lineage-zoom button').click()");
    await untilAddress((text) => text.includes("at="));
    const moved = await address();
    assert.match(moved, /colour=health.*at=-?\d+,-?\d+,[\d.]+/);
    await show(String(await page.evaluate("location.hash")), "2 of 5 tables");
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))");
    assert.equal(await address(), moved);
  });

  test("is dragged and zoomed, and a drag chooses nothing", async () => {
    await show("#/lineage", "5 tables");
    const [x, y] = await middle();
    await page.mouse([x, y], [x + 20, y + 10], [x + 90, y + 60]);
    await untilAddress((text) => text.includes("at="));
    assert.doesNotMatch(await address(), /node=/);
  });

  test("hostile names are text", async () => {
    await show(`#/lineage/column/source.shop.raw.orders/${encodeURIComponent(hostile)}`, "Goes to");
    const text = String(await page.evaluate("document.body.innerText"));
    assert.ok(text.includes(hostile), text);
    assert.equal(await page.evaluate("document.querySelectorAll('main script, main img').length"), 0);
    assert.notEqual(await page.evaluate("document.title"), "taken");
    await show("#/lineage?node=source.shop.raw.orders", "Columns");
    assert.equal(await page.evaluate("document.querySelectorAll('main script, main img').length"), 0);
  });

  test("what is not known is said", async () => {
    await show("#/lineage?node=seed.shop.codes", "cannot be told from its SQL alone");
    await show("#/lineage/column/model.shop.fct_sales/gone", "Nothing is known of the column gone");
  });
});
