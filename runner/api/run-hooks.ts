import type { Json } from "../base/json.ts";
import { executeHooks } from "../execute/execute-plan.ts";
import type { NodeResult } from "../execute/results.ts";
import type { Graph } from "../graph/types.ts";
import { planRunHooks } from "../plan/run-hooks.ts";
import { queryCommentOf } from "../plan/query-comment.ts";
import type { Step } from "../plan/step.ts";
import { compileInputOf } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";
import type { Prepared } from "./prepare-build.ts";

type Name = "on-run-start" | "on-run-end";

/** The hooks of a run as steps; without results as they are before anything ran. Throws a ProjectError. */
export function runHookSteps(open: OpenProject, name: Name, results: readonly NodeResult[] = []): Step[] {
  const { onRunStart, onRunEnd } = open.project;
  const hooks = name === "on-run-start" ? onRunStart : onRunEnd;
  if (hooks.length === 0) return [];
  const told = results.map((result) => resultOf(result, open.parsed.graph));
  return planRunHooks(compileInputOf(open), name, hooks, told);
}

/** Runs them, where there is anything to build. Throws OperationError with the text of the one that failed. */
export async function runHooks(
  open: OpenProject,
  { nodes, adapter }: Prepared,
  name: Name,
  results: readonly NodeResult[] = [],
): Promise<void> {
  if (nodes.length === 0) return;
  const steps = runHookSteps(open, name, results);
  // What cannot be rendered at the end is told at the start, where that is known.
  if (name === "on-run-start") runHookSteps(open, "on-run-end");
  if (steps.length === 0) return;
  const session = await adapter.session();
  session.annotate(queryCommentOf(compileInputOf(open), null));
  try {
    await executeHooks(steps, session);
  } finally {
    await session.close();
  }
}

/** In dbt's words. */
function resultOf(
  { uniqueId, status, message, failures, rows, executionTime }: NodeResult,
  graph: Graph,
): Json {
  const node = graph.nodes.get(uniqueId)!;
  return {
    unique_id: uniqueId,
    status,
    message,
    failures,
    rows_affected: rows,
    execution_time: executionTime,
    node: { unique_id: uniqueId, name: node.name, resource_type: node.resourceType },
  };
}
