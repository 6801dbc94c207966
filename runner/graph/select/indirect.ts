import { resourceTypeOf } from "../resource-type-of.ts";
import type { Graph } from "../types.ts";
import { reach } from "./walk.ts";

/**
 * Tests that hang on selected nodes come along when: `eager` any of their parents is selected, `cautious` all are,
 * `buildable` all are selected, or above something selected, or sources; `empty` never.
 */
export type IndirectSelection = "eager" | "cautious" | "buildable" | "empty";
export const indirectSelections = ["eager", "cautious", "buildable", "empty"] as const;

/** What is selected, and that together with the tests whose other parents may still turn up. */
export type Bundle = { readonly direct: ReadonlySet<string>; readonly candidates: ReadonlySet<string> };

/** Adds the tests of `selected` that `mode` lets in at once, and keeps the others as candidates. */
export function expandToTests(graph: Graph, selected: ReadonlySet<string>, mode: IndirectSelection): Bundle {
  if (mode === "empty") return { direct: selected, candidates: selected };
  const allowed =
    mode === "buildable" ? new Set([...above(graph, selected), ...graph.sources.keys()]) : selected;
  const direct = new Set(selected);
  const candidates = mode === "eager" ? direct : new Set(selected);
  for (const id of selected) {
    for (const child of graph.children.get(id) ?? []) {
      if (direct.has(child) || !isTest(child)) continue;
      candidates.add(child);
      if (mode === "eager" || parentsWithin(graph, child, allowed)) direct.add(child);
    }
  }
  return { direct, candidates };
}

/** After a set operation: candidates whose parents are all there now are selected too. */
export function recheckTests(
  graph: Graph,
  direct: ReadonlySet<string>,
  candidates: ReadonlySet<string>,
  mode: IndirectSelection,
): ReadonlySet<string> {
  if (mode === "eager" || mode === "empty") return direct;
  const waiting = [...candidates].filter((id) => !direct.has(id));
  if (waiting.length === 0) return direct;
  const allowed = mode === "buildable" ? above(graph, direct) : direct;
  return new Set([...direct, ...waiting.filter((id) => isTest(id) && parentsWithin(graph, id, allowed))]);
}

const above = (graph: Graph, selected: ReadonlySet<string>): Set<string> =>
  new Set([...selected, ...reach(graph.parents, selected)]);

const parentsWithin = (graph: Graph, id: string, allowed: ReadonlySet<string>): boolean =>
  (graph.parents.get(id) ?? []).every((parent) => allowed.has(parent));

/** Not asked of the node, which may have to be read for that. */
const isTest = (id: string): boolean => TESTS.has(resourceTypeOf(id));
const TESTS: ReadonlySet<string> = new Set(["test", "unit_test"]);
