import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { ColumnOrigin, Transformation } from "../../graph/columns/types.ts";
import { reach } from "../../graph/select/walk.ts";
import { isLatestVersion, nameWithVersion } from "../../graph/versions.ts";
import type { AnyNode } from "../../graph/types.ts";
import type { OpenProject } from "../open-project.ts";
import { columnLineage } from "./column-lineage.ts";
import type { NodeLineage } from "../../graph/columns/types.ts";

/** A column of a node on a trace; `node` as people write it: `mart_x`, `eurostat.hlth_silc_13`. */
export type TracedColumn = {
  readonly uniqueId: string;
  readonly node: string;
  readonly resourceType: string;
  readonly column: string;
  readonly type: string | null;
  /** false: it may come from more than the edges say. */
  readonly complete: boolean;
};
/** `from` and `to` are places in the list of columns; values go from parent to child. */
export type TraceEdge = {
  readonly from: number;
  readonly to: number;
  readonly transformation: Transformation;
};
export type ColumnTrace = {
  readonly direction: "upstream" | "downstream";
  /** The columns asked for come first. */
  readonly columns: readonly TracedColumn[];
  readonly asked: number;
  readonly edges: readonly TraceEdge[];
};

/**
 * Where a column comes from, or what is made of it. `name`: `fct_x.value`, `eurostat.hlth_silc_13.value`, or a node alone for all of
 * its columns.
 */
export async function traceColumn(
  open: OpenProject,
  name: string,
  direction: ColumnTrace["direction"],
): Promise<ColumnTrace> {
  const { graph } = open.parsed;
  const { node, column } = nodeNamed(open, name);
  const below = direction === "downstream" ? reach(graph.children, [node.uniqueId]) : [];
  const lineage = await columnLineage(open, [node.uniqueId, ...below]);
  const own = lineage.get(node.uniqueId);
  if (!own)
    throw new UsageError(
      "COLUMNS_UNKNOWN",
      `the columns of "${nameOf(node)}" cannot be told without the warehouse`,
      "it reads a table whose columns are not known, or says something that only the engine understands",
    );
  const start = own.columns.filter(
    (each) => column === null || each.name.toLowerCase() === column.toLowerCase(),
  );
  if (start.length === 0) {
    const names = own.columns.map((each) => each.name);
    throw new UsageError(
      "COLUMN_UNKNOWN",
      `"${nameOf(node)}" has no column "${column}"`,
      didYouMean(column ?? "", names) ?? `known: ${names.join(", ")}`,
    );
  }
  const first = start.map((each) => ({ relation: node.uniqueId, column: each.name }));
  const next = direction === "upstream" ? parentsIn(lineage) : childrenIn(lineage);
  return { direction, ...walk(open, lineage, first, next, direction), asked: first.length };
}

type Step = { readonly at: ColumnOrigin; readonly transformation: Transformation };
type Next = (origin: ColumnOrigin) => readonly Step[];

const keyOf = ({ relation, column }: ColumnOrigin): string =>
  JSON.stringify([relation, column.toLowerCase()]);

function columnIn(lineage: ReadonlyMap<string, NodeLineage>, { relation, column }: ColumnOrigin) {
  return lineage.get(relation)?.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
}

const parentsIn =
  (lineage: ReadonlyMap<string, NodeLineage>): Next =>
  (origin) => {
    const found = columnIn(lineage, origin);
    return found?.from.map((at) => ({ at, transformation: found.transformation })) ?? [];
  };

function childrenIn(lineage: ReadonlyMap<string, NodeLineage>): Next {
  const children = new Map<string, Step[]>();
  for (const { uniqueId, columns } of lineage.values()) {
    for (const { name, from, transformation } of columns) {
      for (const origin of from) {
        const steps = children.get(keyOf(origin)) ?? [];
        steps.push({ at: { relation: uniqueId, column: name }, transformation });
        children.set(keyOf(origin), steps);
      }
    }
  }
  return (origin) => children.get(keyOf(origin)) ?? [];
}

function walk(
  open: OpenProject,
  lineage: ReadonlyMap<string, NodeLineage>,
  first: readonly ColumnOrigin[],
  next: Next,
  direction: ColumnTrace["direction"],
): Pick<ColumnTrace, "columns" | "edges"> {
  const places = new Map<string, number>();
  const queue: ColumnOrigin[] = [];
  const edges: TraceEdge[] = [];
  const placeOf = (origin: ColumnOrigin): number => {
    const key = keyOf(origin);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, queue.length);
    return queue.push(origin) - 1;
  };
  for (const origin of first) placeOf(origin);
  for (let i = 0; i < queue.length; i++) {
    for (const { at, transformation } of next(queue[i]!)) {
      const other = placeOf(at);
      const ends = direction === "upstream" ? { from: other, to: i } : { from: i, to: other };
      edges.push({ ...ends, transformation });
    }
  }
  return { columns: queue.map((origin) => described(open, lineage, origin)), edges };
}

function described(
  { parsed: { graph } }: OpenProject,
  lineage: ReadonlyMap<string, NodeLineage>,
  origin: ColumnOrigin,
): TracedColumn {
  const { relation: uniqueId, column } = origin;
  const node = graph.nodes.get(uniqueId) ?? graph.sources.get(uniqueId);
  const found = columnIn(lineage, origin);
  return {
    uniqueId,
    node: node ? nameOf(node) : uniqueId,
    resourceType: node?.resourceType ?? "source",
    column: found?.name ?? column,
    type: found?.type ?? null,
    complete: found?.complete ?? false,
  };
}

const nameOf = (node: AnyNode): string =>
  node.resourceType === "source" ? `${node.sourceName}.${node.name}` : nameWithVersion(node);

/** The node that a name begins with, and the column that the rest of it names. */
function nodeNamed(
  { parsed: { graph } }: OpenProject,
  name: string,
): { node: AnyNode; column: string | null } {
  const nodes = [...graph.nodes.values(), ...graph.sources.values()].filter(
    ({ resourceType }) => resourceType !== "test",
  );
  const byName = new Map(
    nodes.flatMap((node) => [
      [nameOf(node), node] as const,
      // Without a version the latest is meant.
      ...(isLatestVersion(node) ? [[node.name, node] as const] : []),
    ]),
  );
  const whole = byName.get(name);
  if (whole) return { node: whole, column: null };
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const node = byName.get(name.slice(0, dot));
    if (node) return { node, column: name.slice(dot + 1) };
  }
  const dot = name.lastIndexOf(".");
  const wanted = dot > 0 ? name.slice(0, dot) : name;
  throw new UsageError(
    "NODE_UNKNOWN",
    `no model, seed, snapshot or source is named "${wanted}"`,
    didYouMean(wanted, byName.keys()) ?? "write a node and its column: models lineage fct_x.value",
  );
}
