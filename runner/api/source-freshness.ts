import type { Session } from "../adapters/adapter.ts";
import { sources } from "../artifacts/sources.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { StatloomError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { checkFreshness } from "../checks/freshness.ts";
import type { Aged } from "../checks/freshness.ts";
import type { FreshnessResult, FreshnessResults } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { schedule } from "../execute/schedule.ts";
import { agedNodes } from "./aged-nodes.ts";
import { learnStaged } from "./learn-staged.ts";
import { alertRun } from "./alert-run.ts";
import { judgeFreshness } from "./judge-run.ts";
import type { OpenProject } from "./open-project.ts";
import { openWorker } from "./session-worker.ts";
import { recordFreshness } from "./record-run.ts";
import { obeying, selectNodes, selectionEvents, threadsOf } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";
import { withAdapter } from "./with-session.ts";

export type FreshnessOptions = Selection & {
  /** Models too, which is what `models freshness` is. */
  readonly models?: boolean;
  readonly threads?: number | undefined;
  readonly args?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onEvent: (event: RunEvent<FreshnessResult>) => void;
};

/** Checks how old the selected sources are, and models where these are asked for; writes `sources.json`. */
export async function sourceFreshness(open: OpenProject, asked: FreshnessOptions): Promise<FreshnessResults> {
  const options = { ...asked, onEvent: obeying(open, asked.onEvent) };
  const { effects, invocationId, startedAt, targetFolder, parsed } = open;
  const { nodes, warnings } = selectNodes(open, {
    ...options,
    resourceTypes: options.models === true ? ["source", "model"] : ["source"],
  });
  for (const event of selectionEvents(warnings)) options.onEvent(event);
  await learnStaged(open);
  const chosen = new Map(agedNodes(open, nodes, options.onEvent).map((aged) => [aged.uniqueId, aged]));
  const command = options.models === true ? "freshness" : "source freshness";
  const threads = threadsOf(open, options.threads);
  options.onEvent({
    kind: "run-started",
    command,
    invocationId,
    total: chosen.size,
    threads,
  });
  const begin = performance.now();
  const tasks = [...chosen.keys()].map((id) => ({ id, parents: [] }));
  const results = await withAdapter(open.project.target, open.effects.signal, async (adapter, isCopy) => {
    const results = await schedule(tasks, {
      threads,
      openWorker: () => openWorker(adapter),
      run: async (id, { session }, { thread }) => ({
        result: await checkOne(open, chosen.get(id)!, session, thread),
        blocks: false,
      }),
      skip: (id) => failed(open, chosen.get(id)!, "cancelled", ""),
      onEvent: options.onEvent,
      ...(options.signal && { signal: options.signal }),
    });
    if (!isCopy) await recordFreshness(open, adapter, results, options.onEvent);
    return results;
  });
  const generatedAt = effects.now().toISOString();
  const facts = {
    command,
    args: options.args ?? {},
    invocationId,
    startedAt,
    generatedAt,
    elapsedTime: (performance.now() - begin) / 1000,
  };
  const run = { ...facts, results };
  const ofSources = { ...run, results: results.filter(({ uniqueId }) => parsed.graph.sources.has(uniqueId)) };
  writeArtifact(targetFolder, "sources.json", sources(parsed.graph, ofSources, open.customEnv));
  options.onEvent({ kind: "run-finished", run: facts, results });
  if (options.signal?.aborted !== true)
    await alertRun(
      open,
      command,
      judgeFreshness(results, parsed.graph, open.project.alerts),
      options.onEvent,
    );
  return run;
}

async function checkOne(
  open: OpenProject,
  aged: Aged,
  session: Session,
  thread: number,
): Promise<FreshnessResult> {
  const { effects } = open;
  const started = effects.now();
  const begin = performance.now();
  const threadId = `Thread-${thread + 1}`;
  try {
    const verdict = await checkFreshness(aged, session, started);
    return {
      uniqueId: aged.uniqueId,
      ...verdict,
      threadId,
      executionTime: (performance.now() - begin) / 1000,
      timing: [
        { name: "execute", startedAt: started.toISOString(), completedAt: effects.now().toISOString() },
      ],
    };
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    return failed(open, aged, messageOf(error), threadId);
  }
}

function failed(open: OpenProject, aged: Aged, message: string, threadId: string): FreshnessResult {
  const snapshottedAt = open.effects.now().toISOString();
  return {
    uniqueId: aged.uniqueId,
    status: "runtime error",
    maxLoadedAt: null,
    snapshottedAt,
    ageSeconds: null,
    message,
    threadId,
    executionTime: 0,
    timing: [],
  };
}
