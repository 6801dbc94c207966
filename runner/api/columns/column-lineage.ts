import type { ColumnLineage, NodeLineage } from "../../graph/columns/types.ts";
import { reach } from "../../graph/select/walk.ts";
import type { AnyNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";
import { knownColumns } from "./known-columns.ts";
import type { KnownColumns, ReadQuery } from "./known-columns.ts";
import { queryReader } from "./read-query.ts";

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
  const read = await queryReader(open.dialect.name);
  const known = await knownColumns(open, needed, open.dialect.name === "duckdb" ? null : read);
  const lineage = new Map<string, NodeLineage>();
  for (const node of [...graph.sources.values(), ...graph.nodes.values()]) {
    const found = needed.has(node.uniqueId) ? lineageOf(node, known, read) : null;
    if (found) lineage.set(node.uniqueId, found);
  }
  return lineage;
}

/**
 * The same as far as it can be told, for those to whom it is one fact of many. What asks the warehouse while it is compiled is not read, as its
 * SQL is not known yet. Never throws: whatever keeps columns from being known is told by the build, or by `models compile`.
 */
export async function knowableLineage(
  open: OpenProject,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, NodeLineage>> {
  const { introspective } = open.parsed;
  try {
    const found = new Map(
      await columnLineage(
        open,
        [...ids].filter((id) => !introspective.has(id)),
      ),
    );
    for (const id of introspective) found.delete(id);
    return found;
  } catch {
    return new Map();
  }
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
