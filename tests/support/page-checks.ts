import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "./browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Waits until the page holds a text: its data comes in scripts of their own. */
export const untilText = (page: Page, words: string): Promise<unknown> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const look = (tries) => document.body.innerText.includes(${JSON.stringify(words)}) ? resolve(true)
      : tries > 0 ? setTimeout(look, 10, tries - 1) : reject(new Error("not seen: " + ${JSON.stringify(words)} + " in " + document.body.innerText));
    look(500);
  })`);

/** What axe finds wrong with the page as it is now. */
export const violationsOf = (page: Page): Promise<unknown> =>
  page.evaluate(
    `${axe}; axe.run({ preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]))`,
  );
