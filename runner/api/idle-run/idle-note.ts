import { readFileSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { buildId } from "../../base/build-id.ts";
import { readIfThere } from "../../base/files.ts";
import { sha256 } from "../../base/hash.ts";
import { isObject } from "../../base/json.ts";
import type { JsonObject } from "../../base/json.ts";
import { PROJECT_FILES, SELECTOR_FILES } from "../../project/find-project.ts";
import { stampIn } from "../../project/stamps.ts";
import { isSettled } from "../parse-cache/inputs.ts";
import type { ServerScope } from "./server-facts.ts";
import { readNote, replaceFile, writeNote } from "../parse-cache/store.ts";

/**
 * A run with `--changed` that finds nothing to do, and everything that decides it: while all of this is the same, the same run finds
 * the same. Times in milliseconds since 1970, paths absolute.
 */
export type IdleNote = {
  readonly form: number;
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
  /** The stamp of a file; of a server a hash of what it answers. */
  readonly warehouse:
    | {
        readonly kind: "file";
        readonly path: string;
        readonly stamp: string;
        readonly publish: string | null;
      }
    | (ServerScope & { readonly kind: "server"; readonly hash: string });
  /** What external models are on disk. */
  readonly externals: readonly string[];
  readonly landing: string;
  /** Lists of editions; null: nothing has landed. */
  readonly landed: readonly (readonly [path: string, number: string | null])[];
  /** What ingestion noted, all of which is in the warehouse. */
  readonly logs: readonly (readonly [name: string, bytes: number])[];
  /** Compiled SQL: the number of the list of hashes, and the files whose hashes in it are right, below its folder; others are yet to be written. */
  readonly sql: {
    readonly list: string;
    readonly files: readonly string[];
    readonly others: readonly (readonly [file: string, text: string])[];
  };
  readonly manifest: { readonly said: string; readonly projectName: string; readonly adapterType: string };
  /** Of the entries of `run_results.json`, which are in a file beside. */
  readonly entriesHash: string;
  /** Nodes that are reused. */
  readonly count: number;
  /** What the project is told of each time. */
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
};

/** Another one with every change of what a note is, or of what a run looks at. */
const FORM = 5;

/** Different calls in turns, as of two targets or of a part and the whole; the one that was not made for longest goes. */
const KEPT = 6;

const NAME = /^idle-[0-9a-f]{16}\.(?:json|entries)$/;
const nameOf = (call: string, kind: "json" | "entries"): string => `idle-${call.slice(0, 16)}.${kind}`;

export function readIdle(folder: string, call: string): IdleNote | undefined {
  const note = readNote(folder, nameOf(call, "json"));
  return isObject(note) && note["form"] === FORM && note["call"] === call ? (note as IdleNote) : undefined;
}

/** `entries`: of `run_results.json`. */
export function writeIdle(
  folder: string,
  note: Omit<IdleNote, "form" | "entriesHash">,
  entries: string,
): void {
  const name = nameOf(note.call, "entries");
  replaceFile(join(folder, name), (write) => write(Buffer.from(entries)));
  const all: IdleNote = { form: FORM, ...note, entriesHash: sha256(entries) };
  writeNote(folder, nameOf(note.call, "json"), all);
  dropOldest(folder);
}

/** undefined: they are others than those that the note counts on. */
export function readEntries(folder: string, { call, entriesHash }: IdleNote): Buffer | undefined {
  const bytes = readFileSync(join(folder, nameOf(call, "entries")));
  return sha256(bytes) === entriesHash ? bytes : undefined;
}

/** Notes that it is in use, and what is another since. */
export function renewIdle(folder: string, note: IdleNote, sql: IdleNote["sql"], now: Date): void {
  const name = nameOf(note.call, "json");
  if (sql !== note.sql) writeNote(folder, name, { ...note, sql });
  utimesSync(join(folder, name), now, now);
}

function dropOldest(folder: string): void {
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  const usedAt = (name: string): number =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const notes = names.filter((name) => name.endsWith(".json"));
  const used = notes.map((name) => ({ name, at: usedAt(name) })).toSorted((a, b) => b.at - a.at);
  const kept = new Set(used.slice(0, KEPT).map(({ name }) => name.replace(".json", "")));
  for (const name of names)
    if (!kept.has(name.replace(/\..*/, ""))) rmSync(join(folder, name), { force: true });
}

export type Call = { readonly root: string; readonly command: string; readonly args: JsonObject };

/** How it is told, and what becomes of the rest when something fails. */
const DECIDES_NOTHING: ReadonlySet<string> = new Set(["quiet", "fail_fast", "one_by_one"]);

/** Names a call, this program, and the files that say how a project is read; undefined: the program's own sources may be edited. */
export function callOf({ root, command, args }: Call, build = buildId()): string | undefined {
  if (build === undefined) return undefined;
  const files = [...PROJECT_FILES, ...SELECTOR_FILES].map((name) => readIfThere(join(root, name)) ?? null);
  // In whichever order they were given.
  const deciding = Object.entries(args)
    .filter(([name]) => !DECIDES_NOTHING.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([build, process.versions.node, root, command, deciding, files]));
}

/** A file's stamp; null: it is not there. undefined: it was touched so shortly before `at` that it could have changed unseen. */
export function settledNumberOf(path: string, at: number): string | null | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const stamp = stampIn(found);
  return isSettled(stamp, at) ? stamp.join(" ") : undefined;
}
