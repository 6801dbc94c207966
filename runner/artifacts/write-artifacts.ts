import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { basename, dirname } from "node:path/posix";
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
  const folders = new Map<string, Folder>();
  const suffix = `.${randomBytes(4).toString("hex")}.tmp`;
  for (const [id, text] of sql) {
    const node = graph.nodes.get(id);
    if (node === undefined) continue;
    const file = sqlPath(node);
    const within = folderOf(folder, dirname(file), folders);
    const path = `${within.path}${sep}${basename(file)}`;
    if (!within.isNew && alreadyThere(path, text)) continue;
    try {
      writeFileSync(`${path}${suffix}`, text);
      renameSync(`${path}${suffix}`, path);
    } catch (error) {
      removeLeftover(`${path}${suffix}`);
      throw diskError(`cannot write ${path}`, error);
    }
  }
}

type Folder = { readonly path: string; readonly isNew: boolean };

/** A folder below `root`, made where it is not there: looked at once, however many files it holds. */
function folderOf(root: string, name: string, known: Map<string, Folder>): Folder {
  let found = known.get(name);
  if (found === undefined) {
    const path = resolveInside(root, name);
    if (path === undefined) throw new OperationError("DISK", `SQL below ${name} would leave ${root}`);
    try {
      found = { path, isNew: mkdirSync(path, { recursive: true }) !== undefined };
    } catch (error) {
      throw diskError(`cannot make the folder ${path}`, error);
    }
    known.set(name, found);
  }
  return found;
}

/** Most files of a run are those of the last one; reading is far cheaper than writing. */
function alreadyThere(path: string, text: string): boolean {
  try {
    return readFileSync(path, "utf8") === text;
  } catch {
    return false; // not there, or not readable: writing it will tell
  }
}
