import { join, sep } from "node:path";
import { basename, dirname } from "node:path/posix";
import { OperationError } from "../base/errors.ts";
import { makeFolder, putFile, resolveInside, writeFileAtomic } from "../base/files.ts";
import { md5 } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";
import type { Graph } from "../graph/types.ts";
import { sqlPath } from "./sql-paths.ts";
import { WrittenFiles } from "./written-files.ts";

export type ArtifactName = "manifest.json" | "run_results.json" | "catalog.json" | "sources.json";

/** Writes one artifact into the target folder, whole or not at all. */
export function writeArtifact(targetFolder: string, name: ArtifactName, artifact: JsonObject): void {
  writeFileAtomic(join(targetFolder, name), JSON.stringify(artifact));
}

/**
 * Writes the SQL of nodes below `target/compiled` (the query) or `target/run` (the statements sent), by unique id.
 * Each file appears whole, but is not forced to the disk: it can be made again, and there may be thousands. Most are those of the last
 * run, which a list of their hashes tells faster than reading them.
 */
export function writeSql(
  targetFolder: string,
  kind: "compiled" | "run",
  graph: Graph,
  sql: Iterable<readonly [string, string]>,
): void {
  const folder = join(targetFolder, kind);
  const folders = new Map<string, string>();
  const written = new WrittenFiles(join(folder, ".written.json"));
  for (const [id, text] of sql) {
    const node = graph.nodes.get(id);
    if (node === undefined) continue;
    const file = sqlPath(node);
    const path = `${folder}${sep}${file}`;
    const hash = md5(text);
    if (written.has(file, path, hash)) continue;
    const within = `${folderOf(folder, dirname(file), folders)}${sep}${basename(file)}`;
    putFile(within, text);
    written.add(file, hash);
  }
  written.save();
}

/** A folder below `root`, made where it is not there: looked at once, however many files it holds. */
function folderOf(root: string, name: string, known: Map<string, string>): string {
  let path = known.get(name);
  if (path === undefined) {
    path = resolveInside(root, name);
    if (path === undefined) throw new OperationError("DISK", `SQL below ${name} would leave ${root}`);
    makeFolder(path);
    known.set(name, path);
  }
  return path;
}
