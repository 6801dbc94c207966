import type { Json } from "../../base/json.ts";
import type { Version } from "../../project/govern-schema.ts";
import type { Transformation } from "../../graph/columns/types.ts";

/** `lineage`: what selectors ask of nodes, beside what the index says of them; in the order of the index. */
export type LineageFacts = {
  readonly project: string;
  /** A node's configuration is a place in `configs`, as many are alike. `source`: of a source, the name it is under. */
  readonly nodes: readonly (readonly [
    file: string,
    fqn: readonly string[],
    config: number,
    source: string | null,
    /** Its own and the latest, of a model that has versions. */
    versions?: readonly [Version, Version],
  ])[];
  readonly configs: readonly Readonly<Record<string, Json>>[];
};

/** What is done to values on their way, in the words of the runner. */
export type Change = Transformation;

/** `columns-<bucket>`: id → columns with where each comes from and goes to. A node whose columns cannot be told is not there. */
export type ColumnBucket = Readonly<Record<string, NodeColumns>>;
export type NodeColumns = {
  readonly columns: readonly LineageColumn[];
  /** Columns of parents that decide which rows there are. */
  readonly influences: readonly ColumnPlace[];
};
export type LineageColumn = {
  readonly name: string;
  readonly type: string | null;
  readonly change: Change;
  /** false: it may come from more than `from`. */
  readonly complete: boolean;
  readonly from: readonly ColumnPlace[];
  readonly to: readonly ColumnPlace[];
};
/** A node, by its place in the index, and the name of a column there. */
export type ColumnPlace = readonly [node: number, column: string];
