import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keepFile } from "../../base/files.ts";
import { packageVersion } from "../../base/package-root.ts";

/** What was measured before and cannot have changed since: by what it is of, with the state that it is of. */
export type FactsCache = {
  /** What was kept for this state, or what `make` gives now. An empty state is never kept. */
  get<T>(subject: string, state: string, make: () => Promise<T>): Promise<T>;
  /** Keeps what was asked for, and nothing else. */
  save(): void;
};

type Entry = { readonly state: string; readonly value: unknown };

/** Lies beside the artifacts; one that cannot be read is begun anew. */
export function openFactsCache(targetFolder: string): FactsCache {
  const path = join(targetFolder, "docs_facts.json");
  const known = readKnown(path);
  const asked: Record<string, Entry> = {};
  return {
    async get<T>(subject: string, state: string, make: () => Promise<T>): Promise<T> {
      const before = Object.hasOwn(known, subject) ? known[subject] : undefined;
      const value = state !== "" && before?.state === state ? (before.value as T) : await make();
      if (state !== "") asked[subject] = { state, value };
      return value;
    },
    save: () => keepFile(path, JSON.stringify({ version: packageVersion(), facts: asked })),
  };
}

function readKnown(path: string): Readonly<Record<string, Entry>> {
  try {
    const { version, facts } = JSON.parse(readFileSync(path, "utf8")) as {
      version: string;
      facts: Record<string, Entry>;
    };
    return version === packageVersion() ? facts : {};
  } catch {
    return {};
  }
}
