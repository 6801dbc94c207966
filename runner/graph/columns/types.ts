/** A column of a relation that a query reads; `relation` is what the caller's {@link Catalog} calls it. */
export type ColumnOrigin = { readonly relation: string; readonly column: string };

/** What happens to a value on its way, weakest first; OpenLineage's names in lower case. `constant`: it comes from no column. */
export type Transformation = "constant" | "identity" | "transformation" | "aggregation";

/** One column of what a query returns. */
export type QueryColumn = {
  /** As written; null where the engine makes a name up. */
  readonly name: string | null;
  readonly origins: readonly ColumnOrigin[];
  readonly transformation: Transformation;
  /** false: it may come from more than `origins`. */
  readonly complete: boolean;
};

/** Columns in order. `open`: there are or may be others, at places that are not known. */
export type Shape = { readonly columns: readonly QueryColumn[]; readonly open: boolean };

/** A name that cannot be right. Positions count characters of the query, as code points, from 0. */
export type ColumnFinding = {
  readonly kind: "unknown" | "ambiguous";
  readonly name: string;
  readonly start: number;
  /** Names that are there; of an ambiguous one, where it is found. */
  readonly known: readonly string[];
};

export type QueryColumns = Shape & {
  /** Columns that decide which rows there are, or how they are grouped: filters, joins, groupings, orders. */
  readonly influences: readonly ColumnOrigin[];
  readonly findings: readonly ColumnFinding[];
};

/** What is known of a table by the parts of its name as written; undefined: nothing. `columns` null: it is known, its columns are not. */
export type Catalog = (
  parts: readonly string[],
) => { readonly relation: string; readonly columns: readonly string[] | null } | undefined;

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
