import { cpSync, existsSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { diskError, makeFolder, writeFileAtomic } from "../base/files.ts";
import { packageRoot } from "../base/package-root.ts";
import { schemaReference } from "../project/schema-reference.ts";

export const WAREHOUSES = ["duckdb", "postgres"] as const;
export type Warehouse = (typeof WAREHOUSES)[number];
export type FirstDataset = { readonly publisher: string; readonly code: string };
export type NewProject = {
  /** Absolute, and the name that the project gets of it. */
  readonly folder: string;
  readonly name: string;
};

/** Where the starter project lies, in the sources and in the installed package alike. */
const starter = (): string => join(packageRoot(), "runner/api/starter");

/** The folder of a new project, which must not hold anything yet, and its name. */
export function newProject(cwd: string, typed: string): NewProject {
  const folder = resolve(cwd, typed);
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_");
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
    throw new UsageError(
      "NAME_INVALID",
      `"${basename(folder)}" cannot name a project`,
      "letters, digits and underscores, a letter first",
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(
      "FOLDER_NOT_EMPTY",
      `${folder} is not empty`,
      "name a folder that does not exist yet: models init my_project",
    );
  }
  return { folder, name };
}

/** `eurostat/hlth_silc_13`; null: none. */
export function firstDataset(typed: string): FirstDataset | null {
  if (typed === "" || typed === "none") return null;
  const [, publisher = "", code = ""] = /^([\w-]+)[/ ]([\w.:-]+)$/.exec(typed) ?? [];
  if (code !== "") return { publisher, code };
  throw new UsageError(
    "DATASET_INVALID",
    `"${typed}" names no dataset`,
    "publisher and code, such as eurostat/hlth_silc_13",
  );
}

/** Makes a small project that builds at once. Nothing that is there is written over. */
export function initProject(
  { folder, name }: NewProject,
  warehouse: Warehouse,
  dataset: FirstDataset | null,
): void {
  makeFolder(folder);
  try {
    cpSync(starter(), folder, { recursive: true });
    // npm leaves files of this name out of packages, so the starter spells it without the dot.
    renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
    const file = join(folder, "sql_project.yaml");
    writeFileAtomic(file, settled(readFileSync(file, "utf8"), name, warehouse, dataset));
    nameSchemas(folder);
  } catch (error) {
    throw diskError(`cannot make the project in ${folder}`, error);
  }
}

/** The package may be installed in a folder above. */
function nameSchemas(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const path of names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(folder, name))) {
    const text = readFileSync(path, "utf8");
    const named = text.replace(/(?<=^# yaml-language-server: \$schema=)\S+(?=$)/m, (old) =>
      schemaReference(folder, path, old.includes("sql_project") ? "sql_project" : "properties"),
    );
    writeFileAtomic(path, named);
  }
}

function settled(text: string, name: string, warehouse: Warehouse, dataset: FirstDataset | null): string {
  const named = text.replace("name: starter", `name: ${name}`);
  const server = [
    "  # The address of the server stands in the environment, or in a file .env beside this one.",
    `  dev: {type: postgres, url: "\${DATABASE_URL}", schema: ${name}, threads: 4}`,
  ].join("\n");
  const staging = '\ningest:\n  staging: {url: "${DATABASE_URL:-}", schema: staging}\n';
  const placed =
    warehouse === "duckdb"
      ? named
      : named
          .replace(/ {2}# A run writes.*\n {2}dev: .*/, () => server)
          .replace("\ningest:\n", () => staging);
  if (dataset === null) return placed;
  const { publisher, code } = dataset;
  return `${placed.trimEnd()}\n  datasets:\n    - {publisher: ${publisher}, code: ${JSON.stringify(code)}}\n`;
}
