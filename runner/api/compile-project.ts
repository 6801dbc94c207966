import type { Compiled } from "../plan/compile.ts";
import { compileNodes, compilerFor, externalPlaces } from "./compile-nodes.ts";
import { fillDeferred } from "./defer.ts";
import { withIntrospection } from "./introspect.ts";
import type { OpenProject } from "./open-project.ts";
import { saveManifest } from "./save-artifacts.ts";
import { isGraphNode, selectNodes } from "./select-nodes.ts";
import type { Selection, SelectionWarning } from "./select-nodes.ts";
import { withSession } from "./with-session.ts";

export type CompiledProject = {
  /** By unique id. */
  readonly compiled: ReadonlyMap<string, Compiled>;
  readonly warnings: readonly SelectionWarning[];
};

/**
 * Compiles what is selected, without a warehouse but for what templates ask it: incremental models as they are on their first run. Writes the manifest and the
 * SQL.
 */
export async function compileProject(open: OpenProject, selection: Selection): Promise<CompiledProject> {
  const { nodes, warnings } = selectNodes(open, selection);
  if (open.defer) {
    const ids = new Set(nodes.map(({ uniqueId }) => uniqueId));
    if (open.defer.favorState) await fillDeferred(open, ids, null);
    else await withSession(open.project.target, (session) => fillDeferred(open, ids, session));
  }
  const { introspective } = open.parsed;
  const compiled = await withIntrospection(open, (settle) =>
    compileNodes(
      compilerFor(open, () => false),
      nodes.filter(isGraphNode),
      open.dialect,
      externalPlaces(open),
      { introspective, settle },
    ),
  );
  await saveManifest(open, compiled);
  return { compiled, warnings };
}
