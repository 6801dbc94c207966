import { agedSource, hasFreshness, newestOf } from "../checks/freshness.ts";
import type { Aged } from "../checks/freshness.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { AnyNode, ModelNode } from "../graph/types.ts";
import { renderLoadedAtQuery } from "../plan/loaded-at-query.ts";
import { RUN_RESULTS } from "../plan/meta-runs.ts";
import { compileInputOf } from "./compile-input.ts";
import type { OpenProject } from "./open-project.ts";

/** What of the selected nodes has limits for its age; of a source that has no place to read it, a warning is told. */
export function agedNodes(
  open: OpenProject,
  nodes: readonly AnyNode[],
  onEvent: (event: RunEvent<never>) => void,
): Aged[] {
  const input = compileInputOf(open);
  return nodes.flatMap((node): Aged[] => {
    if (node.resourceType === "model") return node.config.freshness === null ? [] : [agedModel(open, node)];
    if (node.resourceType !== "source" || node.freshness === null) return [];
    if (!hasFreshness(node)) {
      const message = `how old ${node.sourceName}.${node.name} is cannot be known: name its loaded_at_field or loaded_at_query`;
      onEvent({ kind: "warning", code: "FRESHNESS_UNKNOWABLE", message, uniqueId: node.uniqueId });
      return [];
    }
    const relation = open.sources.relation(node, { vintage: null, part: "observations" });
    const query =
      node.loadedAtQuery === null
        ? null
        : renderLoadedAtQuery(input, node.loadedAtQuery, relation, node.relation, node.place);
    return [agedSource(node, open.sources, query)];
  });
}

/** A model's age is where it says, and otherwise when it was last built. */
function agedModel(open: OpenProject, { uniqueId, relation, config, place }: ModelNode): Aged {
  const { dialect } = open;
  const freshness = config.freshness!;
  const quoted = dialect.quoteRelation(relation);
  const common = { uniqueId, freshness, known: null };
  const { loaded_at_field: field, loaded_at_query: written } = config;
  const empty = { status: "error", message: "the model is empty" } as const;
  if (written !== null) {
    const query = renderLoadedAtQuery(compileInputOf(open), written, quoted, relation, place);
    return { ...common, query, field: "loaded_at_query", empty };
  }
  if (field !== null) return { ...common, query: newestOf(field, quoted, freshness), field, empty };
  const built = `select max(completed_at) from ${dialect.quoteRelation(RUN_RESULTS.relation)}
where node_id = ${dialect.literal(uniqueId)} and status = 'success'`;
  const never = { status: "error", message: "it was never built, as far as is known" } as const;
  return { ...common, query: built, field: "completed_at", empty: never };
}
