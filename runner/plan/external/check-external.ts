import { isWithin } from "../../base/files.ts";
import type { Problem } from "../../base/problems.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import type { ModelNode } from "../../graph/types.ts";
import { externalPath } from "./external-path.ts";
import type { ExternalPlaces } from "./external-path.ts";

/** Of an external model, what the target decides: whether it writes files, and the folder of those that do not say where they lie. */
export function checkExternal(node: ModelNode, dialect: Dialect, places: ExternalPlaces): Problem[] {
  if (node.config.materialized !== "external") return [];
  const found: Problem[] = [];
  if (!dialect.writesFiles) {
    found.push({
      ...node.place,
      code: "MATERIALIZATION_UNSUPPORTED",
      message: `${dialect.name} writes no files`,
      hint: 'use materialized "table"',
    });
  }
  if (externalPath(node, places) === undefined) {
    found.push({
      ...node.place,
      code: "PATH_OUTSIDE",
      message: `the file of "${node.alias}" would not be inside the project`,
      hint: "say where it lies: location='data/external/orders.parquet'",
    });
  }
  return found;
}

/** Two models that would write one file, or one into the folder of the other. */
export function checkLocations(nodes: readonly ModelNode[], places: ExternalPlaces): Problem[] {
  const taken: { readonly path: string; readonly name: string }[] = [];
  const problems: Problem[] = [];
  for (const node of nodes) {
    const path = node.config.materialized === "external" ? externalPath(node, places) : undefined;
    if (path === undefined) continue;
    const twin = taken.find(
      (other) => path === other.path || isWithin(path, other.path) || isWithin(other.path, path),
    );
    if (twin) {
      const message = `"${node.name}" and "${twin.name}" would be written to one place`;
      problems.push({
        ...node.place,
        code: "LOCATION_DUPLICATE",
        message,
        hint: "give one of them another location",
      });
    }
    taken.push({ path, name: node.name });
  }
  return problems;
}
