import type { SeedNode } from "../graph/types.ts";
import { sha256 } from "../base/hash.ts";
import { indexSteps } from "./indexes.ts";
import { recordSeed } from "./meta-tables.ts";
import type { PlanContext } from "./plan-context.ts";
import { statement } from "./statement.ts";
import type { CurrentRelation, NodePlan, Step } from "./step.ts";
import { besideRelation, swapGuard, swapSteps } from "./swap.ts";

/** Changes with everything that the loaded table depends on. */
export const seedFingerprint = ({
  checksum,
  config,
  originalFilePath,
  description,
  columns,
}: SeedNode): string =>
  sha256(
    JSON.stringify([
      checksum,
      config.column_types,
      config.delimiter,
      originalFilePath,
      ...config.pre_hook,
      ...config.post_hook,
      config.indexes,
      config.grants,
      ...(config.persist_docs.relation ? [description] : []),
      ...(config.persist_docs.columns
        ? Array.from(columns, ([name, column]) => [name, column.description])
        : []),
    ]),
  );

/** When it is noted, in milliseconds since 1970, that a file was loaded which had the node's checksum while it had this stamp. */
export type SeedNote = { readonly now: number; readonly stamp: string };

/** Loads the file whole, beside the table of an earlier load. `path` is absolute; `note` null: nobody takes notes. */
export function planSeed(
  node: SeedNode,
  path: string,
  current: CurrentRelation,
  { dialect }: Pick<PlanContext, "dialect">,
  note: SeedNote | null = null,
): NodePlan {
  const target = current ? besideRelation(node.relation, dialect) : node.relation;
  const { delimiter, column_types: columnTypes } = node.config;
  const label = `load ${node.originalFilePath}`;
  const format = path.endsWith(".parquet") ? "parquet" : /\.(json|ndjson|jsonl)$/.test(path) ? "json" : null;
  const file = { path, columnTypes, ...(note && { stamp: note.stamp }) };
  const load: Step =
    format !== null
      ? { kind: "load-file", label, target, source: { ...file, format } }
      : { kind: "load-csv", label, target, source: { ...file, delimiter } };
  const notes =
    note === null
      ? []
      : recordSeed(node.relation, seedFingerprint(node), note.now, dialect).map((sql) =>
          statement("note what was loaded", sql),
        );
  return {
    uniqueId: node.uniqueId,
    description: "seed",
    query: null,
    transaction: true,
    temporary: current ? [target] : [],
    steps: current
      ? [
          ...swapGuard(node, current, dialect),
          statement("drop what an earlier run may have left", dialect.drop(target, "table")),
          load,
          ...swapSteps(node, target, current, dialect),
          ...notes,
        ]
      : [load, ...indexSteps(node, node.relation, dialect), ...notes],
  };
}
