import type { BuildCommand } from "../../api/build-options.ts";
import type { Command } from "../command.ts";
import { deferral, output, resourceTypes, selection, threads } from "../options.ts";
import type { DeferArgs, GlobalArgs, SelectionArgs } from "../options.ts";

type Args = GlobalArgs &
  SelectionArgs &
  DeferArgs & {
    readonly threads?: number;
    readonly "full-refresh": boolean;
    readonly changed?: boolean;
    readonly "fail-fast": boolean;
    readonly "dry-run": boolean;
    readonly "lock-timeout": number;
    readonly "store-failures"?: boolean;
    readonly "one-by-one"?: boolean;
    readonly junit?: string;
    readonly record?: string;
    readonly limit?: number;
    readonly "event-time-start"?: string;
    readonly "event-time-end"?: string;
    readonly empty?: boolean;
    readonly sample?: string;
    readonly output: "text" | "json";
  };

const DESCRIBE: Readonly<Record<BuildCommand, string>> = {
  build: "Load seeds, build models and snapshots and run their tests, in the order of the graph",
  run: "Build models",
  test: "Run data tests",
  seed: "Load seeds",
  snapshot: "Keep the history of tables that change",
};

const eventTime = {
  "event-time-start": {
    type: "string",
    describe: "Microbatch models: the first day or instant to build, in UTC, instead of what is due",
  },
  "event-time-end": { type: "string", describe: "Microbatch models: the end, itself no part of it" },
} as const;

const portion = {
  empty: {
    type: "boolean",
    default: false,
    describe: "Read no rows: see that all SQL holds, and what columns come of it",
  },
  sample: {
    type: "string",
    describe:
      "Read what has an event_time of a span of it: '3 days', or '{start: 2024-01-01, end: 2024-02-01}'",
  },
} as const;

const oneByOne = {
  "one-by-one": {
    type: "boolean",
    default: false,
    describe: "Run each test as a query of its own, instead of one pass over a relation for all of its tests",
  },
} as const;

const record = {
  record: {
    type: "string",
    describe: "Write a unit test of this model from rows that are there, and run nothing else",
  },
  limit: { type: "number", default: 5, describe: "With --record: rows of the model that it shows" },
} as const;

/** build, run, test, seed and snapshot differ in what they take up, in nothing else. */
export const buildCommands: readonly Command<Args>[] = (
  ["build", "run", "test", "seed", "snapshot"] as const
).map((name) => ({
  name,
  describe: DESCRIBE[name],
  options: {
    ...selection,
    ...deferral,
    threads,
    output,
    "full-refresh": {
      alias: "f",
      type: "boolean",
      default: false,
      describe: "Rebuild incremental models from nothing",
    },
    changed: {
      type: "boolean",
      default: false,
      describe: "Only what has changed: its SQL, its configuration or what it reads; the rest is reused",
    },
    "fail-fast": { alias: "x", type: "boolean", default: false, describe: "Stop at the first failure" },
    "dry-run": {
      type: "boolean",
      default: false,
      describe: "Print the SQL that would be sent, and send nothing",
    },
    "lock-timeout": {
      type: "number",
      default: 60,
      describe: "Seconds to wait for a warehouse that another process holds",
    },
    ...(name === "build" || name === "test" ? resourceTypes : {}),
    ...(name === "build" || name === "run" ? { ...eventTime, ...portion } : {}),
    ...(name === "build" || name === "test" ? oneByOne : {}),
    ...(name === "test" ? record : {}),
    junit: { type: "string", describe: "Write what became of each node to this file, as JUnit's XML" },
    "store-failures": { type: "boolean", describe: "Keep the rows that tests find, in tables" },
  },
  readsAll: true,
  run: async (args, context) => {
    if (args.record !== undefined)
      return (await import("./run-record.ts")).runRecord(args, args.record, context);
    if (args.changed === true && (await (await import("./run-idle.ts")).runIdle(name, args, context)))
      return 0;
    return (await import("./run-build.ts")).runBuild(name, args, context);
  },
}));

export type BuildArgs = Args;
