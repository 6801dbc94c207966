/** `catalogue`: what publishers offer, as it was when it was loaded last. */
export type CatalogueData = { readonly publishers: readonly Catalogue[] };

export type Catalogue = {
  readonly publisher: string;
  /** null: it was read, but has not landed. */
  readonly loaded: string | null;
  readonly entries: readonly CatalogueEntry[];
};

export type CatalogueEntry = {
  readonly code: string;
  readonly title: string;
  readonly theme: string;
  readonly updated: string | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly values: number | null;
  /** The newest edition that has landed here. */
  readonly landed: string | null;
  readonly isDue: boolean;
  /** The page of its source; null where the project has none. */
  readonly node: string | null;
};
