import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError, messageOf } from "../../base/errors.ts";
import { readIfThere } from "../../base/files.ts";
import { isObject } from "../../base/json.ts";

export type Entry = Readonly<Record<string, unknown>>;
export type Entries = Readonly<Record<string, Entry>>;

/** The parts of an earlier manifest that comparing needs; ours or dbt's, from version 10 on. */
export type StateManifest = {
  readonly nodes: Entries;
  readonly sources: Entries;
  readonly exposures: Entries;
  readonly macros: Entries;
  readonly unitTests: Entries;
};

/** `folder` is absolute, `named` as it was typed. */
export function readStateManifest(folder: string, named: string): StateManifest {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(
      "STATE_MISSING",
      `the state "${named}" is no folder`,
      "--state names a folder that holds manifest.json of an earlier run, such as a copy of target/",
    );
  }
  const manifest = readStateFile(folder, named, "manifest.json");
  if (manifest === null) {
    throw new UsageError(
      "STATE_MISSING",
      `there is no manifest.json in the state "${named}"`,
      "any run writes target/manifest.json: keep a copy of it in a folder of its own",
    );
  }
  if (!isObject(manifest["nodes"])) throw invalid(named, "manifest.json", "it is no manifest");
  const part = (key: string): Entries => (isObject(manifest[key]) ? (manifest[key] as Entries) : {});
  return {
    nodes: part("nodes"),
    sources: part("sources"),
    exposures: part("exposures"),
    macros: part("macros"),
    unitTests: part("unit_tests"),
  };
}

/** A JSON file of the state; null where it is not there. */
export function readStateFile(
  folder: string,
  named: string,
  file: "manifest.json" | "run_results.json" | "sources.json",
): Entry | null {
  const text = readIfThere(join(folder, file));
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(named, file, messageOf(error));
  }
  if (!isObject(value)) throw invalid(named, file, "it is no artifact");
  return value;
}

const invalid = (named: string, file: string, why: string): UsageError =>
  new UsageError(
    "STATE_INVALID",
    `${file} in the state "${named}" cannot be read: ${why}`,
    "make it again with the version of the project that it stands for",
  );

/** Entries of `results` with their unique ids. */
export const resultsOf = (artifact: Entry): Entry[] =>
  Array.isArray(artifact["results"]) ? (artifact["results"] as unknown[]).filter(isObject) : [];
