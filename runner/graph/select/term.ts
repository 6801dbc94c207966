import type { JsonObject } from "../../base/json.ts";
import type { Problem } from "../../base/problems.ts";
import type { AnyNode } from "../types.ts";
import type { Criterion, Token } from "./criterion.ts";
import type { IndirectSelection } from "./indirect.ts";
import type { KnownHeads } from "./listed.ts";

/** A selection as a tree. `mode`: its own rule for the tests of what it selects; else that of the whole selection. */
export type Term =
  | { readonly kind: "criterion"; readonly criterion: Criterion; readonly mode?: IndirectSelection }
  | { readonly kind: "union" | "intersection"; readonly terms: readonly Term[] }
  | { readonly kind: "difference"; readonly from: Term; readonly without: readonly Term[] };

/** A selector of `selectors.yml`. */
export type NamedSelector = {
  readonly name: string;
  readonly description: string;
  /** What is selected when nothing is typed. */
  readonly isDefault: boolean;
  readonly term: Term;
  /** As written, for the manifest. */
  readonly definition: JsonObject | string;
};
export type NamedSelectors = ReadonlyMap<string, NamedSelector>;

/** What an earlier run left behind, as selectors ask about it. */
export type StateView = {
  /** Why a node differs from what it was then: none, when it means the same. */
  changes(node: AnyNode): ReadonlySet<Change>;
  /** Status of a node in the run's results; null: no results are there. */
  readonly statuses: ReadonlyMap<string, string> | null;
  /** Sources that were loaded since; a UsageError where either list is missing. */
  fresher(): ReadonlySet<string>;
  /** Contracts that are not kept any more. */
  readonly breaks: readonly ContractBreak[];
};
export type ContractBreak = { readonly problem: Problem; readonly isError: boolean };
export const changes = [
  "new",
  "body",
  "configs",
  "relation",
  "macros",
  "contract",
  "reference",
  "persisted_descriptions",
] as const;
export type Change = (typeof changes)[number];

/** What selectors may ask about besides the graph. */
export type SelectContext = {
  /** Of a kept project. */
  readonly heads?: KnownHeads | undefined;
  readonly selectors?: NamedSelectors | undefined;
  /** Called when a selector asks for it; a UsageError where there is no state to compare with. */
  readonly state?: (() => StateView) | undefined;
  /** Told of what a person should know of the state. */
  readonly onBreak?: ((problem: Problem) => void) | undefined;
};

/** `a,b`: both hold. */
export const termOfToken = ({ criteria }: Token): Term => {
  const terms = criteria.map((criterion): Term => ({ kind: "criterion", criterion }));
  return terms.length === 1 ? terms[0]! : { kind: "intersection", terms };
};
