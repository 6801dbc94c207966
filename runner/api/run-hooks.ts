import type { Json } from "../base/json.ts";
import { messageOf } from "../base/errors.ts";
import { executeHooks } from "../execute/execute-plan.ts";
import { notRun } from "../execute/results.ts";
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

export type HooksRun = {
  readonly results: readonly NodeResult[];
  /** Of the first that failed, with its text; the ones after it were not run. */
  readonly failure: unknown;
};

export const noneRun: HooksRun = { results: [], failure: undefined };

/**
 * Runs them, where there is anything to build, one after the other. Throws a ProjectError where it is known before anything runs that one cannot be
 * rendered.
 */
export async function runHooks(
  open: OpenProject,
  { nodes, adapter }: Prepared,
  name: Name,
  results: readonly NodeResult[] = [],
): Promise<HooksRun> {
  if (nodes.length === 0) return noneRun;
  // What cannot be rendered is told before anything runs, where that is known.
  for (const each of name === "on-run-start" ? (["on-run-start", "on-run-end"] as const) : [])
    runHookSteps(open, each);
  const hooks = hooksOf(open, name);
  if (hooks.length === 0) return noneRun;
  const { graph } = open.parsed;
  const ended = {
    results: results.map((result) => resultOf(result, graph)),
    schemas: schemasOf(results, graph),
  };
  const session = await adapter.session();
  session.annotate(queryCommentOf(compileInputOf(open), null));
  const settle = settleWith(open, session);
  const done: NodeResult[] = [];
  let failure: unknown;
  try {
    for (const hook of hooks) {
      const { uniqueId } = hook;
      if (failure !== undefined) {
        done.push({ ...notRun(uniqueId), message: `skipped because another ${name} hook failed` });
        continue;
      }
      const startedAt = open.effects.now().toISOString();
      const begin = performance.now();
      let sql: string | null = null;
      try {
        const step = await settle(() => planRunHook(compileInputOf(open), name, hook, ended));
        if (step?.kind === "hook") ({ sql } = step);
        const { file, line, column } = hook.place;
        const label = `${name} hook of ${file}:${line}:${column}`;
        if (step !== null) await executeHooks([{ ...step, label }], session);
        open.queries.forget();
      } catch (error) {
        failure = error;
      }
      const completedAt = open.effects.now().toISOString();
      done.push({
        ...notRun(uniqueId),
        status: failure === undefined ? "success" : "error",
        message: failure === undefined ? null : messageOf(failure),
        compiledCode: sql,
        timing: [{ name: "execute", startedAt, completedAt }],
        threadId: "main",
        executionTime: (performance.now() - begin) / 1000,
      });
    }
  } finally {
    await session.close();
  }
  return { results: done, failure };
}

/** Where something was built, each once. */
function schemasOf(results: readonly NodeResult[], { nodes }: Graph): string[] {
  const built = results.flatMap(({ uniqueId, status }) => {
    const node = nodes.get(uniqueId);
    const isThere = status === "success" || status === "partial success" || status === "reused";
    return isThere && node !== undefined && node.resourceType !== "test" ? [node.relation.schema] : [];
  });
  return [...new Set(built)].toSorted();
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
