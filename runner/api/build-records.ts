import type { ResultTable, Session } from "../adapters/adapter.ts";
import { cellText } from "../adapters/cell-text.ts";
import { isObject } from "../base/json.ts";
import { isEphemeral } from "../graph/relation-nodes.ts";
import { reach } from "../graph/select/walk.ts";
import type { GraphNode, UnitTestNode } from "../graph/types.ts";
import type { BuildRecord } from "../plan/changed/decide.ts";
import { BUILDS, readBuilds } from "../plan/meta-builds.ts";
import { META_SCHEMA } from "../plan/meta-tables.ts";
import type { OpenProject } from "./open-project.ts";

/** What the warehouse remembers; nothing where it has no such table. */
export async function readRecords(open: OpenProject, session: Session): Promise<Map<string, BuildRecord>> {
  const tables = await session.listRelations(META_SCHEMA);
  if (!tables.has(BUILDS.relation.identifier)) return new Map();
  const { rows } = await session.query(readBuilds(open.project.target.schema, open.dialect));
  return recordsOf(rows);
}

/** `rows`: as `readBuilds` asks for them. */
export const recordsOf = (rows: ResultTable["rows"]): Map<string, BuildRecord> =>
  new Map(
    rows.map(([id, buildId, sql, settings, inputs, builtAt]) => [
      cellText(id),
      {
        buildId: cellText(buildId),
        sql: sql === null ? null : cellText(sql),
        settings: settings === null ? null : cellText(settings),
        inputs: inputsOf(cellText(inputs)),
        builtAt: Date.parse(cellText(builtAt)),
      },
    ]),
  );

function inputsOf(text: string): Record<string, string> {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? (value as Record<string, string>) : {};
}

/** Of the nodes whose records tell what has changed of these: their own, and those of what they are made of. */
export function comparedIds(
  { parsed: { graph } }: OpenProject,
  { nodes, unitTests }: { readonly nodes: readonly GraphNode[]; readonly unitTests: readonly UnitTestNode[] },
): ReadonlySet<string> {
  const ids = new Set([...nodes, ...unitTests].map(({ uniqueId }) => uniqueId));
  // Those that are no relations of their own stand for what they are made of.
  let through = nodes.map(({ uniqueId }) => uniqueId);
  while (through.length > 0) {
    const above = reach(graph.parents, through, 1);
    for (const id of above) ids.add(id);
    through = [...above].filter((id) => {
      const parent = graph.nodes.get(id);
      return parent !== undefined && isEphemeral(parent);
    });
  }
  return ids;
}
