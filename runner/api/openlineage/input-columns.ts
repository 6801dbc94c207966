import { columnLineageFacet } from "../../artifacts/openlineage/dataset-facets.ts";
import type { InputColumn } from "../../artifacts/openlineage/dataset-facets.ts";
import type { JsonObject } from "../../base/json.ts";
import type { ColumnOrigin, Transformation } from "../../graph/columns/types.ts";
import type { NodeLineage } from "../../graph/columns/types.ts";
import type { OpenProject } from "../open-project.ts";
import { datasetOf } from "./read-datasets.ts";

export type Lineage = ReadonlyMap<string, NodeLineage>;

const STRENGTH: readonly Transformation[] = ["constant", "identity", "transformation", "aggregation"];
const stronger = (a: Transformation, b: Transformation): Transformation =>
  STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;

/** The column lineage of a node's relation in columns of relations, ephemeral models seen through; undefined: it is not known. */
export function columnLineageOf(
  open: OpenProject,
  lineage: Lineage,
  uniqueId: string,
): JsonObject | undefined {
  const own = lineage.get(uniqueId);
  if (own === undefined) return undefined;
  const { graph } = open.parsed;

  /** Columns of relations that one of them is made of; those that decide about an ephemeral model's rows go to `rows`. */
  function resolve(origin: ColumnOrigin, how: Transformation, rows: Map<string, InputColumn>): InputColumn[] {
    const node = graph.nodes.get(origin.relation) ?? graph.sources.get(origin.relation);
    const dataset = node && datasetOf(open, node);
    if (dataset) return [{ dataset, column: origin.column, transformation: how }];
    const inner = lineage.get(origin.relation);
    const column = inner?.columns.find(({ name }) => name.toLowerCase() === origin.column.toLowerCase());
    noteRows(inner?.influences ?? [], rows);
    if (column === undefined) return [];
    return column.from.flatMap((from) => resolve(from, stronger(how, column.transformation), rows));
  }
  function noteRows(origins: readonly ColumnOrigin[], rows: Map<string, InputColumn>): void {
    for (const origin of origins)
      for (const input of resolve(origin, "identity", rows))
        rows.set(keyOf(input), { ...input, transformation: null });
  }

  const rows = new Map<string, InputColumn>();
  const fields = new Map<string, InputColumn[]>();
  for (const { name, from, transformation } of own.columns) {
    const inputs = from.flatMap((origin) => resolve(origin, transformation, rows));
    fields.set(name, [...new Map(inputs.map((input) => [keyOf(input), input])).values()]);
  }
  noteRows(own.influences, rows);
  return columnLineageFacet(fields, [...rows.values()]);
}

const keyOf = ({ dataset, column }: InputColumn): string =>
  JSON.stringify([dataset.namespace, dataset.name, column.toLowerCase()]);
