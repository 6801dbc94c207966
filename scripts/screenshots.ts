/**
 * `node --import tsx scripts/screenshots.ts`: pictures of the docs site of the reference project for the README, made with the browser of
 * this machine. The project is built in a folder of its own from the synthetic sample, a few times and once with a failing test, so that
 * there is a history to be seen.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { packageRoot } from "../runner/base/package-root.ts";
import { serve } from "../runner/docs/serve/serve.ts";
import { openBrowser } from "../tests/support/browser.ts";
import { copyReferenceProject } from "../tests/support/reference-project.ts";

const mart = "model.statloom_health.mart_unmet_need_trend";
const query = `select geo_name, year, percentage
from mart_unmet_need_trend
where sex = 'T' and age = 'Y_GE16' and geo in ('DE', 'EE', 'EL', 'FI', 'FR', 'IT')
order by all`;
/** Name of the picture, address, and what tells that the page is drawn. */
const pictures = [
  ["home", "#/", ".health"],
  ["model", `#/node/${mart}`, ".column-row"],
  ["source", "#/node/source.statloom_health.eurostat.hlth_silc_13", "#editions"],
  ["lineage", "#/lineage", ".lineage-canvas"],
  ["columns", `#/lineage/column/${mart}/change_on_year`, ".column-graph"],
  ["run", "#/runs", ".gantt"],
  [
    "explore",
    `explore.html#/explore?${new URLSearchParams({ sql: query, chart: "line", x: "year", y: "percentage", by: "geo_name" }).toString()}`,
    ".chart svg, svg.chart",
  ],
] as const;
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const project = copyReferenceProject();
await project.land(
  "hlth_silc_13.2025-04-04.json",
  "hlth_synth_m.2025-03-14.json",
  "hlth_synth_q.2025-03-28.json",
);
await project.models("build");
await project.land("hlth_silc_13.2025-10-03.json");
await project.models("build");
// A country that is there twice: its key is not unique any more.
const seed = join(project.folder, "seeds/countries.csv");
const countries = readFileSync(seed, "utf8");
writeFileSync(seed, `${countries.trimEnd()}\n${countries.trimEnd().split("\n").at(-1)!}\n`);
await project.models("build");
writeFileSync(seed, countries);
for (let again = 0; again < 4; again++) await project.models("build");
await project.models("source freshness");
await project.models("docs generate");

const folder = join(packageRoot(), ".github/site");
mkdirSync(folder, { recursive: true });
const served = await serve(join(project.folder, "target/docs"), { port: 0 });
const page = await openBrowser();
for (const [size, window] of Object.entries(sizes)) {
  for (const [name, address, drawn] of pictures) {
    await page.open(`${served.url}${address}`, window);
    const isDrawn = `document.querySelector(${JSON.stringify(drawn)}) !== null`;
    for (let tries = 0; tries < 200 && !(await page.evaluate(isDrawn)); tries++) await setTimeout(50);
    await setTimeout(name === "explore" ? 4000 : 1200); // what moves comes to rest
    writeFileSync(
      join(folder, `${name}-${size}.webp`),
      await page.screenshot({ format: "webp", quality: 82 }),
    );
  }
}
if (page.complaints.length > 0) process.stderr.write(`${page.complaints.join("\n")}\n`);
await page[Symbol.asyncDispose]();
await served.close();
rmSync(project.folder, { recursive: true });
