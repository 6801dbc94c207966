import type { BuildRecord, Reason } from "../plan/changed/decide.ts";
import type { GraphNode } from "../graph/types.ts";
import { flagsOf } from "./build-options.ts";
import type { BuildOptions } from "./build-options.ts";
import type { OpenProject } from "./open-project.ts";
import { prepareBuild } from "./prepare-build.ts";
import { isGraphNode, selectNodes } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";

/** Whether `build --changed` would build a node, and why. */
export type Explanation = {
  readonly node: GraphNode;
  /** None: it would be reused. */
  readonly reasons: readonly Reason[];
  /** What the warehouse remembers of its last build. */
  readonly last: BuildRecord | null;
};

/** The same for what is selected, as a build of it and of everything above it would find it. Nothing is changed. */
export async function explainChanges(
  open: OpenProject,
  selection: Selection,
  onEvent: BuildOptions["onEvent"],
): Promise<Explanation[]> {
  const { nodes } = selectNodes(open, { ...selection, indirectSelection: "empty" });
  const wanted = new Set(nodes.map(({ uniqueId }) => uniqueId));
  const ids = new Set<string>();
  const add = (id: string): void => {
    if (ids.has(id)) return;
    ids.add(id);
    for (const parent of open.parsed.graph.parents.get(id) ?? []) add(parent);
  };
  for (const id of wanted) add(id);
  const build: BuildOptions = { command: "build", select: [], exclude: [], ids, onEvent };
  const { changes, adapter } = await prepareBuild({ ...open, flags: flagsOf(build) }, build, true);
  await adapter.close();
  return nodes.filter(isGraphNode).flatMap((node): Explanation[] => {
    const reasons = changes.reasons.get(node.uniqueId);
    return reasons ? [{ node, reasons, last: changes.records.get(node.uniqueId) ?? null }] : [];
  });
}
