import type { Change, ContractBreak, StateView } from "../../graph/select/term.ts";
import { UsageError } from "../../base/errors.ts";
import type { AnyNode, Graph, GraphNode } from "../../graph/types.ts";
import { contractBreaks } from "./contract-breaks.ts";
import { changesOf, compareMacros, exposureChanges, sourceChanges } from "./compare-nodes.ts";
import { isSameUnitTest } from "./compare-unit-tests.ts";
import type { Unrendered } from "./compare-nodes.ts";
import { readStateFile, readStateManifest, resultsOf } from "./read-state.ts";
import type { Entry, StateManifest } from "./read-state.ts";

export type StateFacts = {
  readonly graph: Graph;
  readonly unrendered: (node: GraphNode) => Unrendered;
  /** `sources.json` of the project as it is now. */
  readonly targetFolder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** An earlier run's artifacts as selectors ask about them. `folder` is absolute, `named` as it was typed. */
export function stateView(
  folder: string,
  named: string,
  facts: StateFacts,
): StateView & { readonly manifest: StateManifest } {
  const manifest = readStateManifest(folder, named);
  const macros = compareMacros(facts.graph.macros, manifest.macros);
  const known = new Map<string, ReadonlySet<Change>>();
  const compare = (node: AnyNode): ReadonlySet<Change> => {
    const entry = entryOf(manifest, node);
    if (entry === undefined) return new Set(["new"]);
    switch (node.resourceType) {
      case "source":
        return sourceChanges(node, entry);
      case "exposure":
        return exposureChanges(node, facts.graph.parents.get(node.uniqueId) ?? [], entry);
      case "unit_test":
        return new Set(isSameUnitTest(node, entry, facts.graph) ? [] : ["body"]);
      default:
        return changesOf(node, entry, facts.unrendered(node), macros);
    }
  };
  let breaks: readonly ContractBreak[] | undefined;
  return {
    manifest,
    changes(node) {
      let found = known.get(node.uniqueId);
      if (found === undefined) known.set(node.uniqueId, (found = compare(node)));
      return found;
    },
    get statuses() {
      const results = readStateFile(folder, named, "run_results.json");
      return (
        results &&
        new Map(resultsOf(results).map((entry) => [String(entry["unique_id"]), String(entry["status"])]))
      );
    },
    get breaks() {
      return (breaks ??= contractBreaks(facts.graph, manifest.nodes, facts.now));
    },
    fresher: () => fresherSources(folder, named, facts.targetFolder),
  };
}

const entryOf = (
  { nodes, sources, exposures, unitTests }: StateManifest,
  { uniqueId, resourceType }: AnyNode,
): Entry | undefined => {
  const parts: Partial<Record<AnyNode["resourceType"], StateManifest["nodes"]>> = {
    source: sources,
    exposure: exposures,
    unit_test: unitTests,
  };
  const part = parts[resourceType] ?? nodes;
  return Object.hasOwn(part, uniqueId) ? part[uniqueId] : undefined;
};

/** Sources whose newest load is later than it was then, or that were not asked about then. */
function fresherSources(folder: string, named: string, targetFolder: string): Set<string> {
  const before = readStateFile(folder, named, "sources.json");
  const now = readStateFile(targetFolder, "target", "sources.json");
  if (before === null || now === null) {
    throw new UsageError(
      "STATE_INCOMPLETE",
      `source_status compares sources.json of the state with that of now; there is none in ${before === null ? `"${named}"` : "target/"}`,
      "models source freshness writes it: run it before, and keep its result with the state",
    );
  }
  const loaded = (artifact: Entry): Map<string, unknown> =>
    new Map(resultsOf(artifact).map((entry) => [String(entry["unique_id"]), entry["max_loaded_at"]]));
  const then = loaded(before);
  return new Set(
    [...loaded(now)]
      .filter(
        ([id, at]) =>
          typeof at === "string" &&
          (typeof then.get(id) !== "string" || Date.parse(at) > Date.parse(String(then.get(id)))),
      )
      .map(([id]) => id),
  );
}
