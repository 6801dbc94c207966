import { realpathSync } from "node:fs";
import { posixRelative } from "../base/files.ts";
import type { OpenProject } from "./open-project.ts";

export type UsedPackage = {
  readonly name: string;
  readonly version: string;
  readonly source: "npm" | "local";
  /** Relative to the project. */
  readonly path: string;
  /** Models, seeds, snapshots and tests; those that are switched off are not counted. */
  readonly nodes: number;
  readonly macros: number;
};

/** The packages of a project, each after those that it uses itself. */
export function listPackages({ project, parsed }: OpenProject): UsedPackage[] {
  const root = realpathSync(project.root);
  const countOf = (all: Iterable<{ readonly packageName: string }>, name: string): number =>
    [...all].filter(({ packageName }) => packageName === name).length;
  return project.packages.map(({ name, version, npm, root: folder }) => ({
    name,
    version,
    source: npm === null ? "local" : "npm",
    path: posixRelative(root, folder),
    nodes: countOf(parsed.graph.nodes.values(), name),
    macros: countOf(parsed.graph.macros.values(), name),
  }));
}
