import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { ResultColumn } from "../../adapters/adapter.ts";
import { keepFile } from "../../base/files.ts";

/** What is in the file, and how columns are found: another number forgets what an earlier version found. */
const VERSION = 2;

const fileSchema = z.object({
  version: z.literal(VERSION),
  /** By unique id: what the answer depends on, and names with types; null: they cannot be known. */
  nodes: z.record(
    z.string(),
    z.object({ key: z.string(), columns: z.array(z.tuple([z.string(), z.string()])).nullable() }),
  ),
});

/** Columns that were found before, in `target/columns.json`. */
export type ColumnsCache = {
  /** undefined: never found, or something that it depends on has changed. */
  get(uniqueId: string, key: string): readonly ResultColumn[] | null | undefined;
  set(uniqueId: string, key: string, columns: readonly ResultColumn[] | null): void;
  /** Writes what is new; what other nodes had stays. */
  save(): void;
};

export function readColumnsCache(targetFolder: string): ColumnsCache {
  const path = join(targetFolder, "columns.json");
  const nodes = new Map(Object.entries(readNodes(path)));
  let changed = false;
  return {
    get(uniqueId, key) {
      const found = nodes.get(uniqueId);
      if (found?.key !== key) return undefined;
      return found.columns?.map(([name, type]) => ({ name, type })) ?? null;
    },
    set(uniqueId, key, columns) {
      changed = true;
      nodes.set(uniqueId, { key, columns: columns?.map(({ name, type }) => [name, type]) ?? null });
    },
    save() {
      if (changed) keepFile(path, JSON.stringify({ version: VERSION, nodes: Object.fromEntries(nodes) }));
    },
  };
}

/** A file that is missing, broken or of another version is an empty cache. */
function readNodes(path: string): z.infer<typeof fileSchema>["nodes"] {
  try {
    const read = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return read.success ? read.data.nodes : {};
  } catch {
    return {};
  }
}
