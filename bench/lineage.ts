/**
 * How the lineage page takes large graphs: `npm run bench:lineage -- 1000 10000` generates a project, its site, and opens it in a headless Chromium: time until it can be
 * used, and of each frame while it is dragged and zoomed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openProject } from "../runner/api/index.ts";
import { openBrowser } from "../tests/support/browser.ts";
import { generateProject } from "./generate-project.ts";

const sizes = process.argv.slice(2).map(Number);
for (const models of sizes.length > 0 ? sizes : [1000, 10_000]) {
  const root = mkdtempSync(join(tmpdir(), "statloom-bench-"));
  generateProject(root, models);
  const begin = performance.now();
  const home = pathToFileURL(await (await openProject({ projectDir: root })).docs()).href;
  const generated = performance.now() - begin;
  const page = await openBrowser();
  await page.open(`${home}#/lineage`);
  const facts = await page.evaluate(`(async () => {
    const until = async (look) => { while (!look()) await new Promise(requestAnimationFrame); };
    await until(() => document.querySelector(".lineage-canvas canvas"));
    await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);
    const ready = performance.now();
    const frame = document.querySelector(".lineage-canvas");
    const { left, top, width, height } = frame.getBoundingClientRect();
    const at = { x: left + width / 2, y: top + height / 2 };
    const during = async (steps, step) => {
      const times = [];
      for (let i = 0; i < steps; i++) {
        const before = performance.now();
        step(i);
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
        times.push(performance.now() - before);
      }
      times.sort((a, b) => a - b);
      return ["median", times[times.length >> 1], "p95", times[Math.floor(times.length * 0.95)], "most", times.at(-1)].map((each) => typeof each === "number" ? Math.round(each) : each).join(" ");
    };
    const pointer = (type, dx, dy) => frame.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX: at.x + dx, clientY: at.y + dy }));
    frame.setPointerCapture = () => {};
    const drag = async (steps) => { pointer("pointerdown", 0, 0); const times = await during(steps, (i) => pointer("pointermove", -6 * i, -9 * i)); pointer("pointerup", 0, 0); return times; };
    const first = await drag(120);
    const zoom = await during(60, (i) => frame.dispatchEvent(new WheelEvent("wheel", { deltaY: i < 30 ? -60 : 60, clientX: at.x, clientY: at.y, cancelable: true })));
    document.querySelector('[aria-label="Show all"]').click();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const whole = await drag(120);
    return { ready: Math.round(ready), dragged: first, zoomed: zoom, "dragged, all in sight": whole };
  })()`);
  process.stdout.write(
    `${models} models: generated in ${Math.round(generated)} ms, in ms: ${JSON.stringify(facts)}\n`,
  );
  await page[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
}
