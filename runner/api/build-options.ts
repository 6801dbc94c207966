import type { JsonObject } from "../base/json.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { Flags } from "../plan/flags.ts";
import type { Span } from "../plan/microbatch/batches.ts";
import type { Portion } from "../plan/portion.ts";
import type { Selection } from "./select-nodes.ts";

export type BuildCommand = "run" | "test" | "seed" | "snapshot" | "build";

export type BuildOptions = Selection & {
  readonly command: BuildCommand;
  readonly fullRefresh?: boolean;
  /** Only what is not as it would be; the others are reused. */
  readonly changed?: boolean | undefined;
  readonly failFast?: boolean;
  readonly storeFailures?: boolean | undefined;
  /** Every test as a query of its own, instead of one pass over a relation for all of its tests. */
  readonly oneByOne?: boolean | undefined;
  readonly threads?: number | undefined;
  /** `--event-time-start` and `--event-time-end`: what microbatch models build, instead of what is due. */
  readonly eventTime?: Span | null;
  /** Batches not to build again, ends by starts, by unique id: `retry`. */
  readonly builtBatches?: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  /** `--empty` and `--sample`: how much of their inputs nodes read. */
  readonly portion?: Portion | undefined;
  /** As given by the user, for `run_results.json`. */
  readonly args?: JsonObject;
  /** Seconds to wait for a warehouse that another process holds; 0 unless told. */
  readonly lockTimeout?: number | undefined;
  /** Names the same call with `--changed`, where that may be repeated, as `callOf` did before and after the project was read. */
  readonly nextCall?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
};

/** What templates may want to know of it. */
export const flagsOf = ({
  command: which,
  fullRefresh = false,
  failFast = false,
  storeFailures = false,
  portion,
}: BuildOptions): Flags => ({
  which,
  fullRefresh,
  failFast,
  storeFailures,
  empty: portion?.kind === "empty",
});

/**
 * Whether it is one of many: who builds some of the nodes, whatever has changed, does it again and again while he writes them. To look at all of a
 * large warehouse for each takes longer than what they build, so that no more is read of it than they need, and nothing noted for the next run.
 */
export const isPassing = ({ changed, select, exclude, selector }: BuildOptions): boolean =>
  changed !== true && (select.length + exclude.length > 0 || selector !== undefined);
