import * as z from "zod";

/**
 * Every event of `--log-format json` and of runs that `docs serve --api` starts, with its fields. Names and fields stay; new ones may
 * come. Read by whoever makes the JSON Schema and by tests; a run needs the types alone.
 */
const count = z.int().min(0);
const seconds = z.number().min(0);
const instant = z.iso.datetime();
const uniqueId = z.string();
const text = z.string().nullable();
const timing = z.array(
  z.strictObject({ name: z.enum(["compile", "execute"]), startedAt: instant, completedAt: instant }),
);
const span = z.tuple([z.string(), z.string()]);

const nodeResult = z.strictObject({
  uniqueId,
  status: z.enum(["success", "error", "skipped", "pass", "warn", "fail", "partial success", "reused"]),
  message: text,
  failures: count.nullable(),
  rows: count.nullable(),
  relationName: text,
  timing,
  threadId: z.string(),
  executionTime: seconds,
  adapterResponse: z.record(z.string(), z.unknown()),
  check: z
    .strictObject({
      node: text,
      column: text,
      rowsChecked: count.nullable(),
      measured: z.number().nullable(),
      found: z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) }).nullable(),
      compiledPath: z.string(),
      isStored: z.boolean(),
      lastPassedAt: text,
    })
    .optional(),
  batches: z.strictObject({ successful: z.array(span), failed: z.array(span) }).optional(),
});
const freshnessResult = z.strictObject({
  uniqueId,
  status: z.enum(["pass", "warn", "error", "runtime error"]),
  maxLoadedAt: text,
  snapshottedAt: instant,
  ageSeconds: z.number().nullable(),
  message: text,
  threadId: z.string(),
  executionTime: seconds,
  timing,
});
const problem = z.strictObject({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});

const batch = {
  invocationId: z.uuid(),
  uniqueId,
  batch: z.string(),
  start: z.string(),
  end: z.string(),
  index: count,
  total: count,
};

const of = <Shape extends z.ZodRawShape>(when: string, shape: Shape) => ({
  when,
  facts: z.strictObject(shape),
});

export const logEvents = {
  "run-started": of("before the first node", {
    invocationId: z.uuid(),
    command: z.string(),
    total: count,
    threads: count,
  }),
  "node-started": of("a node begins", { invocationId: z.uuid(), uniqueId, index: count, total: count }),
  "node-finished": of("a node has ended, is skipped or is reused", {
    invocationId: z.uuid(),
    uniqueId,
    index: count,
    total: count,
    result: z.union([nodeResult, freshnessResult]),
  }),
  "batch-started": of("a batch of a microbatch model begins", batch),
  "batch-finished": of("a batch has been built or has failed", {
    ...batch,
    status: z.enum(["success", "error"]),
    rows: count.nullable(),
    message: text,
    executionTime: seconds,
  }),
  "run-finished": of("after the last node", {
    invocationId: z.uuid(),
    run: z.strictObject({
      command: z.string(),
      args: z.record(z.string(), z.unknown()),
      invocationId: z.uuid(),
      startedAt: instant,
      generatedAt: instant,
      elapsedTime: seconds,
    }),
    results: count,
  }),
  warning: of("something is odd, and nothing fails for it", {
    invocationId: z.uuid().optional(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    uniqueId: text.optional(),
  }),
  error: of("the command came to nothing", {
    code: z.string(),
    message: z.string().optional(),
    hint: z.string().optional(),
    problems: z.array(problem).optional(),
    stack: z.string().optional(),
    exitCode: z.union([z.literal(1), z.literal(2)]),
  }),
  stopping: of("Ctrl-C or SIGTERM was heard", { message: z.string() }),
  watching: of("models watch sees what is saved from now on", { root: text }),
  "files-changed": of("models watch builds what was saved", {
    files: z.array(z.string()),
    nodes: z.array(uniqueId),
    gone: z.array(uniqueId),
  }),
  "files-built": of("models watch has built, and the warehouse is closed", {
    nodes: count,
    elapsedTime: seconds,
  }),
  "run-ended": of("docs serve --api: the run is over, and nothing more comes", {
    invocationId: z.uuid(),
    outcome: z.enum(["success", "failed", "broken", "stopped"]),
    seconds,
    code: text,
    message: text,
  }),
} as const;

export type LogEventName = keyof typeof logEvents;
/** What each event says besides `event` and `at`. */
export type LogFacts = { readonly [E in LogEventName]: z.infer<(typeof logEvents)[E]["facts"]> };
/** A line of `--log-format json`; `at` is ISO 8601 in UTC. */
export type LogEvent = {
  readonly [E in LogEventName]: { readonly event: E; readonly at: string } & LogFacts[E];
}[LogEventName];

/** JSON Schema (draft 7) of a line. */
export const logEventsJsonSchema = (): z.core.JSONSchema.JSONSchema => {
  const lines = Object.entries(logEvents).map(([event, { facts, when }]) =>
    z.strictObject({ event: z.literal(event), at: instant, ...facts.shape }).describe(when),
  );
  const schema = z.toJSONSchema(z.union(lines), { target: "draft-7" });
  return { title: "A line of models --log-format json", ...schema };
};
