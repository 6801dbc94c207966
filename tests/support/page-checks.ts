import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "./browser.ts";
import { PATIENCE } from "./patience.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Waits until an expression is true in the page: its data comes in scripts of their own. */
export const untilTrue = (page: Page, expression: string): Promise<unknown> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const end = performance.now() + ${PATIENCE.condition};
    const look = () => (${expression}) ? resolve(true)
      : performance.now() < end ? setTimeout(look, 10)
      : reject(new Error("never true: " + ${JSON.stringify(expression)} + " in " + document.body.innerText));
    look();
  })`);

/** Waits until the page holds all these texts. */
export const untilText = (page: Page, ...words: readonly string[]): Promise<unknown> =>
  untilTrue(page, `${JSON.stringify(words)}.every((word) => document.body.innerText.includes(word))`);

/** What axe finds wrong with the page as it is now. */
export const violationsOf = (page: Page): Promise<unknown> =>
  page.evaluate(
    `${axe}; axe.run({ preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]))`,
  );
