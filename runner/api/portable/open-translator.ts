import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keepFile } from "../../base/files.ts";
import { ProjectError } from "../../base/errors.ts";
import { sha256 } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import { createCompiler } from "../../plan/compile.ts";
import type { CompileInput } from "../../plan/compile-input.ts";
import { RULES, toTarget } from "../../plan/portable/to-target.ts";
import type { Translate } from "../../plan/portable/to-target.ts";
import { PendingQuery } from "../../plan/queries.ts";

const FILE = "portable.json";

/**
 * Translates the portable models of a project. What they come to as they stand is kept in the target folder by a hash of the query; other
 * states of them (a batch, a sample) are translated when they are met.
 */
export async function openTranslator(input: CompileInput, targetFolder: string): Promise<Translate> {
  // Compiling cannot wait, so that the library is loaded before.
  const { loadLibrary } = await import("./load-library.ts");
  const library = await loadLibrary();
  const path = join(targetFolder, FILE);
  const kept = readKept(path);
  const used = new Map<string, string>();
  const translate: Translate = (query) => {
    const key = sha256(JSON.stringify([library.version, RULES, query]));
    const known = used.get(key) ?? kept.get(key);
    const made = known === undefined ? toTarget(query, library) : { sql: known };
    if ("sql" in made) used.set(key, made.sql);
    return made;
  };
  const compiler = createCompiler({ ...input, translate });
  for (const uniqueId of input.parsed.graph.portable) {
    try {
      compiler.compile(uniqueId);
    } catch (error) {
      // Whoever compiles it in earnest is told.
      if (!(error instanceof ProjectError || error instanceof PendingQuery)) throw error;
    }
  }
  if ([...used.keys()].some((key) => !kept.has(key)))
    keepFile(path, JSON.stringify(Object.fromEntries(used)));
  return translate;
}

/** What cannot be read is made again. */
function readKept(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map();
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    const entries = isObject(found) ? Object.entries(found) : [];
    return new Map(entries.flatMap(([key, sql]) => (typeof sql === "string" ? [[key, sql] as const] : [])));
  } catch {
    return new Map();
  }
}
