import type { FilePath } from "../project/types.ts";
import { Templates } from "./templates.ts";
import type { GraphNode } from "./types.ts";
import { report } from "./workshop.ts";
import type { Twin, Workshop } from "./workshop.ts";

/**
 * Nodes of which some have further files of their names. As in dbt, all but one of a name may be switched off; whether they are is known only when
 * they are made. `make` makes a node of a file, with what it leaves in the workshop.
 */
export function settleTwins<File extends FilePath, Node extends GraphNode>(
  workshop: Workshop,
  kind: "model" | "seed" | "test",
  nodes: Node[],
  twins: readonly Twin<File>[],
  make: (workshop: Workshop, name: string, file: File) => Node,
): Node[] {
  for (const { name, file, first } of twins) {
    const at = nodes.findIndex((node) => node.name === name && !isVersion(node));
    const other = nodes[at];
    // Both would be kept under one id.
    const apart: Workshop = { ...workshop, templates: new Templates(), introspective: new Set<string>() };
    const twin = make(apart, name, file);
    if (!twin.config.enabled) workshop.off.push(twin);
    else if (other === undefined || other.config.enabled) {
      const message = `${kind} "${name}" is also in ${first.file}`;
      const hint = `a ${kind} is named by its file: rename one of the two, or switch it off (enabled: false)`;
      report(workshop, { file: file.file, line: 1, column: 1 }, "NAME_DUPLICATE", message, hint);
    } else {
      workshop.off.push(other);
      nodes[at] = twin;
      for (const [id, source] of apart.templates.sources()) workshop.templates.set(id, source);
      workshop.introspective.delete(other.uniqueId);
      for (const id of apart.introspective) workshop.introspective.add(id);
    }
  }
  return nodes;
}

const isVersion = (node: GraphNode): boolean => node.resourceType === "model" && node.version !== null;
