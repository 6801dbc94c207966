import type { JsonObject } from "../../base/json.ts";
import type { ColumnOrigin, Transformation } from "../../graph/columns/types.ts";
import type { ColumnInfo } from "../../graph/types.ts";
import type { DatasetName } from "./datasets.ts";
import { facet } from "./facets.ts";

/** What is known of the columns of a node; `from` and `influences` name columns of what it reads. */
export type NodeColumns = {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string | null;
    readonly from: readonly ColumnOrigin[];
    readonly transformation: Transformation;
  }[];
  readonly influences: readonly ColumnOrigin[];
};

/** Facets of a dataset: where it is, what it is, its columns and their types. */
export function describedFacets(
  { namespace }: DatasetName,
  description: string,
  columns: NodeColumns | undefined,
  described: ReadonlyMap<string, ColumnInfo>,
): JsonObject {
  const known = new Map([...described].map(([name, info]) => [name.toLowerCase(), info]));
  const fields = columns?.columns.map(({ name, type }) => {
    const info = known.get(name.toLowerCase());
    const shownType = type ?? info?.dataType ?? null;
    return {
      name,
      ...(shownType !== null && { type: shownType }),
      ...(info?.description && { description: info.description }),
    };
  });
  return {
    dataSource: facet("dataSource", {
      name: namespace,
      ...(URL.canParse(namespace) && { uri: namespace }),
    }),
    ...(description !== "" && { documentation: facet("datasetDocumentation", { description }) }),
    ...(fields && { schema: facet("schema", { fields }) }),
  };
}

/** A column that is read, with what is done to it on the way; null: it decides which rows there are. */
export type InputColumn = {
  readonly dataset: DatasetName;
  readonly column: string;
  readonly transformation: Transformation | null;
};

/** Where each column comes from, and what decides about the rows. */
export function columnLineageFacet(
  fields: ReadonlyMap<string, readonly InputColumn[]>,
  rows: readonly InputColumn[],
): JsonObject {
  const inputFields = (inputs: readonly InputColumn[]): JsonObject[] =>
    inputs.map(({ dataset: { namespace, name }, column, transformation }) => {
      const how =
        transformation === null
          ? { type: "INDIRECT" }
          : { type: "DIRECT", subtype: transformation.toUpperCase() };
      return { namespace, name, field: column, transformations: [how] };
    });
  return facet("columnLineage", {
    fields: Object.fromEntries(
      [...fields].map(([name, inputs]) => [name, { inputFields: inputFields(inputs) }]),
    ),
    ...(rows.length > 0 && { dataset: inputFields(rows) }),
  });
}
