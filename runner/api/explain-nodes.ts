import { isAsItWouldBe } from "./plan-changes.ts";
import { QueryError } from "../adapters/query-error.ts";
import { plural } from "../base/text.ts";
import { chooseBatches } from "../execute/build-microbatch.ts";
import { describeQuery } from "../execute/describe-query.ts";
import { planSnapshotNow } from "../execute/build-snapshot.ts";
import { finished, heldGrants, hooksOf, planBuild } from "../execute/build-node.ts";
import { testsBefore } from "../graph/audits.ts";
import type { BuildContext } from "../execute/build-node.ts";
import type { GraphNode, ModelNode } from "../graph/types.ts";
import { externalPath } from "../plan/external/external-path.ts";
import { explainPlan, explainSteps } from "../plan/explain-plan.ts";
import { planAnnotations } from "../plan/annotate.ts";
import { planHooks } from "../plan/hooks.ts";
import { isMicrobatch, planBatch } from "../plan/microbatch/plan-microbatch.ts";
import type { MicrobatchModel } from "../plan/microbatch/plan-microbatch.ts";
import { planModel } from "../plan/plan-model.ts";
import { planSeed } from "../plan/plan-seed.ts";
import type { NodePlan } from "../plan/step.ts";
import { flagsOf } from "./build-options.ts";
import type { BuildOptions } from "./build-options.ts";
import { compilerFor, externalPlaces } from "./compile-nodes.ts";
import { failingOf } from "./made-relation.ts";
import { fileOf } from "./open-project.ts";
import type { OpenProject } from "./open-project.ts";
import { sampledWindow } from "./run-microbatch.ts";
import { runHookSteps } from "./run-hooks.ts";
import { prepareBuild } from "./prepare-build.ts";

/** What a build would send, as SQL that can be read and run; nothing is changed. */
export async function explainNodes(opened: OpenProject, options: BuildOptions): Promise<string> {
  const open = { ...opened, flags: flagsOf(options) };
  const {
    nodes: chosen,
    audits,
    changes,
    compiled,
    hooks,
    warehouse,
    adapter,
  } = await prepareBuild(open, options, true);
  const nodes = options.changed ? chosen.filter((node) => !isAsItWouldBe(changes, node)) : chosen;
  try {
    const session = await adapter.session();
    const { dialect } = open;
    const context: BuildContext = {
      session,
      dialect,
      warehouse,
      fullRefresh: options.fullRefresh ?? false,
      externals: externalPlaces(open),
      hooks,
    };
    const texts: string[] = [];
    for (const node of nodes) {
      const sql = compiled.get(node.uniqueId)?.compiledCode ?? "";
      const failing = failingOf(open, node, audits);
      const isAudited = node.resourceType !== "test" && testsBefore(node, audits).length > 0;
      const own = { ...context, failing, ...(isAudited && { audit: () => Promise.resolve() }) };
      texts.push(await explainNode(open, options, node, sql, own));
    }
    const run = (name: "on-run-start" | "on-run-end"): string[] =>
      nodes.length === 0 ? [] : explainSteps(runHookSteps(open, name));
    return [...run("on-run-start"), ...texts, ...run("on-run-end")].join("\n\n");
  } finally {
    await adapter.close();
  }
}

async function explainNode(
  open: OpenProject,
  options: BuildOptions,
  node: GraphNode,
  sql: string,
  context: BuildContext,
): Promise<string> {
  if (node.resourceType === "test") return `-- ${node.uniqueId}: test\n${sql};`;
  if (node.resourceType === "model" && isMicrobatch(node)) {
    return explainBatches(open, options, node, context);
  }
  if (node.resourceType === "snapshot") {
    try {
      return explainPlan(await planSnapshotNow(node, sql, Date.parse(open.startedAt), context));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return `-- ${node.uniqueId}: snapshot (${node.config.strategy}) of what is not built yet\n${sql};`;
    }
  }
  if (node.resourceType === "model") return explainPlan(await planAsIs(open, node, sql, context));
  const kind = context.warehouse.kindOf(node.relation);
  const current = kind && { kind, columns: [] };
  const plan = planSeed(node, fileOf(open, node), current, context);
  return explainPlan(await finished(plan, node, context));
}

/** With the columns that the engine knows; a model whose parents are not built yet is planned without. */
async function planAsIs(
  open: OpenProject,
  node: ModelNode,
  sql: string,
  context: BuildContext,
): Promise<NodePlan> {
  try {
    return await planBuild(node, sql, context);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const kind = context.warehouse.kindOf(node.relation);
    const plan = planModel(node, sql, kind && { kind, columns: [] }, {
      ...context,
      queryColumns: null,
      externalPath: externalPath(node, externalPlaces(open)),
    });
    return finished(plan, node, context);
  }
}

/** One batch stands for all: they differ in their times alone. */
async function explainBatches(
  open: OpenProject,
  options: BuildOptions,
  node: MicrobatchModel,
  context: BuildContext,
): Promise<string> {
  const now = Date.parse(open.startedAt);
  const { batches, adds, place } = await chooseBatches(
    node,
    { now, window: sampledWindow(options, now) },
    context,
    false,
  );
  const last = batches.at(-1);
  if (last === undefined) return `-- ${node.uniqueId}: microbatch, no batch is due`;
  const compiler = compilerFor(open, () => adds, {
    batch: { ...last, uniqueId: node.uniqueId },
    portion: options.portion,
  });
  const sql = compiler.compile(node.uniqueId).compiledCode;
  const { session } = context;
  const header = hooksOf(node, context)?.header;
  const queryColumns = await describeQuery(session, sql, header).catch(() => null);
  const columns = adds ? await session.columnsOf(node.relation) : [];
  const current = adds ? ({ kind: "table", columns } as const) : null;
  const plan = planBatch(node, sql, last, place, current, { ...context, queryColumns, now });
  const hooks = hooksOf(node, context);
  const said = planAnnotations(node, context.dialect, await heldGrants(node, context));
  const around = (name: "pre-hook" | "post-hook"): NodePlan | null =>
    hooks ? planHooks(node.uniqueId, name, hooks) : null;
  const text = [around("pre-hook"), plan, said, around("post-hook")]
    .flatMap((each) => (each ? [explainPlan(each)] : []))
    .join("\n");
  return `-- ${node.uniqueId}: ${plural(batches.length, "batch", "batches")} due, the last one:\n${text}`;
}
