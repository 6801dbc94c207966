import { describedFacets } from "../../artifacts/openlineage/dataset-facets.ts";
import { facet } from "../../artifacts/openlineage/facets.ts";
import type { LineageDataset, RunFacts } from "../../artifacts/openlineage/run-event.ts";
import type { JsonObject } from "../../base/json.ts";
import type { NodeResult } from "../../execute/results.ts";
import type { AnyNode, GraphNode, TestNode, UnitTestNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";
import { columnLineageOf } from "./input-columns.ts";
import type { Lineage } from "./input-columns.ts";
import { datasetOf, fileDatasetOf, readNodes } from "./read-datasets.ts";

type Facts = Pick<RunFacts, "jobType" | "description" | "sql" | "dialect" | "inputs" | "outputs">;

/** What a node reads and writes, by name alone: as its run begins. */
export function beganFacts(open: OpenProject, node: GraphNode | UnitTestNode): Facts {
  const { inputs, outputs } = datasetsOf(open, node);
  const name = ({ dataset }: Placed): LineageDataset => dataset;
  return {
    jobType: node.resourceType.toUpperCase(),
    description: node.description,
    inputs: inputs.map(name),
    outputs: outputs.map(name),
  };
}

/** The same as it ended: with columns where they are known, with rows that were written, with what a test found. */
export function endedFacts(
  open: OpenProject,
  node: GraphNode | UnitTestNode,
  result: NodeResult,
  lineage: Lineage,
): Facts {
  const { inputs, outputs } = datasetsOf(open, node);
  const checked = node.resourceType === "test" ? assertion(node, result) : null;
  const tested = checked && testedNode(node as TestNode, result, inputs);
  const facetsOf = ({ dataset, node: of, isFile }: Placed): JsonObject => {
    if (isFile || of.resourceType === "exposure" || of.resourceType === "unit_test") return {};
    return describedFacets(dataset, of.description, lineage.get(of.uniqueId), of.columns);
  };
  const columnLineage =
    node.resourceType === "model" || node.resourceType === "snapshot"
      ? columnLineageOf(open, lineage, node.uniqueId)
      : undefined;
  return {
    ...beganFacts(open, node),
    sql: result.compiledCode,
    dialect: open.dialect.name === "postgres" ? "postgresql" : open.dialect.name,
    inputs: inputs.map((input) => ({
      ...input.dataset,
      facets: facetsOf(input),
      ...(checked && input.node.uniqueId === tested && { inputFacets: { dataQualityAssertions: checked } }),
    })),
    outputs: outputs.map((output) => ({
      ...output.dataset,
      facets: { ...facetsOf(output), ...(!output.isFile && columnLineage && { columnLineage }) },
      ...(result.rows !== null && {
        outputFacets: { outputStatistics: facet("outputStatistics", { rowCount: result.rows }) },
      }),
    })),
  };
}

type Placed = { readonly dataset: LineageDataset; readonly node: AnyNode; readonly isFile: boolean };

function datasetsOf(
  open: OpenProject,
  node: GraphNode | UnitTestNode,
): { readonly inputs: readonly Placed[]; readonly outputs: readonly Placed[] } {
  // A unit test reads rows of its own.
  if (node.resourceType === "unit_test") return { inputs: [], outputs: [] };
  const placed = (of: AnyNode): Placed[] => {
    const dataset = datasetOf(open, of);
    return dataset === null ? [] : [{ dataset, node: of, isFile: false }];
  };
  const inputs = readNodes(open.parsed.graph, node.uniqueId).flatMap(placed);
  if (node.resourceType === "test") return { inputs, outputs: [] };
  const file = fileDatasetOf(open, node);
  const files: Placed[] = file === null ? [] : [{ dataset: file, node, isFile: true }];
  return node.resourceType === "seed"
    ? { inputs: files, outputs: placed(node) }
    : { inputs, outputs: [...placed(node), ...files] };
}

/** What a test says of the data; null: it could not look. */
function assertion(node: TestNode, { status, failures }: NodeResult): JsonObject | null {
  if (status !== "pass" && status !== "warn" && status !== "fail") return null;
  const { generic, config, name, description } = node;
  const one = {
    assertion: generic?.name ?? "custom_sql",
    success: status === "pass",
    ...(typeof generic?.columnName === "string" && { column: generic.columnName }),
    severity: config.severity,
    name,
    ...(description !== "" && { description }),
    ...(failures !== null && { actual: String(failures) }),
  };
  return facet("dataQualityAssertions", { assertions: [one] });
}

/** A test of several relations says nothing of any one of them. */
function testedNode(node: TestNode, { check }: NodeResult, inputs: readonly Placed[]): string | null {
  const attached = check?.node ?? node.generic?.attachedNode;
  if (attached !== undefined && inputs.some((input) => input.node.uniqueId === attached)) return attached;
  return inputs.length === 1 ? (inputs[0]?.node.uniqueId ?? null) : null;
}
