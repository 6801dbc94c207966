import { realEffects } from "../../runner/base/effects.ts";
import type { Effects } from "../../runner/base/effects.ts";

/** What ingesting does to the world besides files: also reads standard input, and may be told to stop. */
export type IngestEffects = Effects & {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Aborted when the user presses Ctrl-C; a landing then stops between two batches and cleans up. */
  readonly signal: AbortSignal;
};

export const realIngestEffects = (signal: AbortSignal): IngestEffects => ({
  ...realEffects(),
  stdin: process.stdin,
  signal,
});
