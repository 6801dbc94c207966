import type { Session } from "../adapters/adapter.ts";
import { customEnvironment } from "../artifacts/metadata.ts";
import { sources } from "../artifacts/sources.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { StatloomError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { checkFreshness, hasFreshness } from "../checks/freshness.ts";
import type { FreshnessResult, FreshnessResults } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { schedule } from "../execute/schedule.ts";
import type { SourceNode } from "../graph/types.ts";
import { alertRun } from "./alert-run.ts";
import { judgeFreshness } from "./judge-run.ts";
import type { OpenProject } from "./open-project.ts";
import { openWorker } from "./session-worker.ts";
import { recordFreshness } from "./record-run.ts";
import { obeying, selectNodes, selectionEvents, threadsOf } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";
import { withAdapter } from "./with-session.ts";

export type FreshnessOptions = Selection & {
  readonly threads?: number | undefined;
  readonly args?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onEvent: (event: RunEvent<FreshnessResult>) => void;
};

/** Checks how old the selected sources are; writes `sources.json`. */
export async function sourceFreshness(open: OpenProject, asked: FreshnessOptions): Promise<FreshnessResults> {
  const options = { ...asked, onEvent: obeying(open, asked.onEvent) };
  const { effects, invocationId, startedAt, targetFolder, parsed } = open;
  const { nodes, warnings } = selectNodes(open, { ...options, resourceTypes: ["source"] });
  for (const event of selectionEvents(warnings)) options.onEvent(event);
  const judged = nodes.filter(
    (node) => node.resourceType === "source" && node.freshness !== null,
  ) as SourceNode[];
  for (const { uniqueId, sourceName, name } of judged.filter((source) => !hasFreshness(source))) {
    const message = `how old ${sourceName}.${name} is cannot be known: name its loaded_at_field`;
    options.onEvent({ kind: "warning", code: "FRESHNESS_UNKNOWABLE", message, uniqueId });
  }
  const chosen = new Map(judged.filter(hasFreshness).map((source) => [source.uniqueId, source]));
  const threads = threadsOf(open, options.threads);
  options.onEvent({
    kind: "run-started",
    command: "source freshness",
    invocationId,
    total: chosen.size,
    threads,
  });
  const begin = performance.now();
  const tasks = [...chosen.keys()].map((id) => ({ id, parents: [] }));
  const results = await withAdapter(open.project.target, async (adapter, isCopy) => {
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
    command: "source freshness",
    args: options.args ?? {},
    invocationId,
    startedAt,
    generatedAt,
    elapsedTime: (performance.now() - begin) / 1000,
  };
  const run = { ...facts, results };
  writeArtifact(targetFolder, "sources.json", sources(parsed.graph, run, customEnvironment(effects.env)));
  options.onEvent({ kind: "run-finished", run: facts, results });
  if (options.signal?.aborted !== true)
    await alertRun(
      open,
      "source freshness",
      judgeFreshness(results, parsed.graph, open.project.alerts),
      options.onEvent,
    );
  return run;
}

async function checkOne(
  open: OpenProject,
  source: SourceNode,
  session: Session,
  thread: number,
): Promise<FreshnessResult> {
  const { effects } = open;
  const started = effects.now();
  const begin = performance.now();
  const threadId = `Thread-${thread + 1}`;
  try {
    const verdict = await checkFreshness(source, open.sources, session, started);
    return {
      uniqueId: source.uniqueId,
      ...verdict,
      threadId,
      executionTime: (performance.now() - begin) / 1000,
      timing: [
        { name: "execute", startedAt: started.toISOString(), completedAt: effects.now().toISOString() },
      ],
    };
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    return failed(open, source, messageOf(error), threadId);
  }
}

function failed(open: OpenProject, source: SourceNode, message: string, threadId: string): FreshnessResult {
  const snapshottedAt = open.effects.now().toISOString();
  return {
    uniqueId: source.uniqueId,
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
