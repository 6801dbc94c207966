import type { ManifestFileNode } from "../artifact-schemas.ts";
import { folderOf, kindOf, shapeOf, shownName } from "./kinds.ts";
import { firstSentence } from "./rich.ts";
import type { SiteModel } from "./site-model.ts";
import type { IndexNode, SearchIndex, SiteIndex } from "./frame-types.ts";

export function indexFile(model: SiteModel): SiteIndex {
  const places = new Map(model.nodes.map((node, place) => [node.unique_id, place]));
  return {
    project: model.artifacts.manifest.metadata.project_name ?? "",
    nodes: model.nodes.map((node): IndexNode => ({
      id: node.unique_id,
      name: shownName(node),
      kind: kindOf(node),
      shape: shapeOf(node),
      folder: folderOf(node),
      about: firstSentence(node.description, 120),
      tags: node.tags,
      parents: model.parentsOf(node.unique_id).map((id) => places.get(id)!),
      status: model.statusOf(node.unique_id),
      tests: countTests(model, node.unique_id),
    })),
  };
}

function countTests(model: SiteModel, id: string): IndexNode["tests"] {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  const places = { good: 0, warn: 1, bad: 2, skipped: 3, none: 3 };
  for (const test of model.testsOf(id)) counts[places[model.outcomeOf(test.unique_id).status]]!++;
  return counts;
}

/** Codes and labels of one dataset that can be found; a nomenclature of regions alone has thousands. */
const MOST_LABELS = 500;

export function searchFile(model: SiteModel): SearchIndex {
  const entry = (node: ManifestFileNode): SearchIndex["entries"][number] => {
    const { unique_id: id } = node;
    const built = [model.artifacts.catalog?.nodes[id], model.artifacts.catalog?.sources[id]];
    const columns = built.flatMap((table) => Object.values(table?.columns ?? {}).map(({ name }) => name));
    const landed = (model.artifacts.observed?.nodes[id]?.columns ?? []).map(({ name }) => name);
    const written = Object.values(node.columns).map(({ name }) => name);
    return {
      id,
      name: shownName(node),
      kind: kindOf(node),
      about: firstSentence(node.description),
      columns: [...new Set([...columns, ...landed, ...written].map((name) => name.toLowerCase()))],
      labels: (model.artifacts.observed?.datasets[id]?.dimensions ?? [])
        .flatMap(({ codes }) => codes.flatMap(([code, label]) => (label === null ? [] : `${code} ${label}`)))
        .slice(0, MOST_LABELS),
    };
  };
  return { entries: [...model.nodes, ...model.tests.values()].map(entry) };
}
