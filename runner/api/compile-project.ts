import { sqlPath } from "../artifacts/sql-paths.ts";
import { sqlThread } from "../artifacts/write-artifacts.ts";
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
    else
      await withSession(open.project.target, open.effects.signal, (session) =>
        fillDeferred(open, ids, session),
      );
  }
  const { introspective } = open.parsed;
  const thread = sqlThread(open.targetFolder, "compiled", nodes.length, open.disk);
  const compiler = compilerFor(open, () => false);
  const wanted = nodes.filter(isGraphNode);
  try {
    compiler.foresee(wanted);
    const compiled = await withIntrospection(open, (settle) =>
      compileNodes(
        compiler,
        wanted,
        open.dialect,
        externalPlaces(open),
        { introspective, settle },
        (node, { compiledCode }) => thread?.put(sqlPath(node), compiledCode),
      ),
    );
    await saveManifest(open, compiled, {}, thread);
    return { compiled, warnings };
  } catch (error) {
    // What was compiled is written and listed: a file is never left half.
    await thread?.end();
    throw error;
  }
}
