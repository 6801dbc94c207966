import { readWarehouse } from "../execute/warehouse-state.ts";
import { isRelation } from "../graph/relation-nodes.ts";
import type { ResultColumn } from "../adapters/adapter.ts";
import { printTypes } from "../artifacts/typescript/print-types.ts";
import type { TypedRelation, TypesStyle } from "../artifacts/typescript/print-types.ts";
import { promisesOf } from "../artifacts/typescript/promises.ts";
import { UsageError } from "../base/errors.ts";
import { plural } from "../base/text.ts";
import type { RelationNode } from "../graph/types.ts";
import { knownColumns } from "./columns/known-columns.ts";
import { reach } from "../graph/select/walk.ts";
import type { OpenProject } from "./open-project.ts";
import { selectNodes } from "./select-nodes.ts";
import type { Selection, SelectionWarning } from "./select-nodes.ts";
import { withSession } from "./with-session.ts";

export type GeneratedTypes = {
  /** A module of TypeScript. */
  readonly text: string;
  readonly relations: number;
  readonly warnings: readonly SelectionWarning[];
};

/**
 * Types of the rows of models, seeds and snapshots. Columns are those of an enforced contract, else those that DuckDB finds without the
 * warehouse, else those that the warehouse has.
 */
export async function generateTypes(
  open: OpenProject,
  selection: Selection,
  style: TypesStyle,
): Promise<GeneratedTypes> {
  const { nodes, warnings } = selectNodes(open, {
    ...selection,
    resourceTypes: selection.resourceTypes ?? ["model", "seed", "snapshot"],
  });
  const chosen = nodes.filter(isRelation);
  const columns = await columnsOf(open, chosen);
  const promises = promisesOf(open.parsed.graph);
  const relations = chosen.map((node): TypedRelation => {
    const { filled, values } = promises(node);
    const described = new Map([...node.columns].map(([name, info]) => [name.toLowerCase(), info]));
    return {
      name:
        node.resourceType === "model" && node.version !== null ? `${node.name}_v${node.version}` : node.name,
      description: node.description,
      columns: columns.get(node.uniqueId)!.map(({ name, type }) => {
        const key = name.toLowerCase();
        const description = described.get(key)?.description ?? "";
        return { name, type, description, nullable: !filled.has(key), values: values.get(key) ?? null };
      }),
    };
  });
  return { text: printTypes(relations, style), relations: relations.length, warnings };
}

type Columns = Map<string, readonly ResultColumn[]>;

async function columnsOf(open: OpenProject, nodes: readonly RelationNode[]): Promise<Columns> {
  const found: Columns = new Map();
  for (const node of nodes) {
    const promised = contractOf(node);
    if (promised !== null) found.set(node.uniqueId, promised);
  }
  const left = (): RelationNode[] => nodes.filter(({ uniqueId }) => !found.has(uniqueId));
  if (open.dialect.name === "duckdb" && left().length > 0) {
    const ids = left().map(({ uniqueId }) => uniqueId);
    const { introspective, graph } = open.parsed;
    const known = await knownColumns(open, new Set([...ids, ...reach(graph.parents, ids)]), null);
    for (const id of ids) {
      const columns = introspective.has(id) ? undefined : known.columns.get(id);
      if (columns) found.set(id, columns);
    }
  }
  if (left().length > 0) await fromWarehouse(open, left(), found);
  const missing = left().map(({ name }) => `"${name}"`);
  if (missing.length > 0)
    throw new UsageError(
      "COLUMNS_UNKNOWN",
      `the columns of ${plural(missing.length, "relation")} are not known: ${missing.join(", ")}`,
      "build them first, or give them a contract with every column's data_type",
    );
  return found;
}

function contractOf(node: RelationNode): readonly ResultColumn[] | null {
  if (node.resourceType !== "model" || !node.config.contract.enforced) return null;
  const columns = [...node.columns.values()].map(({ name, dataType }) => ({ name, type: dataType ?? "" }));
  return columns.every(({ type }) => type !== "") ? columns : null;
}

async function fromWarehouse(
  { project, dialect, effects }: OpenProject,
  nodes: readonly RelationNode[],
  found: Columns,
): Promise<void> {
  await withSession(project.target, effects.signal, async (session) => {
    const schemas = nodes.map(({ relation }) => relation.schema);
    const warehouse = await readWarehouse(session, dialect, schemas);
    for (const { uniqueId, relation } of nodes)
      if (warehouse.kindOf(relation) !== null) found.set(uniqueId, await session.columnsOf(relation));
  });
}
