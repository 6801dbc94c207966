import { isRelation } from "../graph/relation-nodes.ts";
import type { Session } from "../adapters/adapter.ts";
import { runResults } from "../artifacts/run-results.ts";
import { writeArtifact } from "../artifacts/write-artifacts.ts";
import { StatloomError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import type { NodeResult, RunResults } from "../execute/results.ts";
import type { RunEvent } from "../execute/run-event.ts";
import { createSchemas, readWarehouse } from "../execute/warehouse-state.ts";
import type { WarehouseState } from "../execute/warehouse-state.ts";
import type { RelationNode } from "../graph/types.ts";
import { STATE_ELSEWHERE, attachState, deferState, relationIn } from "./defer.ts";
import type { OpenProject } from "./open-project.ts";
import { obeying, selectNodes, selectionEvents } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";
import { withSession } from "./with-session.ts";

export type CloneOptions = Selection & {
  /** Also what is there already. */
  readonly fullRefresh: boolean;
  readonly args?: JsonObject;
  readonly onEvent: (event: RunEvent) => void;
};

/**
 * Makes here what an earlier state has: views of its relations where they are in the same database, copies where they are in another.
 * What is there already stays. Writes `run_results.json`.
 */
export async function cloneNodes(open: OpenProject, asked: CloneOptions): Promise<RunResults> {
  const options = { ...asked, onEvent: obeying(open, asked.onEvent) };
  const { effects, invocationId, startedAt, dialect, targetFolder } = open;
  const state = deferState(open, "clone");
  const { nodes, warnings } = selectNodes(open, { ...options, resourceTypes: ["model", "seed", "snapshot"] });
  for (const event of selectionEvents(warnings)) options.onEvent(event);
  const chosen = nodes.filter(isRelation);
  const total = chosen.length;
  options.onEvent({ kind: "run-started", command: "clone", invocationId, total, threads: 1 });
  const begin = performance.now();
  const results: NodeResult[] = [];
  await withSession(open.project.target, open.effects.signal, async (session) => {
    const schemas = new Set(chosen.map(({ relation }) => relation.schema));
    await createSchemas(session, dialect, schemas);
    const warehouse = await readWarehouse(session, dialect, schemas);
    const database = await attachState(open, session);
    for (const [i, node] of chosen.entries()) {
      const { uniqueId } = node;
      options.onEvent({ kind: "node-started", uniqueId, index: i + 1, total });
      const entry = state.nodes[uniqueId];
      const from = entry && dialect.quoteRelation(relationIn(entry, database));
      const result = await cloneOne(
        open,
        node,
        from,
        database !== null,
        session,
        warehouse,
        options.fullRefresh,
      );
      results.push(result);
      options.onEvent({ kind: "node-finished", uniqueId, result, index: i + 1, total });
    }
  });
  const facts = {
    command: "clone",
    args: options.args ?? {},
    invocationId,
    startedAt,
    generatedAt: effects.now().toISOString(),
    elapsedTime: (performance.now() - begin) / 1000,
  };
  const run = { ...facts, results };
  writeArtifact(targetFolder, "run_results.json", runResults(run, open.customEnv));
  options.onEvent({ kind: "run-finished", run: facts, results });
  return run;
}

async function cloneOne(
  { dialect, effects }: OpenProject,
  node: RelationNode,
  from: string | undefined,
  isElsewhere: boolean,
  session: Session,
  warehouse: WarehouseState,
  fullRefresh: boolean,
): Promise<NodeResult> {
  const started = effects.now();
  const begin = performance.now();
  const to = dialect.quoteRelation(node.relation);
  const result = (status: NodeResult["status"], message: string): NodeResult => ({
    uniqueId: node.uniqueId,
    status,
    message,
    failures: null,
    rows: null,
    compiledCode: null,
    relationName: to,
    timing: [{ name: "execute", startedAt: started.toISOString(), completedAt: effects.now().toISOString() }],
    threadId: "Thread-1",
    executionTime: (performance.now() - begin) / 1000,
    adapterResponse: {},
  });
  const current = warehouse.kindOf(node.relation);
  if (from === undefined) return result("success", "not in the state");
  if (from === to && current === null)
    return result("error", `STATE_ELSEWHERE ${to} is not here: ${STATE_ELSEWHERE}`);
  if (from === to) return result("success", "the state is this very relation");
  if (current !== null && !fullRefresh) return result("success", "there already");
  const kind = isElsewhere ? "table" : "view";
  try {
    await session.transaction(async () => {
      if (current !== null) await session.run(dialect.drop(node.relation, current));
      await session.run(`create ${kind} ${to} as select * from ${from}`);
    });
    warehouse.note(node.relation, kind);
    return result("success", `${kind === "view" ? "view" : "copy"} of ${from}`);
  } catch (error) {
    if (!(error instanceof StatloomError)) throw error;
    return result("error", `${error.code} ${messageOf(error)}`);
  }
}
