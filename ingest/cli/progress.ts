import type { IngestEffects } from "./effects.ts";

const QUIET_MS = 2000;
const BETWEEN_MS = 100;

/** A bar for work that takes a while: it appears after two seconds, at a terminal, and is gone at the end. */
export type Progress = { show(share: number): void; clear(): void };

export const noProgress: Progress = { show: () => undefined, clear: () => undefined };

export function createProgress(effects: IngestEffects, label: string): Progress {
  const { stderr } = effects;
  if (!stderr.isTerminal) return noProgress;
  const started = performance.now();
  let next = started + QUIET_MS;
  let shown = false;
  return {
    show(share) {
      const now = performance.now();
      if (now < next) return;
      next = now + BETWEEN_MS;
      shown = true;
      const left = ((now - started) / 1000) * (1 / Math.max(share, 0.001) - 1);
      const text = ` ${String(Math.floor(share * 100)).padStart(3)} %  ${Math.ceil(left)}s left`;
      const room = Math.max(10, Math.min(40, stderr.width - label.length - text.length - 4));
      const full = Math.round(room * Math.min(1, share));
      stderr.write(`\r\u001b[K${label} ${"█".repeat(full)}${"░".repeat(room - full)}${text}`);
    },
    clear() {
      if (shown) stderr.write("\r\u001b[K");
    },
  };
}
