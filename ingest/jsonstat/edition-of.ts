import type { Edition } from "../landing/land.ts";
import type { Cube } from "./types.ts";

/** A cube as the landing takes it. `onBatch` is told how many rows have been read, and which share of the document. */
export function editionOf(
  cube: Pick<Cube, "label" | "updated" | "header" | "dimensions" | "observations">,
  origin: Pick<Edition, "publisher" | "dataset" | "source" | "sha256" | "document">,
  onBatch: (rows: number, share: number) => void,
): Edition {
  return {
    ...origin,
    label: cube.label,
    updated: cube.updated.instant,
    header: cube.header,
    dimensions: cube.dimensions,
    open(reject) {
      const source = cube.observations(reject);
      let rows = 0;
      return {
        columns: source.columns,
        next(batch) {
          const count = source.next(batch);
          rows += count;
          onBatch(rows, source.progress?.() ?? 0);
          return count;
        },
        close: () => source.close(),
      };
    },
  };
}
