import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { Graph } from "../types.ts";
import type { Criterion } from "./criterion.ts";
import { expandToTests, recheckTests } from "./indirect.ts";
import type { Bundle, IndirectSelection } from "./indirect.ts";
import type { Listed } from "./listed.ts";
import { methodOf } from "./methods.ts";
import type { SelectContext, Term } from "./term.ts";
import { reach } from "./walk.ts";
import { wildcard } from "./wildcards.ts";

export type Scope = {
  readonly graph: Graph;
  /** Whatever can be selected, in the graph's order. */
  readonly all: readonly Listed[];
  readonly mode: IndirectSelection;
  readonly context: SelectContext;
  /** Terms that were evaluated. */
  readonly known: Map<Term, Bundle>;
};

/** What a term selects, and apart from that the tests that may still come along when it is combined with others. */
export function evaluateTerm(scope: Scope, term: Term): Bundle {
  let bundle = scope.known.get(term);
  if (bundle === undefined) scope.known.set(term, (bundle = evaluate(scope, term)));
  return bundle;
}

function evaluate(scope: Scope, term: Term): Bundle {
  switch (term.kind) {
    case "criterion": {
      const { criterion, mode = scope.mode } = term;
      const selected = search(scope, criterion);
      // What a named selector selects is final: tests were chosen by its own rules.
      if (criterion.method === "selector") return { direct: selected, candidates: selected };
      return expandToTests(scope.graph, selected, mode);
    }
    case "union":
      return combine(scope, term, term.terms, (sets) => new Set(sets.flatMap((set) => [...set])));
    case "intersection":
      return combine(
        scope,
        term,
        term.terms,
        ([first, ...others]) => new Set([...first!].filter((id) => others.every((set) => set.has(id)))),
      );
    case "difference":
      return withoutAll(scope, term.from, term.without);
  }
}

/** `from` (undefined: everything) without what any of `without` selects. */
export function withoutAll(scope: Scope, from: Term | undefined, without: readonly Term[]): Bundle {
  const everything = (): Bundle => {
    const ids = new Set(scope.all.map(({ uniqueId }) => uniqueId));
    return { direct: ids, candidates: ids };
  };
  const included = from === undefined ? everything() : evaluateTerm(scope, from);
  if (without.length === 0) return included;
  const excluded = evaluateTerm(scope, { kind: "union", terms: without });
  return settle(scope, modeOf(scope, from), [included, excluded], ([all, gone]) => difference(all!, gone!));
}

const difference = (all: ReadonlySet<string>, gone: ReadonlySet<string>): Set<string> =>
  new Set([...all].filter((id) => !gone.has(id)));

type Operation = (sets: readonly ReadonlySet<string>[]) => Set<string>;

function combine(scope: Scope, whole: Term, terms: readonly Term[], operation: Operation): Bundle {
  const bundles = terms.map((term) => evaluateTerm(scope, term));
  return settle(scope, modeOf(scope, whole), bundles, operation);
}

/** A set operation over what is selected and, apart, over what might still be; then tests are judged again. */
function settle(
  { graph }: Scope,
  mode: IndirectSelection,
  bundles: readonly Bundle[],
  operation: Operation,
): Bundle {
  if (bundles.length === 1) return bundles[0]!; // any operation on one set alone leaves it as it is
  const direct = operation(bundles.map((bundle) => bundle.direct));
  const candidates = operation(bundles.map((bundle) => bundle.candidates));
  return { direct: recheckTests(graph, direct, candidates, mode), candidates };
}

/** The rule that all parts of a term agree on; where they do not, that of the whole selection. */
function modeOf(scope: Scope, term: Term | undefined): IndirectSelection {
  if (term === undefined) return scope.mode;
  if (term.kind === "criterion") return term.mode ?? scope.mode;
  const parts = term.kind === "difference" ? [term.from] : term.terms;
  const modes = new Set(parts.map((part) => modeOf(scope, part)));
  return modes.size === 1 ? [...modes][0]! : scope.mode;
}

/** Nodes that a criterion names, and the neighbours that it asks for. */
function search(scope: Scope, criterion: Criterion): ReadonlySet<string> {
  const { graph } = scope;
  const found = criterion.method === "selector" ? bySelector(scope, criterion) : byMethod(scope, criterion);
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

function byMethod({ graph, all, context }: Scope, criterion: Criterion): string[] {
  const method = methodOf(criterion);
  const matches = method.where(criterion.value, graph, criterion, context);
  return all
    .filter((node) => method.of.includes(node.resourceType) && matches(node))
    .map((node) => node.uniqueId);
}

/** `selector:nightly`: what the selectors of that name select. They were read without circles. */
function bySelector(scope: Scope, { raw, value }: Criterion): string[] {
  const { selectors = new Map() } = scope.context;
  const matches = wildcard(value);
  const named = [...selectors.values()].filter(({ name }) => matches(name));
  if (named.length === 0) {
    const known = [...selectors.keys()];
    const hint =
      known.length === 0
        ? "selectors are declared in selectors.yml, beside sql_project.yaml"
        : (didYouMean(value, known) ?? `selectors are ${known.join(", ")}`);
    throw new UsageError("SELECTOR_UNKNOWN", `the selector "${raw}" names none that is declared`, hint);
  }
  return named.flatMap(({ term }) => [...evaluateTerm(scope, term).direct]);
}
