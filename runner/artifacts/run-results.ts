import type { JsonObject } from "../base/json.ts";
import { EXAMPLES } from "../execute/results.ts";
import type { CheckFacts, NodeResult, RunResults } from "../execute/results.ts";
import type { Invocation } from "./metadata.ts";
import { runResultsFrame } from "./run-results-frame.ts";

/** `run_results.json`, version 6: what became of each node, in the order in which they ended, between the hooks of the run. */
export function runResults(run: RunResults, env: Invocation["env"] = {}): JsonObject {
  const { before, after } = runResultsFrame(run, env);
  const { start = [], end = [] } = run.hooks ?? {};
  return { ...before, results: [...start, ...run.results, ...end].map(resultEntry), ...after };
}

/** The same entries as JSON, as they stand between two ends. */
export const runResultsEntries = (results: readonly NodeResult[]): string =>
  JSON.stringify(results.map(resultEntry)).slice(1, -1);

function resultEntry(result: NodeResult): JsonObject {
  const hasCode = /^(?:model|snapshot|test|unit_test|operation)\./.test(result.uniqueId);
  return {
    // Version 6 has no word for what is as it would be; "no-op" is the nearest, and says that nothing was done.
    status: result.status === "reused" ? "no-op" : result.status,
    timing: timingEntries(result.timing),
    thread_id: result.threadId,
    execution_time: result.executionTime,
    adapter_response: {
      ...result.adapterResponse,
      ...(result.rows !== null && { rows_affected: result.rows }),
      ...(result.check && checkResponse(result.check)),
    },
    message: result.message,
    failures: result.failures,
    unique_id: result.uniqueId,
    compiled: hasCode ? result.compiledCode !== null : null,
    compiled_code: result.compiledCode,
    relation_name: result.relationName,
    batch_results: result.batches ?? null,
  };
}

/** dbt's schema has no place for what a test looked at, but lets the engine's answer hold anything. */
function checkResponse({ rowsChecked, measured, found, compiledPath, lastPassedAt }: CheckFacts): JsonObject {
  const counts = { rows_checked: rowsChecked, ...(measured !== null && { measured }) };
  if (found === null) return counts;
  const examples = found.rows
    .slice(0, EXAMPLES)
    .map((row) => Object.fromEntries(found.columns.map((name, i) => [name, row[i] ?? null])));
  return { ...counts, examples, compiled_path: compiledPath, last_passed_at: lastPassedAt };
}

export const timingEntries = (timing: NodeResult["timing"]): JsonObject[] =>
  timing.map(({ name, startedAt, completedAt }) => ({
    name,
    started_at: startedAt,
    completed_at: completedAt,
  }));
