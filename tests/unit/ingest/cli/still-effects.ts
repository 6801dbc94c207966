import type { IngestEffects } from "../../../../ingest/cli/effects.ts";

/** Effects in which nothing happens but what is written to `stdout` and `stderr`. */
export const stillEffects = (out: Pick<IngestEffects, "stdout" | "stderr">): IngestEffects => ({
  now: () => new Date(0),
  env: { NO_COLOR: "1" },
  cwd: "/",
  stdin: (async function* () {})(),
  signal: new AbortController().signal,
  sleep: async () => undefined,
  random: () => 0,
  modelsCommand: [],
  ...out,
});
