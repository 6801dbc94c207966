import { isEphemeral } from "../../graph/relation-nodes.ts";
import type { CatalogRelation, Session } from "../../adapters/adapter.ts";
import { isStop } from "../../adapters/query-error.ts";
import { StatloomError } from "../../base/errors.ts";
import type { ExploreTable } from "../../docs/data/explore-types.ts";
import { EXPLORE_FOLDER } from "../../docs/explore-files.ts";
import type { ExploreFiles } from "../../docs/explore-files.ts";
import type { ModelNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";
import { selectNodes } from "../select-nodes.ts";
import { goOn } from "../stop-with.ts";
import { exploreColumns, exportQuery, parquetOf } from "./parquet-table.ts";

export type ExportOptions = {
  /** Selectors of what can be queried; none: models in a folder "marts". */
  readonly select: readonly string[];
  /** Of one table; longer ones are left out. */
  readonly rows: number;
  /** Of all files together. */
  readonly megabytes: number;
};
export const EXPORT_DEFAULTS: ExportOptions = { select: [], rows: 200_000, megabytes: 50 };

/**
 * The tables that anybody who sees the site may query, as Parquet. Private models and those with `docs: {show: false}` or `meta: {explore: false}` are none, whatever is
 * selected; `meta: {explore: true}` adds one. What is too long or too large is left out whole: a part would give wrong sums.
 */
export async function exportTables(
  open: OpenProject,
  relations: readonly CatalogRelation[],
  session: Session,
  options: ExportOptions,
): Promise<ExploreFiles> {
  const { dialect } = open;
  const key = (schema: string, name: string): string => JSON.stringify([schema, name]).toLowerCase();
  const there = new Map(
    relations.map(({ relation, columns }) => [key(relation.schema, relation.identifier), columns]),
  );
  const files = new Map<string, Uint8Array>();
  const tables: ExploreTable[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  let room = options.megabytes * 1_000_000;
  for (const node of chosen(open, options.select)) {
    goOn(open.effects.signal);
    const { schema, identifier } = node.relation;
    const built = there.get(key(schema, identifier));
    const isTaken = tables.some(({ name }) => name.toLowerCase() === identifier.toLowerCase());
    const name = isTaken ? `${schema}_${identifier}` : identifier;
    if (built === undefined) {
      leftOut.push({ name, reason: "it has not been built" });
      continue;
    }
    const columns = exploreColumns(built);
    try {
      const query = exportQuery(dialect.quoteRelation(node.relation), columns, options.rows, dialect);
      const found = await session.query(query);
      const bytes = found.rows.length > options.rows ? null : parquetOf(found, columns);
      if (bytes === null)
        leftOut.push({ name, reason: `it has more than ${options.rows.toLocaleString("en")} rows` });
      else if (bytes.length > room)
        leftOut.push({ name, reason: `all files together would be larger than ${options.megabytes} MB` });
      else {
        room -= bytes.length;
        const file = `${EXPLORE_FOLDER}/${tables.length}.parquet`;
        files.set(file, bytes);
        const rows = found.rows.length;
        tables.push({ id: node.uniqueId, name, file, rows, bytes: bytes.length, columns });
      }
    } catch (error) {
      if (!(error instanceof StatloomError) || isStop(error)) throw error;
      leftOut.push({ name, reason: error.message });
    }
  }
  return { data: { tables, leftOut }, files };
}

function chosen(open: OpenProject, select: readonly string[]): ModelNode[] {
  const selected = select.length > 0 ? selectNodes(open, { select, exclude: [] }).nodes : null;
  const isSelected = (node: ModelNode): boolean =>
    selected === null ? node.fqn.slice(1, -1).includes("marts") : selected.includes(node);
  return [...open.parsed.graph.nodes.values()].filter(
    (node): node is ModelNode =>
      node.resourceType === "model" &&
      !isEphemeral(node) &&
      node.config.access !== "private" &&
      node.config.docs.show &&
      node.config.meta["explore"] !== false &&
      (isSelected(node) || node.config.meta["explore"] === true),
  );
}
