import type { Json } from "../base/json.ts";
import { executeHooks } from "../execute/execute-plan.ts";
import type { NodeResult } from "../execute/results.ts";
import { nodeOrUnitTest } from "../graph/node-by-id.ts";
import type { Graph } from "../graph/types.ts";
import { planRunHook } from "../plan/run-hooks.ts";
import { queryCommentOf } from "../plan/query-comment.ts";
import type { Step } from "../plan/step.ts";
import type { RunHook } from "../project/types.ts";
import { compileInputOf } from "./compile-input.ts";
import { settleWith } from "./introspect.ts";
import type { OpenProject } from "./open-project.ts";
import type { Prepared } from "./prepare-build.ts";

type Name = "on-run-start" | "on-run-end";

/** The hooks of a run as steps, as they are before anything ran; of one that asks the warehouse it is said. Throws a ProjectError. */
export function runHookSteps(open: OpenProject, name: Name): Step[] {
  const input = compileInputOf(open);
  return hooksOf(open, name).flatMap((hook): Step[] => {
    let asks = true;
    const step = open.queries.without(() => {
      const planned = planRunHook(input, name, hook);
      asks = false;
      return planned;
    });
    if (asks)
      return [{ kind: "hook", label: `${name} hook`, sql: "-- written when it runs: it asks the warehouse" }];
    return step === null ? [] : [step];
  });
}

const hooksOf = ({ project }: OpenProject, name: Name): readonly RunHook[] =>
  name === "on-run-start" ? project.onRunStart : project.onRunEnd;

/** Runs them, where there is anything to build, one after the other. Throws OperationError with the text of the one that failed. */
export async function runHooks(
  open: OpenProject,
  { nodes, adapter }: Prepared,
  name: Name,
  results: readonly NodeResult[] = [],
): Promise<void> {
  if (nodes.length === 0) return;
  // What cannot be rendered is told before anything runs, where that is known.
  for (const each of name === "on-run-start" ? (["on-run-start", "on-run-end"] as const) : [])
    runHookSteps(open, each);
  const hooks = hooksOf(open, name);
  if (hooks.length === 0) return;
  const told = results.map((result) => resultOf(result, open.parsed.graph));
  const session = await adapter.session();
  session.annotate(queryCommentOf(compileInputOf(open), null));
  const settle = settleWith(open, session);
  try {
    for (const hook of hooks) {
      const step = await settle(() => planRunHook(compileInputOf(open), name, hook, told));
      if (step === null) continue;
      await executeHooks([step], session);
      open.queries.forget();
    }
  } finally {
    await session.close();
  }
}

/** In dbt's words. */
function resultOf(
  { uniqueId, status, message, failures, rows, executionTime }: NodeResult,
  graph: Graph,
): Json {
  const node = nodeOrUnitTest(graph, uniqueId)!;
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
