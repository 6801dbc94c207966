import { UsageError, throwProblems } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { AnyNode, Graph } from "../types.ts";
import type { Criterion } from "./criterion.ts";
import type { Listed } from "./listed.ts";
import { changes } from "./term.ts";
import type { Change, SelectContext, StateView } from "./term.ts";

type Predicate = (listed: Listed) => boolean;

const parts = changes.filter((change) => change !== "new");
const known = ["new", "old", "modified", "unmodified", ...parts.map((part) => `modified.${part}`)];

/**
 * `new`: not there then; `old`: there then. `modified`: new, or it means something else now; `modified.<part>`: there then, and this
 * part of it means something else. `unmodified`: there then, and the same.
 */
export function byState(
  value: string,
  _graph: Graph,
  criterion: Criterion,
  context: SelectContext,
): Predicate {
  const state = stateOf(criterion, context);
  if (COMPARING.has(value)) tellBreaks(state, context);
  const changesOf = (node: AnyNode): ReadonlySet<Change> => state.changes(node);
  switch (value) {
    case "new":
      return ({ node }) => changesOf(node).has("new");
    case "old":
      return ({ node }) => !changesOf(node).has("new");
    case "modified":
      return ({ node }) => changesOf(node).size > 0;
    case "unmodified":
      return ({ node }) => changesOf(node).size === 0;
  }
  const part = parts.find((name) => `modified.${name}` === value);
  if (part === undefined) throw unknownValue(criterion, "state", value, known);
  return ({ node }) => changesOf(node).has(part);
}

const COMPARING: ReadonlySet<string> = new Set(["modified", "unmodified", "modified.contract"]);

/** A contract that others rely on stops what would publish it; the rest is told. */
function tellBreaks({ breaks }: StateView, { onBreak }: SelectContext): void {
  throwProblems(breaks.filter(({ isError }) => isError).map(({ problem }) => problem));
  for (const { problem } of breaks) onBreak?.(problem);
}

const STATUSES = [
  "success",
  "error",
  "skipped",
  "partial success",
  "no-op",
  "pass",
  "warn",
  "fail",
  "runtime error",
];

/** The status that a node had in the earlier run. */
export function byResult(
  value: string,
  _graph: Graph,
  criterion: Criterion,
  context: SelectContext,
): Predicate {
  const { statuses } = stateOf(criterion, context);
  if (!STATUSES.includes(value)) throw unknownValue(criterion, "result", value, STATUSES);
  if (statuses === null) {
    throw new UsageError(
      "STATE_INCOMPLETE",
      `the selector "${criterion.raw}" needs run_results.json, which the state does not hold`,
      "keep target/run_results.json beside the manifest of the run",
    );
  }
  return ({ uniqueId }) => statuses.get(uniqueId) === value;
}

/** `fresher`: loaded since, or not known then. */
export function bySourceStatus(
  value: string,
  _graph: Graph,
  criterion: Criterion,
  context: SelectContext,
): Predicate {
  const state = stateOf(criterion, context);
  if (value !== "fresher") throw unknownValue(criterion, "source status", value, ["fresher"]);
  const fresher = state.fresher();
  return ({ uniqueId }) => fresher.has(uniqueId);
}

function stateOf({ raw }: Criterion, { state }: SelectContext): StateView {
  if (state !== undefined) return state();
  throw new UsageError(
    "STATE_MISSING",
    `the selector "${raw}" compares with an earlier state`,
    "say where its artifacts are: --state <folder with manifest.json>",
  );
}

export const unknownValue = (
  { raw }: Criterion,
  what: string,
  value: string,
  all: readonly string[],
): UsageError =>
  new UsageError(
    "SELECTOR_INVALID",
    `the selector "${raw}" has an unknown ${what} "${value}"`,
    didYouMean(value, all) ?? `known: ${all.join(", ")}`,
  );
