import type { Place } from "../base/problems.ts";
import { Templates } from "./templates.ts";
import type { GraphNode } from "./types.ts";
import { report } from "./workshop.ts";
import type { Twin, Workshop } from "./workshop.ts";

/**
 * Nodes of which some have further files or entries of their names. As in dbt, all but one of a name may be switched off; whether they are is
 * known only when they are made. `make` makes a node of one, with what it leaves in the workshop.
 */
export function settleTwins<Entry, Node extends GraphNode>(
  workshop: Workshop,
  kind: "model" | "seed" | "snapshot" | "test",
  nodes: Node[],
  twins: readonly Twin<Entry>[],
  make: (workshop: Workshop, name: string, entry: Entry) => Node,
): Node[] {
  for (const { name, entry } of twins) {
    const apart = outOfTheWay(workshop);
    const twin = make(apart, name, entry);
    const at = nodes.findIndex(({ uniqueId }) => uniqueId === twin.uniqueId);
    const other = nodes[at]!;
    if (!twin.config.enabled) workshop.off.push(twin);
    else if (other.config.enabled) reportTwin(workshop, kind, twin, other.place);
    else {
      workshop.off.push(other);
      nodes[at] = twin;
      for (const [id, source] of apart.templates.sources()) workshop.templates.set(id, source);
      workshop.introspective.delete(other.uniqueId);
      for (const id of apart.introspective) workshop.introspective.add(id);
    }
  }
  return nodes;
}

/** Where nodes are made that may be switched off: all nodes of an id would be kept under it. */
export const outOfTheWay = (workshop: Workshop): Workshop => ({
  ...workshop,
  templates: new Templates(),
  introspective: new Set(),
});

function reportTwin(
  workshop: Workshop,
  kind: "model" | "seed" | "snapshot" | "test",
  { name, place }: GraphNode,
  other: Place,
): void {
  const isFile = kind !== "snapshot";
  const where = isFile ? other.file : `${other.file}:${other.line}`;
  const hint = `${isFile ? `a ${kind} is named by its file: ` : ""}rename one of the two, or switch it off (enabled: false)`;
  report(workshop, place, "NAME_DUPLICATE", `${kind} "${name}" is also in ${where}`, hint);
}
