import { addTo } from "../base/group-by.ts";
import type { CatalogColumn, CatalogRelation, Cell } from "./adapter.ts";
import { cellText, cellTextOrNull } from "./cell-text.ts";

/** A relation as an engine's catalogue lists it, without its columns. */
export type ListedRelation = Omit<CatalogRelation, "relation" | "columns"> & {
  readonly schema: string;
  readonly identifier: string;
};

/** Relations with their columns. A row of `columns` is schema, relation, name, type, index, comment; each relation's in order. */
export function withColumns(
  relations: readonly ListedRelation[],
  columns: readonly (readonly Cell[])[],
): readonly CatalogRelation[] {
  const found = new Map<string, CatalogColumn[]>();
  for (const [schema, table, name, type, index, comment] of columns) {
    addTo(found, JSON.stringify([schema, table]), {
      name: cellText(name),
      type: cellText(type),
      index: Number(index),
      comment: cellTextOrNull(comment),
    });
  }
  return relations.map(({ schema, identifier, kind, comment }) => ({
    relation: { database: null, schema, identifier },
    kind,
    comment,
    columns: found.get(JSON.stringify([schema, identifier])) ?? [],
  }));
}
