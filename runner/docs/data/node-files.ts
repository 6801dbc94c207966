import type { ManifestFileNode } from "../artifact-schemas.ts";
import { spreadOver } from "./bucket-of.ts";
import { columnsOf } from "./columns.ts";
import { factsOf } from "./facts.ts";
import { shapeOf } from "./kinds.ts";
import { richText } from "./rich.ts";
import { pastBuild } from "./runs-files.ts";
import type { SiteModel } from "./site-model.ts";
import type { NodeDetail, NodeTest } from "./node-types.ts";

/** The details of all nodes and tests, spread over files: `node-0`, `node-1` … with the id as key; each is made when it is asked for. */
export function* nodeFiles(
  model: SiteModel,
  buckets: number,
): Generator<[name: string, file: Readonly<Record<string, NodeDetail>>]> {
  const all = [...model.nodes, ...model.tests.values()];
  const spread = spreadOver(all, ({ unique_id: id }) => id, buckets);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const nodes = spread.get(bucket) ?? [];
    yield [
      `node-${bucket}`,
      Object.fromEntries(nodes.map((node) => [node.unique_id, nodeDetail(model, node)])),
    ];
  }
}

function nodeDetail(model: SiteModel, node: ManifestFileNode): NodeDetail {
  const { artifacts } = model;
  const { unique_id: id } = node;
  const observed = artifacts.observed?.nodes[id];
  const table = artifacts.catalog?.nodes[id] ?? artifacts.catalog?.sources[id];
  const isTest = model.tests.has(id);
  return {
    ...model.linkTo(id),
    shape: shapeOf(node),
    description: richText(node.description || node.source_description || ""),
    path: node.original_file_path,
    relation: node.relation_name ?? null,
    tags: node.tags,
    facts: factsOf(node, artifacts.manifest),
    outcome: model.outcomeOf(id),
    columns: columnsOf(node, table, observed),
    tests: isTest ? [testDetail(model, node)] : model.testsOf(id).map((test) => testDetail(model, test)),
    raw: node.resource_type === "model" || isTest ? node.raw_code : "",
    compiled: node.compiled_code ?? "",
    parents: (isTest ? [...new Set(node.depends_on.nodes)] : model.parentsOf(id)).map((other) =>
      model.linkTo(other),
    ),
    children: model.childrenOf(id).map((other) => model.linkTo(other)),
    builds: isTest ? [] : model.historyOf(id).map(pastBuild),
    rows: observed?.rows ?? model.outcomeOf(id).rows,
    example: observed?.example ?? null,
    dataset: artifacts.observed?.datasets[id] ?? null,
  };
}

const testDetail = (model: SiteModel, test: ManifestFileNode): NodeTest => ({
  id: test.unique_id,
  name: test.test_metadata?.name ?? test.name,
  column: test.column_name ?? null,
  severity: (test.config.severity ?? "error").toLowerCase(),
  outcome: model.outcomeOf(test.unique_id),
  failures: model.failuresOf(test.unique_id) ?? null,
  history: model
    .historyOf(test.unique_id)
    .map(({ at, status, failures, seconds }) => ({ at, status, failures, seconds })),
});
