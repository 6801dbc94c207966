import type { Command } from "../command.ts";
import { output, threads } from "../options.ts";
import type { GlobalArgs } from "../options.ts";

export type RetryArgs = GlobalArgs & {
  readonly threads?: number;
  readonly "full-refresh"?: boolean;
  readonly "fail-fast"?: boolean;
  readonly "lock-timeout": number;
  readonly output: "text" | "json";
};

export const retry: Command<RetryArgs> = {
  name: "retry",
  describe: "Take up the last run: what failed, was skipped or was cancelled, and nothing else",
  options: {
    threads,
    output,
    "full-refresh": { alias: "f", type: "boolean", describe: "Rebuild incremental models from nothing" },
    "fail-fast": { alias: "x", type: "boolean", describe: "Stop at the first failure" },
    "lock-timeout": {
      type: "number",
      default: 60,
      describe: "Seconds to wait for a warehouse that another process holds",
    },
  },
  run: async (args, context) => (await import("./run-retry.ts")).runRetry(args, context),
};
