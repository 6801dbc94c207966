import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperationError } from "../base/errors.ts";
import { diskError, removeLeftover, resolveInside, writeFileAtomic } from "../base/files.ts";
import type { JsonObject } from "../base/json.ts";
import type { Graph } from "../graph/types.ts";
import { sqlPath } from "./sql-paths.ts";

export type ArtifactName = "manifest.json" | "run_results.json" | "catalog.json" | "sources.json";

/** Writes one artifact into the target folder, whole or not at all. */
export function writeArtifact(targetFolder: string, name: ArtifactName, artifact: JsonObject): void {
  writeFileAtomic(join(targetFolder, name), JSON.stringify(artifact));
}

/**
 * Writes the SQL of nodes below `target/compiled` (the query) or `target/run` (the statements sent), by unique id.
 * Each file appears whole, but is not forced to the disk: it can be made again, and there may be thousands.
 */
export function writeSql(
  targetFolder: string,
  kind: "compiled" | "run",
  graph: Graph,
  sql: Iterable<readonly [string, string]>,
): void {
  const folder = join(targetFolder, kind);
  const folders = new Set<string>();
  for (const [id, text] of sql) {
    const node = graph.nodes.get(id);
    if (node === undefined) continue;
    const path = resolveInside(folder, sqlPath(node));
    if (path === undefined) throw new OperationError("DISK", `the SQL of ${id} would leave ${folder}`);
    if (alreadyThere(path, text)) continue;
    const beside = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      if (!folders.has(dirname(path))) mkdirSync(dirname(path), { recursive: true });
      folders.add(dirname(path));
      writeFileSync(beside, text);
      renameSync(beside, path);
    } catch (error) {
      removeLeftover(beside);
      throw diskError(`cannot write ${path}`, error);
    }
  }
}

/** Most files of a run are those of the last one; reading is far cheaper than writing. */
function alreadyThere(path: string, text: string): boolean {
  try {
    return readFileSync(path, "utf8") === text;
  } catch {
    return false; // not there, or not readable: writing it will tell
  }
}
