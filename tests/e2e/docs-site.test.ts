import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { SearchIndex } from "../../runner/docs/data/frame-types.ts";
import { openBrowser, withoutBrowser } from "../support/browser.ts";
import type { Page } from "../support/browser.ts";
import { untilText, untilTrue } from "../support/page-checks.ts";
import { copyReferenceProject } from "../support/reference-project.ts";

/** What can be found on the site: every node and test. */
function readSearch(folder: string): SearchIndex["entries"] {
  const script = readFileSync(join(folder, "target/docs/data/search.js"), "utf8");
  const text = /^statloom\.data\("search", (.*)\);$/s.exec(script.trim())![1]!;
  return (JSON.parse(JSON.parse(text) as string) as SearchIndex).entries;
}

describe("the site of the reference project", { skip: withoutBrowser }, () => {
  const project = copyReferenceProject();
  let page: Page;
  before(async () => {
    await project.land("hlth_silc_13.2025-04-04.json", "hlth_silc_13.2025-10-03.json");
    await project.land("hlth_synth_m.2025-03-14.json", "hlth_synth_q.2025-03-28.json");
    assert.equal(await project.models("build"), 0);
    assert.equal(await project.models("source freshness"), 0);
    assert.equal(await project.models("docs generate"), 0);
    page = await openBrowser();
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    rmSync(project.folder, { recursive: true });
  });
  const home = (): string => pathToFileURL(join(project.folder, "target/docs/index.html")).href;
  /** Goes to a page and waits until it holds all of these texts. */
  const show = async (hash: string, ...words: readonly string[]): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await untilText(page, ...words);
  };

  test("tells how everything is, and shows every page without a complaint", async () => {
    await page.open(home());
    await show(
      "#/",
      "Everything is up to date, and every check passed.",
      "unmet need",
      "mart_revisions",
      "fresh",
    );
    await show("#/nodes", "mart_unmet_need_trend", "eurostat.hlth_silc_13");
    await show("#/runs", "models build", "Critical path");
    await show("#/runs/slowest", "fct_deaths");
    await show("#/runs/tests", "not_null");
    await show("#/runs/alerts", "Nothing went wrong");
    await show("#/runs/ingestion", "Ingestion");
    await show(
      "#/node/source.statloom_health.eurostat.hlth_silc_13",
      "620 revised",
      "+1,209 new",
      "low reliability",
      "Labour force",
    );
    await show(
      "#/node/model.statloom_health.mart_unmet_need_trend",
      "Example rows",
      "Past builds",
      "Made from",
      "14.7",
    );
    for (const { id, name } of readSearch(project.folder)) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/node/${encodeURIComponent(id)}`)}`);
      const title = `document.querySelector("h1")?.textContent === ${JSON.stringify(name)}`;
      await untilTrue(page, title);
    }
    assert.deepEqual(page.complaints, []);
  });
});
