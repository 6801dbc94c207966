import { statSync } from "node:fs";
import { join } from "node:path";
import { buildId } from "../../base/build-id.ts";
import { readIfThere } from "../../base/files.ts";
import { sha256 } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import type { JsonObject } from "../../base/json.ts";
import { PROJECT_FILES, SELECTOR_FILES } from "../../project/find-project.ts";
import { isSettled, stampIn } from "../parse-cache/inputs.ts";
import { readNote, writeNote } from "../parse-cache/store.ts";

/**
 * A run with `--changed` that found nothing to do, and everything that decided it: while all of this is the same, the same run finds
 * the same. Times in milliseconds since 1970, paths absolute.
 */
export type IdleNote = {
  readonly form: number;
  /** Of this note: another one each time. */
  readonly mark: string;
  /** As `callOf`. */
  readonly call: string;
  /** As `identityOf`: all files of the project but those that `call` is made of. */
  readonly project: string;
  /** Variables that anybody asked for, and a hash of their values. */
  readonly env: readonly string[];
  readonly envHash: string;
  /** It holds from then on and before then; null: for ever. */
  readonly from: number;
  readonly until: number | null;
  readonly warehouse: { readonly path: string; readonly stamp: string; readonly publish: string | null };
  /** What external models are on disk. */
  readonly externals: readonly string[];
  readonly landing: string;
  /** Lists of editions; null: nothing has landed. */
  readonly landed: readonly (readonly [path: string, number: string | null])[];
  /** What ingestion noted, all of which is in the warehouse. */
  readonly logs: readonly (readonly [name: string, bytes: number])[];
  /** Compiled SQL: the number of the list of hashes, and the files whose hashes in it are right, below its folder. */
  readonly sql: { readonly list: string; readonly files: readonly string[] };
  readonly manifest: { readonly said: string; readonly projectName: string; readonly adapterType: string };
  /** Nodes that were reused. */
  readonly count: number;
};

/** `run_results.json` of such a run, by its number: how many bytes stand before and after the entries. */
export type IdleResults = {
  readonly of: string;
  readonly file: string;
  readonly head: number;
  readonly tail: number;
};

/** Another one with every change of what a note is, or of what a run looks at. */
const FORM = 2;
const NOTE = "idle-run.json";
const RESULTS = "idle-results.json";

export const readIdle = (folder: string): IdleNote | undefined => {
  const note = readNote(folder, NOTE);
  return isObject(note) && note["form"] === FORM ? (note as IdleNote) : undefined;
};
export const writeIdle = (folder: string, note: Omit<IdleNote, "form">): void =>
  writeNote(folder, NOTE, { form: FORM, ...note } satisfies IdleNote);

export const readIdleResults = (folder: string): IdleResults | undefined =>
  readNote(folder, RESULTS) as IdleResults | undefined;
export const writeIdleResults = (folder: string, results: IdleResults): void =>
  writeNote(folder, RESULTS, results);

export type Call = { readonly root: string; readonly command: string; readonly args: JsonObject };

/** Names a call, this program, and the files that say how a project is read; undefined: the program's own sources may be edited. */
export function callOf({ root, command, args }: Call, build = buildId()): string | undefined {
  if (build === undefined) return undefined;
  const files = [...PROJECT_FILES, ...SELECTOR_FILES].map((name) => readIfThere(join(root, name)) ?? null);
  return sha256(JSON.stringify([build, process.versions.node, root, command, args, files]));
}

/** A file's stamp; null: it is not there. undefined: it was touched so shortly before `at` that it could have changed unseen. */
export function settledNumberOf(path: string, at: number): string | null | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const stamp = stampIn(found);
  return isSettled(stamp, at) ? stamp.join(" ") : undefined;
}
