import { basename, dirname } from "node:path/posix";
import { md5 } from "../base/hash.ts";
import type { Json, JsonObject } from "../base/json.ts";

/** `models/staging/stg_x.sql` below `models` → name `stg_x`, folders `["staging"]`, path `staging/stg_x.sql`. */
export function nameOfFile(file: string, folder: string): { name: string; folders: string[]; path: string } {
  const path = file.slice(folder.length + 1);
  const inside = dirname(path);
  return {
    name: basename(path).replace(/\.[a-z]+$/, ""),
    folders: inside === "." ? [] : inside.split("/"),
    path,
  };
}

/** As dbt's default: a custom schema is appended to the target's. */
export const schemaName = (targetSchema: string, custom: string | null): string =>
  custom === null ? targetSchema : `${targetSchema}_${custom.trim()}`;

/**
 * dbt's names for generic tests: what is tested and the arguments, `accepted_values_orders_kind__a__b`. The short name, below 64
 * characters, is what a table of failures is called.
 */
export function genericTestNames(
  test: string,
  target: string,
  args: JsonObject,
): { full: string; short: string } {
  const parts = Object.keys(args)
    .toSorted()
    .filter((key) => key !== "model")
    .flatMap((key) => flatten(args[key]!))
    .map((part) => part.replaceAll(/[^0-9a-zA-Z_]+/g, "_"));
  const identifier = `${test}_${target}`;
  const full = `${identifier}_${parts.join("__")}`;
  return { full, short: full.length >= 64 ? `${identifier.slice(0, 30)}_${md5(full)}` : full };
}

function flatten(value: Json): string[] {
  const items: readonly Json[] = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
      ? Object.values(value as JsonObject)
      : [value as Json];
  return items.map((item) => PYTHON.get(item) ?? (typeof item === "string" ? item : JSON.stringify(item)));
}

/** dbt's names have these as Python writes them. */
const PYTHON: ReadonlyMap<Json, string> = new Map<Json, string>([
  [true, "True"],
  [false, "False"],
  [null, "None"],
]);
