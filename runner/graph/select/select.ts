import { nearest } from "../../base/nearest.ts";
import type { Problem } from "../../base/problems.ts";
import type { AnyNode, Graph } from "../types.ts";
import { parseTokens } from "./criterion.ts";
import type { Token } from "./criterion.ts";
import { evaluateTerm, withoutAll } from "./evaluate-term.ts";
import type { Scope } from "./evaluate-term.ts";
import type { IndirectSelection } from "./indirect.ts";
import { listedIn, selectableIn } from "./listed.ts";
import { methodOf } from "./methods.ts";
import { termOfToken } from "./term.ts";
import type { SelectContext, Term } from "./term.ts";

export type Selection = {
  /** Values of `--select`, each one or more tokens; none: everything. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** Kinds to keep at the end; none: all. */
  readonly resourceTypes?: readonly string[] | undefined;
  /** Kinds to take away at the end. */
  readonly excludeResourceTypes?: readonly string[] | undefined;
  /** Which tests of selected nodes come along; `eager` unless told. */
  readonly indirectSelection?: IndirectSelection | undefined;
};

/** What is worth saying of a selection, and no error: a token that selects nothing, a contract that is not kept any more. */
export type SelectionWarning = {
  readonly code: "SELECTOR_NO_MATCH" | "CONTRACT_BROKEN";
  readonly message: string;
  readonly hint?: string;
};

/** All that can be selected, in the graph's order. */
export const everythingIn = (graph: Graph): AnyNode[] =>
  selectableIn(graph).flatMap((part) => [...part.values()]);

/** Whether nothing is left out. */
export const isEverything = ({
  select: wanted,
  exclude,
  resourceTypes,
  excludeResourceTypes = [],
}: Selection): boolean =>
  wanted.length + exclude.length + excludeResourceTypes.length === 0 && resourceTypes === undefined;

/**
 * dbt's selection: (union of the included) minus (union of the excluded), tests of selected nodes added by the rule
 * of `indirectSelection`. `selected` holds unique ids in the graph's order: sources, nodes with parents first, exposures.
 * A selector that cannot be read, or whose method is unknown, is a {@link UsageError}.
 */
export function select(
  graph: Graph,
  selection: Selection,
  context: SelectContext = {},
): { selected: ReadonlySet<string>; warnings: SelectionWarning[] } {
  const warnings: SelectionWarning[] = [];
  const told = new Set<string>();
  const onBreak = ({ file, line, column, message, hint }: Problem): void => {
    if (told.has(message)) return;
    told.add(message);
    const text = `${file}:${line}:${column} ${message}`;
    warnings.push({ code: "CONTRACT_BROKEN", message: text, ...(hint && { hint }) });
  };
  const scope: Scope = {
    graph,
    all: listedIn(graph, context.heads),
    mode: selection.indirectSelection ?? "eager",
    context: { ...context, onBreak },
    known: new Map(),
  };
  const termsOf = (values: readonly string[]): Term[] =>
    parseTokens(values).map((token) => {
      const term = termOfToken(token);
      if (evaluateTerm(scope, term).direct.size === 0) warnings.push(noMatch(scope, token));
      return term;
    });
  const included: Term | undefined =
    selection.select.length > 0 ? { kind: "union", terms: termsOf(selection.select) } : undefined;
  const bundle = withoutAll(scope, included, termsOf(selection.exclude));
  const kinds = selection.resourceTypes && new Set(selection.resourceTypes);
  const unwanted = new Set(selection.excludeResourceTypes);
  if (isEverything(selection)) return { selected: bundle.direct, warnings };
  const kept = scope.all.filter(
    ({ uniqueId, resourceType }) =>
      bundle.direct.has(uniqueId) && kinds?.has(resourceType) !== false && !unwanted.has(resourceType),
  );
  return { selected: new Set(kept.map((node) => node.uniqueId)), warnings };
}

function noMatch({ all }: Scope, token: Token): SelectionWarning {
  const message = `the selector "${token.raw}" matches nothing`;
  const [criterion, ...others] = token.criteria;
  if (criterion === undefined || others.length > 0 || criterion.method === "selector")
    return { code: "SELECTOR_NO_MATCH", message };
  const { known, of } = methodOf(criterion);
  const names = new Set(
    known ? all.filter((node) => of.includes(node.resourceType)).flatMap(({ node }) => known(node)) : [],
  );
  const near = nearest(criterion.value, names);
  return {
    code: "SELECTOR_NO_MATCH",
    message,
    ...(near !== undefined && { hint: `did you mean "${near}"?` }),
  };
}
