/** The module that lands pieces in a thread of its own: beside this file in the sources; in `dist/`, where this is part of some chunk, `lane-worker.js` at its top. */
export function laneWorker(): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL("lane-worker.ts", here);
  return new URL(/\/chunks\/[^/]+$/.test(here) ? "../lane-worker.js" : "lane-worker.js", here);
}
