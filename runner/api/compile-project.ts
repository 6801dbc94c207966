import type { Compiled } from "../plan/compile.ts";
import { compileNodes, compilerFor } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";
import { saveManifest } from "./save-artifacts.ts";
import { isGraphNode, selectNodes } from "./select-nodes.ts";
import type { Selection } from "./select-nodes.ts";

/**
 * Compiles what is selected, without a warehouse: incremental models as they are on their first run. Writes the manifest and the
 * SQL; returns it by unique id.
 */
export function compileProject(open: OpenProject, selection: Selection): ReadonlyMap<string, Compiled> {
  const { nodes } = selectNodes(open, selection);
  const compiled = compileNodes(
    compilerFor(open, () => false),
    nodes.filter(isGraphNode),
  );
  saveManifest(open, compiled);
  return compiled;
}
