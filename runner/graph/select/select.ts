import { nearest } from "../../base/nearest.ts";
import type { AnyNode, Graph } from "../types.ts";
import { parseTokens } from "./criterion.ts";
import type { Criterion, Token } from "./criterion.ts";
import { expandToTests, recheckTests } from "./indirect.ts";
import type { Bundle, IndirectSelection } from "./indirect.ts";
import { methodOf } from "./methods.ts";
import { reach } from "./walk.ts";

export type Selection = {
  /** Values of `--select`, each one or more tokens; none: everything. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** Kinds to keep at the end; none: all. */
  readonly resourceTypes?: readonly string[];
  /** Which tests of selected nodes come along; `eager` unless told. */
  readonly indirectSelection?: IndirectSelection;
};

/** A token that selects nothing is worth saying, and no error. */
export type SelectionWarning = {
  readonly code: "SELECTOR_NO_MATCH";
  readonly message: string;
  readonly hint?: string;
};

/**
 * dbt's selection: (union of the included) minus (union of the excluded), tests of selected nodes added by the rule
 * of `indirectSelection`. `selected` holds unique ids in the graph's order: sources, nodes with parents first, exposures.
 * A selector that cannot be read, or whose method is unknown, is a {@link UsageError}.
 */
export function select(
  graph: Graph,
  selection: Selection,
): { selected: Set<string>; warnings: SelectionWarning[] } {
  const scope: Scope = {
    graph,
    all: [...graph.sources.values(), ...graph.nodes.values(), ...graph.exposures.values()],
    mode: selection.indirectSelection ?? "eager",
  };
  const warnings: SelectionWarning[] = [];
  const unionOf = (values: readonly string[]): Bundle => {
    const bundles = parseTokens(values).map((token) => {
      const bundle = intersectionOf(scope, token);
      if (bundle.direct.size === 0) warnings.push(noMatch(scope, token));
      return bundle;
    });
    return combine(scope, bundles, (sets) => new Set(sets.flatMap((set) => [...set])));
  };
  const everything = new Set(scope.all.map((node) => node.uniqueId));
  const included =
    selection.select.length > 0 ? unionOf(selection.select) : { direct: everything, candidates: everything };
  const excluded = selection.exclude.length > 0 ? [unionOf(selection.exclude)] : [];
  const { direct } = combine(
    scope,
    [included, ...excluded],
    ([from, without]) => new Set([...from!].filter((id) => !without!.has(id))),
  );
  const kinds = selection.resourceTypes && new Set(selection.resourceTypes);
  const kept = scope.all.filter(
    (node) => direct.has(node.uniqueId) && (kinds === undefined || kinds.has(node.resourceType)),
  );
  return { selected: new Set(kept.map((node) => node.uniqueId)), warnings };
}

type Scope = {
  readonly graph: Graph;
  /** Whatever can be selected, in the graph's order. */
  readonly all: readonly AnyNode[];
  readonly mode: IndirectSelection;
};

function intersectionOf(scope: Scope, token: Token): Bundle {
  const bundles = token.criteria.map((criterion) =>
    expandToTests(scope.graph, search(scope, criterion), scope.mode),
  );
  return combine(
    scope,
    bundles,
    ([first, ...others]) => new Set([...first!].filter((id) => others.every((set) => set.has(id)))),
  );
}

/** Nodes that a criterion names, and the neighbours that it asks for. */
function search({ graph, all }: Scope, criterion: Criterion): Set<string> {
  const method = methodOf(criterion);
  const matches = method.where(criterion.value, graph, criterion);
  const found = all
    .filter((node) => method.of.includes(node.resourceType) && matches(node))
    .map((node) => node.uniqueId);
  const { parents, children, childrensParents } = criterion;
  const selected = new Set(found);
  const add = (more: Iterable<string>): void => {
    for (const id of more) selected.add(id);
  };
  if (childrensParents) {
    const below = reach(graph.children, found);
    add(below);
    add(reach(graph.parents, [...found, ...below]));
  }
  if (parents) add(reach(graph.parents, found, parents.depth));
  if (children) add(reach(graph.children, found, children.depth));
  return selected;
}

/** A set operation over what is selected and, apart, over what might still be; then tests are judged again. */
function combine(
  { graph, mode }: Scope,
  bundles: readonly Bundle[],
  operation: (sets: readonly ReadonlySet<string>[]) => Set<string>,
): Bundle {
  if (bundles.length === 1) return bundles[0]!; // any operation on one set alone leaves it as it is
  const direct = operation(bundles.map((bundle) => bundle.direct));
  const candidates = operation(bundles.map((bundle) => bundle.candidates));
  return { direct: recheckTests(graph, direct, candidates, mode), candidates };
}

function noMatch({ all }: Scope, token: Token): SelectionWarning {
  const message = `the selector "${token.raw}" matches nothing`;
  const [criterion, ...others] = token.criteria;
  if (criterion === undefined || others.length > 0) return { code: "SELECTOR_NO_MATCH", message };
  const { known, of } = methodOf(criterion);
  const names = new Set(known ? all.filter((node) => of.includes(node.resourceType)).flatMap(known) : []);
  const near = nearest(criterion.value, names);
  return {
    code: "SELECTOR_NO_MATCH",
    message,
    ...(near !== undefined && { hint: `did you mean "${near}"?` }),
  };
}
