import { md5 } from "../base/hash.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { pythonText } from "./test-hash.ts";

/** `models/staging/stg_x.sql` → `stg_x`. */
export function nameInPath(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.endsWith(".sql") ? name.slice(0, -4) : name.replace(/\.[a-z]+$/, "");
}

/** `models/staging/stg_x.sql` below `models` → name `stg_x`, folders `["staging"]`, path `staging/stg_x.sql`. */
export function nameOfFile(
  file: string,
  folder: string,
): { name: string; folders: readonly string[]; path: string } {
  const path = file.slice(folder.length + 1);
  return { name: nameInPath(path), folders: foldersIn(path), path };
}

/** The folders of `staging/stg_x.sql`. */
export function foldersIn(path: string): readonly string[] {
  const end = path.lastIndexOf("/");
  if (end === -1) return none;
  if (end !== last.folder.length || !path.startsWith(last.folder)) {
    const folder = path.slice(0, end);
    last = { folder, folders: folder.split("/") };
  }
  return last.folders;
}

/** What was asked for last: files of a folder come one after the other. */
let last: { readonly folder: string; readonly folders: readonly string[] } = { folder: "/", folders: [] };
const none: readonly never[] = [];

/** As dbt's default: a custom schema is appended to the target's. */
export const schemaName = (targetSchema: string, custom: string | null): string =>
  custom === null ? targetSchema : `${targetSchema}_${custom.trim()}`;

/**
 * dbt's names for generic tests are of what is tested and of the arguments: `accepted_values_orders` + `kind__a__b`. These are the arguments, with
 * the line before them. `sorted`: their names.
 */
export function argumentsInName(args: JsonObject, sorted: readonly string[]): string {
  let text = "";
  const add = (value: Json): void => {
    const part = pythonText(value);
    text += `${text === "" ? "_" : "__"}${ODD.test(part) ? part.replaceAll(ODD_RUNS, "_") : part}`;
  };
  for (let i = 0; i < sorted.length; i++) {
    const value = args[sorted[i]!]!;
    if (sorted[i] === "model") continue;
    if (Array.isArray(value)) for (let k = 0; k < value.length; k++) add(value[k] as Json);
    else if (typeof value === "object" && value !== null) Object.values(value as JsonObject).forEach(add);
    else add(value);
  }
  return text === "" ? "_" : text;
}

const ODD = /[^0-9a-zA-Z_]/;
const ODD_RUNS = /[^0-9a-zA-Z_]+/g;

/** Below 64 characters: what a table of failures is called, for a test of the name `full`, which begins with `identifier`. */
export const shortTestName = (identifier: string, full: string): string =>
  full.length >= 64 ? `${identifier.slice(0, 30)}_${md5(full)}` : full;
