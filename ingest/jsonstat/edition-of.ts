import type { Edition } from "../landing/land.ts";
import type { Cube } from "./types.ts";

/** A cube as the landing takes it. */
export const editionOf = (
  cube: Pick<Cube, "label" | "updated" | "header" | "dimensions" | "observations">,
  origin: Pick<Edition, "publisher" | "dataset" | "source" | "sha256" | "document">,
): Edition => ({
  ...origin,
  label: cube.label,
  updated: cube.updated.instant,
  header: cube.header,
  dimensions: cube.dimensions,
  open: (reject) => cube.observations(reject),
});
