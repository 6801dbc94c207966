/** `explore`: tables that can be queried in the browser, each a Parquet file of its own. */
export type ExploreData = {
  readonly tables: readonly ExploreTable[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
};
export type ExploreTable = {
  readonly id: string;
  /** As queries call it. */
  readonly name: string;
  /** Below the site's folder. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly ExploreColumn[];
};
export type ExploreColumn = { readonly name: string; readonly type: ExploreType };
/** What becomes of the engine's types: whole numbers of 64 bits, doubles, and text for whatever is none of these. */
export type ExploreType = "text" | "whole" | "number" | "flag" | "date" | "instant";
