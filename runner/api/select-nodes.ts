import { everythingIn, isEverything, select } from "../graph/select/select.ts";
import type { Selection as Choice, SelectionWarning } from "../graph/select/select.ts";
import { nodeOrUnitTest } from "../graph/node-by-id.ts";
import { resourceTypeOf } from "../graph/resource-type-of.ts";
import type { AnyNode, GraphNode } from "../graph/types.ts";
import { UsageError } from "../base/errors.ts";
import { obeyPolicy } from "../base/warning-policy.ts";
import type { WarningEvent } from "../execute/run-event.ts";
import type { OpenProject } from "./open-project.ts";

export type { SelectionWarning };
/** What to work on. With nothing chosen it is what the default selector of `selectors.yml` says, else everything. */
export type Selection = Choice & {
  /** A selector of `selectors.yml`, instead of `select` and `exclude`. */
  readonly selector?: string | undefined;
  /** These nodes, by unique id, instead of `select` and `exclude`; those that are not there any more are left out. */
  readonly ids?: ReadonlySet<string>;
  /** Everything, whatever the default selector says. */
  readonly all?: boolean;
};
export type Selected = { readonly nodes: readonly AnyNode[]; readonly warnings: readonly SelectionWarning[] };

/** What a selection means in this project, in the graph's order. */
export function selectNodes(open: OpenProject, selection: Selection): Selected {
  const { graph, heads } = open.parsed;
  const { selectors, state } = open;
  if (selection.ids) {
    const { ids, resourceTypes } = selection;
    const named = [...graph.nodes.keys(), ...graph.unitTests.keys()].filter(
      (id) => ids.has(id) && resourceTypes?.includes(resourceTypeOf(id)) !== false,
    );
    return { nodes: named.map((id) => nodeOrUnitTest(graph, id)!), warnings: [] };
  }
  const choice = chosen(open, selection);
  if (isEverything(choice)) return { nodes: everythingIn(graph), warnings: [] };
  const { selected, warnings } = select(graph, choice, { selectors, state, heads });
  const nodes = [...selected].flatMap(
    (id) =>
      graph.nodes.get(id) ??
      graph.sources.get(id) ??
      graph.exposures.get(id) ??
      graph.unitTests.get(id) ??
      [],
  );
  return { nodes, warnings: obeyPolicy(open.warnings, warnings) };
}

function chosen({ selectors }: OpenProject, selection: Selection): Choice {
  const { select: wanted, exclude, selector, all = false } = selection;
  const isTyped = wanted.length + exclude.length > 0;
  if (selector !== undefined && isTyped) {
    throw new UsageError(
      "SELECTION_TWICE",
      `the selector "${selector}" says what is selected, and so do --select and --exclude`,
      `combine them: --select selector:${selector} …`,
    );
  }
  const named = selector ?? [...selectors.values()].find(({ isDefault }) => isDefault)?.name;
  return all || isTyped || named === undefined ? selection : { ...selection, select: [`selector:${named}`] };
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

/** Events as they are to be told: warnings that are silenced do not come through, those that count as errors are thrown. */
export function obeying<Event extends { readonly kind: string } | WarningEvent>(
  open: OpenProject,
  onEvent: (event: Event) => void,
): (event: Event) => void {
  return (event) => {
    if (event.kind !== "warning" || obeyPolicy(open.warnings, [event as WarningEvent]).length > 0)
      onEvent(event);
  };
}

export const isGraphNode = (node: AnyNode): node is GraphNode =>
  node.resourceType !== "source" && node.resourceType !== "exposure" && node.resourceType !== "unit_test";
