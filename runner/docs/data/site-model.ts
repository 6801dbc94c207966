import type { ManifestFileNode, SiteArtifacts } from "../artifact-schemas.ts";
import { childrenOf } from "../../graph/order.ts";
import type { PastResult } from "../observed.ts";
import { addTo, groupBy } from "../../base/group-by.ts";
import { kindOf, shownName } from "./kinds.ts";
import { failuresOf, notRun, outcomesOf, worst } from "./outcomes.ts";
import type { NodeLink, Outcome, Status } from "./types.ts";

/** The artifacts brought together, so that every data file is a short walk over them. */
export type SiteModel = {
  readonly artifacts: SiteArtifacts;
  /** Sources, models, seeds, snapshots and exposures; parents before children. */
  readonly nodes: readonly ManifestFileNode[];
  /** Tests and unit tests, by id. */
  readonly tests: ReadonlyMap<string, ManifestFileNode>;
  /** Tests of a node: generic ones of the node they are written under, others of all that they read. */
  testsOf(id: string): readonly ManifestFileNode[];
  parentsOf(id: string): readonly string[];
  childrenOf(id: string): readonly string[];
  outcomeOf(id: string): Outcome;
  /** Rows that a test found wrong in the last run; undefined for none. */
  failuresOf(id: string): number | undefined;
  /** The worst of a node and its tests. */
  statusOf(id: string): Status;
  linkTo(id: string): NodeLink;
  /** What became of it in past runs, oldest first. */
  historyOf(id: string): readonly PastResult[];
};

export function prepareSite(artifacts: SiteArtifacts): SiteModel {
  const { manifest } = artifacts;
  const everything: Record<string, ManifestFileNode> = {
    ...manifest.sources,
    ...manifest.nodes,
    ...manifest.exposures,
  };
  const isHidden = (node: ManifestFileNode | undefined): boolean => node?.docs?.show === false;
  // What is not to be shown takes its tests along.
  const isShown = (node: ManifestFileNode): boolean =>
    !isHidden(node) && !(node.attached_node && isHidden(everything[node.attached_node]));
  const all = Object.values(everything).filter(isShown);
  const isTest = (node: ManifestFileNode): boolean => node.resource_type === "test";
  const nodes = inParentOrder(
    all.filter((node) => !isTest(node)),
    manifest.parent_map,
  );
  const tests = new Map(
    [...all.filter(isTest), ...Object.values(manifest.unit_tests)].map((node) => [node.unique_id, node]),
  );
  const byId = new Map(nodes.map((node) => [node.unique_id, node]));
  const outcomes = outcomesOf(artifacts);
  const failures = failuresOf(artifacts);
  const testsByNode = new Map<string, ManifestFileNode[]>();
  for (const test of tests.values()) {
    for (const id of test.attached_node ? [test.attached_node] : new Set(test.depends_on.nodes))
      addTo(testsByNode, id, test);
  }
  const parents = new Map(
    nodes.map(({ unique_id: id }) => [id, (manifest.parent_map[id] ?? []).filter((each) => byId.has(each))]),
  );
  const children = childrenOf(parents);
  const outcomeOf = (id: string): Outcome => outcomes.get(id) ?? notRun;
  const testsOf = (id: string): readonly ManifestFileNode[] => testsByNode.get(id) ?? [];
  const statuses = new Map<string, Status>();
  const statusOf = (id: string): Status => {
    const known = statuses.get(id);
    if (known !== undefined) return known;
    const status = worst([
      outcomeOf(id).status,
      ...testsOf(id).map((test) => outcomeOf(test.unique_id).status),
    ]);
    statuses.set(id, status);
    return status;
  };
  const history = groupBy(artifacts.observed?.history.results ?? [], ({ id }) => id);
  return {
    artifacts,
    historyOf: (id) => history.get(id) ?? [],
    nodes,
    tests,
    testsOf,
    parentsOf: (id) => parents.get(id) ?? [],
    childrenOf: (id) => children.get(id) ?? [],
    outcomeOf,
    failuresOf: (id) => failures.get(id),
    statusOf,
    linkTo: (id) => {
      const node = byId.get(id) ?? tests.get(id);
      return node === undefined
        ? { id, name: id, kind: "model", status: "none" }
        : { id, name: shownName(node), kind: kindOf(node), status: statusOf(id) };
    },
  };
}

/** Parents before children; among equals, by folder and name. */
function inParentOrder(
  nodes: readonly ManifestFileNode[],
  parentMap: SiteArtifacts["manifest"]["parent_map"],
): ManifestFileNode[] {
  const keys = new Map(nodes.map((node) => [node, `${node.original_file_path}\u0000${node.name}`]));
  const waiting = new Map(
    nodes.toSorted((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1)).map((node) => [node.unique_id, node]),
  );
  const ordered: ManifestFileNode[] = [];
  const opened = new Set<string>();
  for (const start of waiting.keys()) {
    const stack = [start];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const node = waiting.get(id);
      if (node !== undefined && !opened.has(id)) {
        opened.add(id);
        stack.push(...(parentMap[id] ?? []).filter((parent) => waiting.has(parent) && !opened.has(parent)));
        continue;
      }
      stack.pop();
      if (node !== undefined && waiting.delete(id)) ordered.push(node);
    }
  }
  return ordered;
}
