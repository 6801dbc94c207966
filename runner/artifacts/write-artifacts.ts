import { join } from "node:path";
import { writeFileAtomic } from "../base/files.ts";
import { MANY_FILES } from "../base/thread-module.ts";
import type { JsonObject } from "../base/json.ts";
import type { Graph } from "../graph/types.ts";
import { DiskThread } from "./beside/disk-thread.ts";
import { SqlFolder } from "./sql-folder.ts";
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

/**
 * A thread for the SQL of so many nodes, to be given it as it is made: opening thousands of new files takes longer than all that this one has to do
 * meanwhile, and to look whether those of the run before are still there a tenth of it. undefined: they are few. `begun`: one that there is already,
 * which is stopped where it has nothing to do any more.
 */
export function sqlThread(
  targetFolder: string,
  kind: SqlKind,
  count: number,
  begun?: DiskThread,
): DiskThread | undefined {
  const path = join(targetFolder, kind);
  if (count < MANY_FILES) {
    begun?.stop();
    return undefined;
  }
  return (begun?.isFree === true ? begun : new DiskThread()).writeInto(path);
}

/** SQL of nodes, of which each file ends its line. */
export type AllSql = {
  readonly graph: Graph;
  readonly texts: () => Iterable<readonly [id: string, text: string]>;
};

/** The same while something else is done; `thread` has been given all of it. What it could not write is written here, where a mistake is told. */
export async function writeSqlBeside<T>(
  targetFolder: string,
  kind: SqlKind,
  { graph, texts }: AllSql,
  thread: DiskThread | undefined,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const write = (): void => writeSql(targetFolder, kind, graph, withBreaks(texts()));
  if (thread === undefined) write();
  const written = thread?.end();
  try {
    return await meanwhile();
  } finally {
    if ((await written) === false) write();
  }
}

function* withBreaks(texts: Iterable<readonly [string, string]>): Generator<readonly [string, string]> {
  for (const [id, text] of texts) yield [id, `${text}\n`];
}

/** The file of each node below a folder of SQL, with its text; what is no node of the graph has none. */
export function* filesOf(
  graph: Graph,
  sql: Iterable<readonly [string, string]>,
): Generator<readonly [file: string, text: string]> {
  for (const [id, text] of sql) {
    const node = graph.nodes.get(id);
    if (node !== undefined) yield [sqlPath(node), text];
  }
}
