import { nameWithVersion } from "./versions.ts";
import type { AnyNode, Graph, ModelNode } from "./types.ts";

export type DeprecationWarning = { readonly code: string; readonly message: string; readonly hint: string };

/**
 * What is said of models whose time is over or has an end: of the model, once its day has come, and of what refers to it, from the day on
 * that it is known. Tests of the model itself are no reason to wait for anything. `now`: milliseconds since 1970.
 */
export function deprecations(graph: Graph, now: number): DeprecationWarning[] {
  return graph.deprecated.flatMap((id) => {
    const node = graph.nodes.get(id);
    if (node?.resourceType !== "model" || node.deprecationDate === null) return [];
    const isOver = Date.parse(node.deprecationDate) <= now;
    const [what, day] = [`"${nameWithVersion(node)}"`, dayOf(node.deprecationDate)];
    const own = isOver
      ? [
          {
            code: "MODEL_DEPRECATED",
            message: `${what} is deprecated since ${day}`,
            hint: "take it away when nobody reads it any more",
          },
        ]
      : [];
    const readers = readersOf(graph, node);
    if (readers.length === 0) return own;
    const list = `${readers.slice(0, 5).join(", ")}${readers.length > 5 ? ` and ${readers.length - 5} more` : ""}`;
    const since = isOver ? `is deprecated since ${day}` : `will be deprecated on ${day}`;
    const message = `${what} ${since}, and ${list} ${readers.length === 1 ? "refers" : "refer"} to it`;
    const code = isOver ? "REF_DEPRECATED" : "REF_DEPRECATION_UPCOMING";
    return [...own, { code, message, hint: hintOf(node) }];
  });
}

function readersOf({ children, nodes, exposures }: Graph, { uniqueId }: ModelNode): string[] {
  return (children.get(uniqueId) ?? []).flatMap((id) => {
    const child: AnyNode | undefined = nodes.get(id) ?? exposures.get(id);
    if (child === undefined) return [];
    return child.resourceType === "test" && child.generic?.attachedNode === uniqueId
      ? []
      : [`"${nameWithVersion(child)}"`];
  });
}

const hintOf = ({ name, version, latestVersion }: ModelNode): string =>
  version !== null && latestVersion !== null && String(version) !== String(latestVersion)
    ? `move to the latest version, ref('${name}', v=${JSON.stringify(latestVersion)})`
    : "move to what takes its place";

/** The day alone where nothing else was said. */
const dayOf = (instant: string): string => instant.replace(/T00:00:00\.000Z$/, "").replace(/\.000Z$/, "Z");
