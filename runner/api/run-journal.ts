import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../base/is-alive.ts";
import { isObject, parseJson } from "../base/json.ts";
import type { JsonObject } from "../base/json.ts";
import type { NodeResult } from "../execute/results.ts";

/**
 * `target/run_journal.ndjson`: what a run set out to do, and what became of it so far, a line a node. It goes when `run_results.json` says
 * it all; where it is still there, the run was killed.
 */
export type RunJournal = {
  note(result: NodeResult): void;
  end(): void;
};

export const JOURNAL = "run_journal.ndjson";

type Begun = { readonly args: JsonObject; readonly pid: number; readonly ids: readonly string[] };

/** A journal that cannot be written is none: it is for the case that the run is killed, and no reason to fail one. */
export function beginJournal(targetFolder: string, args: JsonObject, ids: Iterable<string>): RunJournal {
  const path = join(targetFolder, JOURNAL);
  const begun: Begun = { args, pid: process.pid, ids: [...ids] };
  let isKept = attempt(() => {
    mkdirSync(targetFolder, { recursive: true });
    writeFileSync(path, `${JSON.stringify(begun)}\n`);
  });
  return {
    note({ uniqueId, status, batches }) {
      const line = { unique_id: uniqueId, status, batch_results: batches ?? null };
      isKept &&= attempt(() => appendFileSync(path, `${JSON.stringify(line)}\n`));
    },
    end() {
      attempt(() => rmSync(path, { force: true }));
    },
  };
}

function attempt(body: () => void): boolean {
  try {
    body();
    return true;
  } catch {
    return false;
  }
}

/** A run that did not come to its end, as `run_results.json` would have it; `isAlive`: it may still be going on. */
export type KilledRun = {
  readonly results: { readonly args: JsonObject; readonly results: readonly JsonObject[] };
  readonly isAlive: boolean;
};

export function readJournal(targetFolder: string): KilledRun | null {
  let text: string;
  try {
    text = readFileSync(join(targetFolder, JOURNAL), "utf8");
  } catch {
    return null;
  }
  // The kill may have come in the middle of the last line.
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  const [begun, ...noted] = lines.map(parsed);
  if (!begun || !Array.isArray(begun["ids"]) || !isObject(begun["args"])) return null;
  const known = new Map(noted.flatMap((line) => (line ? [[line["unique_id"], line] as const] : [])));
  const results = (begun["ids"] as string[]).map(
    (id): JsonObject => known.get(id) ?? { unique_id: id, status: "skipped" },
  );
  return { results: { args: begun["args"] as JsonObject, results }, isAlive: isOther(begun["pid"]) };
}

function parsed(line: string): JsonObject | null {
  const value = parseJson(line);
  return isObject(value) ? (value as JsonObject) : null;
}

/** In a container every run may have the number of this very process. */
const isOther = (pid: unknown): boolean => typeof pid === "number" && pid !== process.pid && isAlive(pid);
