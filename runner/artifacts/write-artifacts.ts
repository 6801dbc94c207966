import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import type { JsonObject } from "../base/json.ts";
import type { Graph } from "../graph/types.ts";
import { writeBeside } from "./sql-beside/write-beside.ts";
import { LIST, SqlFolder } from "./sql-folder.ts";
import { sqlPath } from "./sql-paths.ts";

export type ArtifactName = "manifest.json" | "run_results.json" | "catalog.json" | "sources.json";

/** Writes one artifact into the target folder, whole or not at all. */
export function writeArtifact(targetFolder: string, name: ArtifactName, artifact: JsonObject): void {
  writeFileAtomic(join(targetFolder, name), JSON.stringify(artifact));
}

/** Writes the SQL of nodes below `target/compiled` (the query) or `target/run` (the statements sent), by unique id, as {@link SqlFolder} does. */
export function writeSql(
  targetFolder: string,
  kind: SqlKind,
  graph: Graph,
  sql: Iterable<readonly [string, string]>,
): void {
  const folder = new SqlFolder(join(targetFolder, kind));
  for (const [file, text] of filesOf(graph, sql)) folder.put(file, text);
  folder.save();
}

type SqlKind = "compiled" | "run";

/** Texts by unique ids, as often as they are asked for. */
export type ManySql = { readonly count: number; readonly sql: () => Iterable<readonly [string, string]> };

/** From so many files on it pays to start a thread for them, which takes 50 ms of the other core. */
const MANY = 3000;

/**
 * The same, while something else is done. Thousands of files that were never written are written by a thread of their own: opening them takes
 * as long as making the manifest. What that one cannot write is written here, where a mistake is told.
 */
export async function writeSqlBeside<T>(
  targetFolder: string,
  kind: SqlKind,
  graph: Graph,
  { count, sql }: ManySql,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const path = join(targetFolder, kind);
  if (count < MANY || existsSync(join(path, LIST))) {
    writeSql(targetFolder, kind, graph, sql());
    return meanwhile();
  }
  const written = writeBeside(path, filesOf(graph, sql()));
  try {
    return await meanwhile();
  } finally {
    if (!(await written)) writeSql(targetFolder, kind, graph, sql());
  }
}

function* filesOf(
  graph: Graph,
  sql: Iterable<readonly [string, string]>,
): Generator<readonly [file: string, text: string]> {
  for (const [id, text] of sql) {
    const node = graph.nodes.get(id);
    if (node !== undefined) yield [sqlPath(node), text];
  }
}
