import { setTimeout as sleep } from "node:timers/promises";
import { realEffects } from "../../runner/base/effects.ts";
import type { Effects } from "../../runner/base/effects.ts";

/** What ingesting does to the world besides files: also reads standard input, and may be told to stop. */
export type IngestEffects = Effects & {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Aborted when the user presses Ctrl-C; a landing then stops between two batches and cleans up. */
  readonly signal: AbortSignal;
  /** Waits; ends early, and throws, when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** How the other command is started: a program and its first words. */
  readonly modelsCommand: readonly string[];
};

export const realIngestEffects = (
  signal: AbortSignal,
  modelsCommand: readonly string[] = [],
): IngestEffects => ({
  ...realEffects(),
  stdin: process.stdin,
  signal,
  sleep: (ms, until) => sleep(ms, undefined, until === undefined ? {} : { signal: until }),
  random: Math.random,
  modelsCommand,
});
