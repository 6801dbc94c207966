import type { Effects } from "../../base/effects.ts";
import { paintFor } from "../../base/paint.ts";
import { formatSeconds } from "../../base/text.ts";

/** A line at the foot of a terminal that shows how far a run is; appears after two seconds, never in a pipe. */
export type LiveBar = {
  /** Takes the bar away, so that a line can be written. */
  clear(): void;
  update(state: { readonly done: number; readonly total: number; readonly running: readonly string[] }): void;
  close(): void;
};

const AFTER_MS = 2000;
const EVERY_MS = 120;

export function createLiveBar(effects: Effects): LiveBar {
  const sink = effects.stderr;
  if (!sink.isTerminal) return { clear: () => undefined, update: () => undefined, close: () => undefined };
  const paint = paintFor(effects, sink);
  const begin = performance.now();
  let state: Parameters<LiveBar["update"]>[0] = { done: 0, total: 0, running: [] };
  let shown = false;
  const clear = (): void => {
    if (shown) sink.write("\r\u001b[2K");
    shown = false;
  };
  const draw = (): void => {
    const elapsed = performance.now() - begin;
    if (elapsed < AFTER_MS || state.total === 0) return;
    const cells = 24;
    const full = Math.round((state.done / state.total) * cells);
    const bar = `${"█".repeat(full)}${"░".repeat(cells - full)}`;
    const text = ` ${state.done}/${state.total}  ${formatSeconds(elapsed / 1000)}  ${state.running.join(", ")}`;
    clear();
    sink.write(`${paint.cyan(bar)}${text.slice(0, Math.max(0, sink.width - cells - 1))}`);
    shown = true;
  };
  const timer = setInterval(draw, EVERY_MS);
  timer.unref();
  return {
    clear,
    update(next) {
      state = next;
    },
    close() {
      clearInterval(timer);
      clear();
    },
  };
}
