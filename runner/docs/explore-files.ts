import type { ExploreData } from "./data/explore-types.ts";

/** What is queried in the browser: the list, and the Parquet files by their paths in the site. */
export type ExploreFiles = {
  readonly data: ExploreData;
  readonly files: ReadonlyMap<string, Uint8Array>;
};

/** Folder of the site for the Parquet files, which nothing else is in: what was private since is taken away with it. */
export const EXPLORE_FOLDER = "explore";
