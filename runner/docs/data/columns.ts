import type { CatalogFile, ManifestFileNode } from "../artifact-schemas.ts";
import type { ObservedNode } from "../observed.ts";
import { richLine } from "./rich.ts";
import type { NodeColumn } from "./node-types.ts";

/** Columns of the warehouse in its order, with what is written about them; then those that are only written about. */
export function columnsOf(
  node: ManifestFileNode,
  table: CatalogFile["nodes"][string] | undefined,
  observed: ObservedNode | undefined,
): NodeColumn[] {
  const profiles = new Map(observed?.columns.map((column) => [column.name.toLowerCase(), column.facts]));
  const written = new Map(Object.values(node.columns).map((column) => [column.name.toLowerCase(), column]));
  const column = (name: string, type: string, description: string): NodeColumn => ({
    name,
    type,
    description: richLine(description),
    profile: profiles.get(name.toLowerCase()) ?? null,
  });
  const inCatalog = Object.values(table?.columns ?? {}).toSorted((a, b) => a.index - b.index);
  // What lies in the landing zone is in no catalogue of a warehouse.
  const built = (inCatalog.length > 0 ? inCatalog : (observed?.columns ?? [])).map(({ name, type }) => {
    const about = written.get(name.toLowerCase());
    written.delete(name.toLowerCase());
    return column(name, type, about?.description ?? "");
  });
  const rest = Array.from(written.values(), ({ name, description, data_type: type }) =>
    column(name, type ?? "", description),
  );
  return [...built, ...rest];
}
