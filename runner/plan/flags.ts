import { Data } from "../template/values.ts";
import type { Value } from "../template/values.ts";

/** How a command was called, as far as templates may want to know. */
export type Flags = {
  /** The command: `build`, `run`; `compile` for whatever builds nothing. */
  readonly which: string;
  readonly fullRefresh: boolean;
  /** No rows are read. */
  readonly empty: boolean;
  readonly failFast: boolean;
  readonly storeFailures: boolean;
};

export const noFlags: Flags = {
  which: "compile",
  fullRefresh: false,
  empty: false,
  failFast: false,
  storeFailures: false,
};

/** Under dbt's names. */
export const flagsValue = (flags: Flags): Value =>
  new Map<string, Value>([
    ["WHICH", new Data(flags.which)],
    ["FULL_REFRESH", flags.fullRefresh],
    ["EMPTY", flags.empty],
    ["FAIL_FAST", flags.failFast],
    ["STORE_FAILURES", flags.storeFailures],
  ]);
