import { realpathSync } from "node:fs";
import type { JsonObject } from "../base/json.ts";
import { isObject } from "../base/json.ts";
import { posixRelative } from "../base/files.ts";
import type { Problem } from "../base/problems.ts";
import { expandEnv } from "./expand-env.ts";
import { locatePackage } from "./locate-package.ts";
import type { Located } from "./locate-package.ts";
import { packageFileSchema } from "./project-schema.ts";
import type { PackageEntry, PackageFile } from "./project-schema.ts";
import { readFolders } from "./folder-configs.ts";
import { readContents, readRunHooks, scopedVars } from "./read-contents.ts";
import type { FolderConfig, Package, RunHook } from "./types.ts";
import { parseYaml } from "./yaml.ts";
import type { YamlFile } from "./yaml.ts";
import type { RenderText } from "./render-values.ts";
import { zodProblems } from "./zod-problems.ts";

/** The project that uses packages, as far as it has a say in them. */
export type User = {
  readonly root: string;
  readonly name: string;
  /** Under `vars:`, those of packages below their names. */
  readonly vars: JsonObject;
  /** Under `models:` …, those of packages below their names. */
  readonly configs: readonly FolderConfig[];
  /** `--vars`. */
  readonly given: JsonObject;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What renders templates in YAML of a package with these variables. */
  readonly renderWith: (vars: JsonObject) => RenderText | undefined;
};

export type ReadPackages = {
  readonly packages: readonly Package[];
  readonly onRunStart: readonly RunHook[];
  readonly onRunEnd: readonly RunHook[];
  readonly problems: readonly Problem[];
};

/** Reads the packages that a project names and those that they name in turn, each once, those that are used first. */
export async function readPackages(
  user: User,
  entries: readonly PackageEntry[],
  yaml: YamlFile,
): Promise<ReadPackages> {
  const reader = new PackageReader(user);
  await reader.readAll(entries, user.root, yaml);
  return reader;
}

/** What only a project of its own needs; a package may have it for whoever works on the package. */
const OF_PROJECTS = new Set(["target", "targets", "query-comment", "ingest", "alerts"]);

class PackageReader implements ReadPackages {
  readonly packages: Package[] = [];
  readonly onRunStart: RunHook[] = [];
  readonly onRunEnd: RunHook[] = [];
  readonly problems: Problem[] = [];
  readonly #user: User;
  /** Folder of each name, and of those that are being read. */
  readonly #folders = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(user: User) {
    this.#user = { ...user, root: realpathSync(user.root) };
    this.#folders.set(user.name, this.#user.root);
    this.#seen.add(this.#user.root);
  }

  async readAll(entries: readonly PackageEntry[], from: string, yaml: YamlFile): Promise<void> {
    for (const [i, entry] of entries.entries()) {
      const found = await locatePackage(entry, from);
      if ("folder" in found) await this.#read(found, yaml, i);
      else this.#report(yaml, i, found.code, found.message, found.hint);
    }
  }

  async #read(located: Located, user: YamlFile, entry: number): Promise<void> {
    const { folder, file, text, npm } = located;
    if (this.#seen.has(folder)) return;
    this.#seen.add(folder);
    const prefix = this.#prefix(folder);
    const yaml = parseYaml(prefix + file, text);
    const value = isObject(yaml.value)
      ? Object.fromEntries(Object.entries(yaml.value).filter(([key]) => !OF_PROJECTS.has(key)))
      : {};
    const expanded = expandEnv(value, this.#user.env, yaml);
    const parsed = packageFileSchema.safeParse(expanded.value);
    this.problems.push(...yaml.problems, ...expanded.problems);
    if (!parsed.success) {
      if (yaml.problems.length === 0)
        this.problems.push(...zodProblems(parsed.error, packageFileSchema, { ...yaml, value }));
      return;
    }
    const { data } = parsed;
    const first = this.#folders.get(data.name);
    if (first !== undefined || data.name === "statloom") {
      const owner = first === this.#user.root ? "the project" : this.#prefix(first ?? "");
      const of = first === undefined ? "what is shipped" : owner;
      const message = `the package in ${prefix} has the name "${data.name}", as ${of} has`;
      this.#report(user, entry, "PACKAGE_DUPLICATE", message, "a name is given once: rename one of the two");
      return;
    }
    this.#folders.set(data.name, folder);
    // What a package uses is there before it.
    await this.readAll(data.packages, folder, yaml);
    this.packages.push(await this.#make(data, yaml, { folder, prefix, npm }));
    this.onRunStart.push(...readRunHooks(data, "on-run-start", yaml, data.name));
    this.onRunEnd.push(...readRunHooks(data, "on-run-end", yaml, data.name));
  }

  async #make(
    data: PackageFile,
    yaml: YamlFile,
    { folder, prefix, npm }: { folder: string; prefix: string; npm: string | null },
  ): Promise<Package> {
    const { vars, configs, given } = this.#user;
    const own = { ...scopedVars(data.vars, data.name), ...scopedVars(vars, data.name), ...given };
    const render = this.#user.renderWith(own);
    const contents = await readContents(folder, { prefix, render });
    const folders = readFolders(data, data.name, yaml, render);
    this.problems.push(...contents.problems, ...folders.problems);
    return {
      root: folder,
      name: data.name,
      version: npm ?? data.version,
      npm,
      vars: own,
      folderConfigs: folders.configs,
      above: configs
        .filter(({ path, everywhere }) => everywhere || path[0] === data.name)
        .map((config) => ({ ...config, path: config.path.slice(1) })),
      files: contents.files,
      properties: contents.properties,
      restrictAccess: data["restrict-access"],
    };
  }

  #prefix(folder: string): string {
    return `${posixRelative(this.#user.root, folder)}/`;
  }

  #report(yaml: YamlFile, entry: number, code: string, message: string, hint: string): void {
    const { file, line, column } = yaml.placeOf(["packages", entry]);
    this.problems.push({ file, line, column, code, message, hint });
  }
}
