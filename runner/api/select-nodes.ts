import { select } from "../graph/select/select.ts";
import type { Selection, SelectionWarning } from "../graph/select/select.ts";
import type { AnyNode, GraphNode } from "../graph/types.ts";
import { UsageError } from "../base/errors.ts";
import type { WarningEvent } from "../execute/run-event.ts";
import type { OpenProject } from "./open-project.ts";

export type { Selection, SelectionWarning };
export type Selected = { readonly nodes: readonly AnyNode[]; readonly warnings: readonly SelectionWarning[] };

/** What a selection means in this project, in the graph's order. */
export function selectNodes(open: OpenProject, selection: Selection): Selected {
  const { graph } = open.parsed;
  const { selected, warnings } = select(graph, selection);
  const nodes = [...selected].flatMap(
    (id) => graph.nodes.get(id) ?? graph.sources.get(id) ?? graph.exposures.get(id) ?? [],
  );
  return { nodes, warnings };
}

/** How many nodes at once: what was asked for, else the target's own number. */
export function threadsOf(open: OpenProject, asked: number | undefined): number {
  const threads = asked ?? open.project.target.threads;
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new UsageError(
    "THREADS_INVALID",
    `${threads} is no number of threads`,
    "a whole number from 1 to 64",
  );
}

/** Warnings of a selection as events. */
export const selectionEvents = (warnings: readonly SelectionWarning[]): WarningEvent[] =>
  warnings.map(({ code, message, hint }) => ({
    kind: "warning",
    code,
    message: hint ? `${message}: ${hint}` : message,
    uniqueId: null,
  }));

export const isGraphNode = (node: AnyNode): node is GraphNode =>
  node.resourceType !== "source" && node.resourceType !== "exposure";
