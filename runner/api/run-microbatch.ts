import { plural } from "../base/text.ts";
import { buildMicrobatch } from "../execute/build-microbatch.ts";
import type { BuiltBatches } from "../execute/build-microbatch.ts";
import type { BatchResult } from "../execute/run-batches.ts";
import type { BuildContext } from "../execute/build-node.ts";
import type { NodeResult, NodeStatus } from "../execute/results.ts";
import { batchName, instantText } from "../plan/microbatch/batches.ts";
import type { Span } from "../plan/microbatch/batches.ts";
import type { MicrobatchModel } from "../plan/microbatch/plan-microbatch.ts";
import type { StatloomError } from "../base/errors.ts";
import type { BuildOptions } from "./build-options.ts";
import { compilerFor } from "./compile-nodes.ts";
import { settleWith } from "./introspect.ts";
import type { NodeRun } from "./node-run.ts";

export type MicrobatchRun = {
  readonly status: NodeStatus;
  readonly facts: Partial<NodeResult>;
  readonly plans: BuiltBatches["plans"];
};

/** Builds a model in batches. Some that fail among others make a partial success: what is missing is found by the next run. */
export async function runMicrobatch(
  run: NodeRun,
  node: MicrobatchModel,
  build: BuildContext,
  explain: (error: StatloomError) => string,
): Promise<MicrobatchRun> {
  const builtBefore = run.builtBatches?.get(node.uniqueId) ?? new Map<string, string>();
  const { plans, results } = await buildMicrobatch(
    node,
    {
      now: Date.parse(run.open.startedAt),
      isBuilt: ({ start }) => builtBefore.has(instantText(start)),
      window: sampledWindow(run, Date.parse(run.open.startedAt)),
      isPartial: run.portion !== undefined,
      onBatch: (batch, { number, total }, result) => {
        const facts = {
          uniqueId: node.uniqueId,
          batch: batchName(batch, node.config.batch_size),
          start: instantText(batch.start),
          end: instantText(batch.end),
          index: number,
          total,
        };
        if (result === null) run.onEvent({ kind: "batch-started", ...facts });
        else {
          const { error, rows, seconds } = result;
          const status = error === null ? "success" : "error";
          const message = error && explain(error);
          run.onEvent({ kind: "batch-finished", ...facts, status, rows, message, executionTime: seconds });
        }
      },
      compile: (batch, adds) => {
        const compiler = compilerFor(run.open, (other) => other.uniqueId === node.uniqueId && adds, {
          batch: { ...batch, uniqueId: node.uniqueId },
          portion: run.portion,
        });
        const settle = settleWith(run.open, build.session);
        return settle(() => compiler.compile(node.uniqueId).compiledCode);
      },
    },
    build,
  );
  const failed = results.filter(({ error }) => error !== null);
  const done = results.filter(({ error }) => error === null);
  const cancelled = build.signal?.aborted === true && failed.length === 0;
  const status =
    failed.length === 0 && !cancelled
      ? "success"
      : done.length + builtBefore.size > 0
        ? "partial success"
        : "error";
  const rows = done.every((result) => result.rows !== null)
    ? done.reduce((sum, result) => sum + (result.rows ?? 0), 0)
    : null;
  const message = cancelled
    ? `cancelled after ${plural(done.length, "batch", "batches")}`
    : failed.length === 0
      ? `microbatch (${plural(done.length, "batch", "batches")})`
      : failureMessage(node, failed, results.length, explain);
  const span = ({ batch }: BatchResult): readonly [string, string] => [
    instantText(batch.start),
    instantText(batch.end),
  ];
  return {
    status,
    plans,
    facts: {
      rows,
      message,
      // What was built by the run that is taken up is built: one that takes up this one need not do it again.
      batches: { successful: [...builtBefore, ...done.map(span)], failed: failed.map(span) },
    },
  };
}

/** Of a sample only the batches are built that it touches; of nothing at all, one shows what all would. */
export function sampledWindow(
  { eventTime = null, portion }: Pick<BuildOptions, "eventTime" | "portion">,
  now: number,
): Span | null {
  if (portion?.kind === "sample") return portion.span;
  return eventTime ?? (portion?.kind === "empty" ? { start: now - 1, end: now } : null);
}

function failureMessage(
  node: MicrobatchModel,
  failed: readonly BatchResult[],
  total: number,
  explain: (error: StatloomError) => string,
): string {
  const names = failed.map(({ batch }: { batch: Span }) => batchName(batch, node.config.batch_size));
  const shown =
    names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  return `${failed.length} of ${plural(total, "batch", "batches")} failed (${shown}): ${explain(failed[0]!.error!)}`;
}
