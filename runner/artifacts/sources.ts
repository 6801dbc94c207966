import type { JsonObject } from "../base/json.ts";
import type { FreshnessResult, FreshnessResults } from "../execute/results.ts";
import type { Graph } from "../graph/types.ts";
import { freshnessCriteria } from "./manifest-config.ts";
import { metadataOf } from "./metadata.ts";
import type { Invocation } from "./metadata.ts";
import { timingEntries } from "./run-results.ts";

/** `sources.json`, version 3: how old each source was found, and by which limits it was judged. */
export function sources(graph: Graph, run: FreshnessResults, env: Invocation["env"] = {}): JsonObject {
  return {
    metadata: metadataOf("sources", { ...run, env }),
    results: run.results.map((result) => freshnessEntry(graph, result)),
    elapsed_time: run.elapsedTime,
  };
}

/** The schema has a shape for an age that was measured and a shorter one for a query that failed. */
function freshnessEntry(graph: Graph, result: FreshnessResult): JsonObject {
  const { uniqueId, maxLoadedAt, ageSeconds } = result;
  if (maxLoadedAt === null || ageSeconds === null) {
    return { unique_id: uniqueId, error: result.message, status: "runtime error" };
  }
  const node = graph.nodes.get(uniqueId);
  const ofModel = node?.resourceType === "model" ? node.config.freshness : null;
  const freshness = graph.sources.get(uniqueId)?.freshness ??
    ofModel ?? {
      warnAfter: null,
      errorAfter: null,
      filter: null,
    };
  return {
    unique_id: uniqueId,
    max_loaded_at: maxLoadedAt,
    snapshotted_at: result.snapshottedAt,
    max_loaded_at_time_ago_in_s: ageSeconds,
    status: result.status,
    criteria: freshnessCriteria(freshness),
    adapter_response: {},
    timing: timingEntries(result.timing),
    thread_id: result.threadId,
    execution_time: result.executionTime,
  };
}
