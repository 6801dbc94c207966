import type { ColumnOrigin, Transformation } from "../../graph/columns/types.ts";
import { reach } from "../../graph/select/walk.ts";
import type { AnyNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";
import { knownColumns } from "./known-columns.ts";
import type { KnownColumns, ReadQuery } from "./known-columns.ts";
import { queryReader } from "./read-query.ts";

/** One column of a node. `from` holds columns of its direct parents, by their unique ids. */
export type ColumnLineage = {
  readonly name: string;
  /** In the engine's spelling; null where it is not known without the warehouse. */
  readonly type: string | null;
  readonly from: readonly ColumnOrigin[];
  readonly transformation: Transformation;
  /** false: it may come from more than `from`. */
  readonly complete: boolean;
};

export type NodeLineage = {
  readonly uniqueId: string;
  readonly columns: readonly ColumnLineage[];
  /** Columns of direct parents that decide which rows there are. */
  readonly influences: readonly ColumnOrigin[];
};

/**
 * The columns of nodes and the columns of their parents that each comes from; of `ids` and all that stands above them, by unique
 * id, parents first. A node whose columns cannot be told for certain is missing.
 */
export async function columnLineage(
  open: OpenProject,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, NodeLineage>> {
  const { graph } = open.parsed;
  const selected = new Set(ids);
  const needed = new Set([...selected, ...reach(graph.parents, selected)]);
  const read = queryReader(open.dialect.name);
  const known = await knownColumns(open, needed, open.dialect.name === "duckdb" ? null : read);
  const lineage = new Map<string, NodeLineage>();
  for (const node of [...graph.sources.values(), ...graph.nodes.values()]) {
    const found = needed.has(node.uniqueId) ? lineageOf(node, known, read) : null;
    if (found) lineage.set(node.uniqueId, found);
  }
  return lineage;
}

function lineageOf(node: AnyNode, known: KnownColumns, read: ReadQuery): NodeLineage | null {
  const { uniqueId } = node;
  const columns = known.columns.get(uniqueId);
  if (!columns) return null;
  const own = columns.map(({ name, type }): ColumnLineage => ({
    name,
    type: type === "" ? null : type,
    from: [],
    transformation: "constant",
    complete: true,
  }));
  if (node.resourceType !== "model" && node.resourceType !== "snapshot")
    return { uniqueId, columns: own, influences: [] };
  const query = read(known.flat.compiler.compile(uniqueId).body, known.catalog);
  // The engine knows what the columns are; a reading that finds others has misread something, and is not told.
  const agrees =
    !query.open &&
    (node.resourceType === "snapshot" || query.columns.length === own.length) &&
    query.columns.every(({ name }, index) => name === null || same(name, own[index]?.name));
  if (!agrees) return null;
  return {
    uniqueId,
    columns: own.map((column, index) => {
      const found = query.columns[index];
      if (!found) return column;
      const { origins, transformation, complete } = found;
      return { ...column, from: origins, transformation, complete };
    }),
    influences: query.influences,
  };
}

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();
