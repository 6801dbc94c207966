import { explainPlan } from "../plan/explain-plan.ts";
import { planModel } from "../plan/plan-model.ts";
import { planSeed } from "../plan/plan-seed.ts";
import type { BuildOptions } from "./build-nodes.ts";
import { inProject } from "./open-project.ts";
import type { OpenProject } from "./open-project.ts";
import { prepareBuild } from "./prepare-build.ts";

/** What a build would send, as SQL that can be read and run; nothing is changed. */
export async function explainNodes(open: OpenProject, options: BuildOptions): Promise<string> {
  const { nodes, compiled, warehouse, adapter } = await prepareBuild(open, options, true);
  await adapter.close();
  const context = { dialect: open.dialect, fullRefresh: options.fullRefresh ?? false, queryColumns: null };
  const plans = nodes.map((node) => {
    const sql = compiled.get(node.uniqueId)?.compiledCode ?? "";
    if (node.resourceType === "test") return `-- ${node.uniqueId}: test\n${sql};`;
    const kind = warehouse.kindOf(node.relation);
    const current = kind && { kind, columns: [] };
    if (node.resourceType === "model") return explainPlan(planModel(node, sql, current, context));
    return explainPlan(planSeed(node, inProject(open, node.originalFilePath), current, context));
  });
  return plans.join("\n\n");
}
