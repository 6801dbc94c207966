import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { diskError } from "../base/files.ts";
import { isObject } from "../base/json.ts";
import { packageVersion } from "../base/package-root.ts";
import { PROJECT_FILES, projectFileIn } from "./find-project.ts";
import type { PackageEntry } from "./project-schema.ts";

export type Located = {
  /** Absolute; links are followed, so that a package is one however it is reached. */
  readonly folder: string;
  readonly file: string;
  readonly text: string;
  /** Version of its `package.json`; null: a folder. */
  readonly npm: string | null;
};
export type NotLocated = { readonly code: string; readonly message: string; readonly hint: string };

/** Finds a package from the folder of the project file that names it. */
export async function locatePackage(entry: PackageEntry, from: string): Promise<Located | NotLocated> {
  if ("local" in entry) {
    const folder = resolve(from, entry.local);
    if (!existsSync(folder)) {
      const hint = "local names a folder, relative to the file that stands in: {local: packages/shared}";
      return { code: "PACKAGE_MISSING", message: `there is no folder "${entry.local}"`, hint };
    }
    return readIn(folder, `the folder "${entry.local}"`, null);
  }
  const folder = installed(entry.npm, from);
  if (folder === undefined) {
    const message = `the npm package "${entry.npm}" is not installed`;
    const hint = `npm install ${entry.npm}${entry.version === undefined ? "" : `@"${entry.version}"`}`;
    return { code: "PACKAGE_MISSING", message, hint };
  }
  const { version, engine } = readManifest(folder);
  return (
    (await wrongVersion(entry, version, engine)) ?? readIn(folder, `the npm package "${entry.npm}"`, version)
  );
}

/** As Node looks for packages: in `node_modules` here, then above. */
function installed(name: string, from: string): string | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

async function wrongVersion(
  { npm, version: wanted }: { readonly npm: string; readonly version?: string | undefined },
  version: string,
  engine: string | null,
): Promise<NotLocated | undefined> {
  if (wanted === undefined && engine === null) return undefined;
  const { isRange, isWithin } = await import("./version-range.ts");
  const code = "PACKAGE_VERSION";
  if (wanted !== undefined && !isRange(wanted)) {
    const message = `"${wanted}" is no range of versions`;
    return { code, message, hint: 'write it as package.json does: "^1.2.0", ">=1.0 <3"' };
  }
  if (wanted !== undefined && !isWithin(version, wanted)) {
    const message = `the npm package "${npm}" is installed in version ${version}, "${wanted}" is asked for`;
    return { code, message, hint: `npm install ${npm}@"${wanted}"` };
  }
  if (engine === null || isWithin(packageVersion(), engine)) return undefined;
  const message = `the npm package "${npm}" ${version} needs statloom ${engine}, this is ${packageVersion()}`;
  return { code, message, hint: `npm install statloom@"${engine}", or another version of "${npm}"` };
}

/** `engine`: the versions of this runner that the package says it works with, as a peer. */
function readManifest(folder: string): { readonly version: string; readonly engine: string | null } {
  const file = join(folder, "package.json");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw diskError(`cannot read ${file}`, error);
  }
  const { version, peerDependencies: peers } = isObject(value) ? value : {};
  const engine = isObject(peers) ? peers["statloom"] : undefined;
  return {
    version: typeof version === "string" ? version : "0.0.0",
    engine: typeof engine === "string" ? engine : null,
  };
}

function readIn(folder: string, what: string, npm: string | null): Located | NotLocated {
  const file = projectFileIn(folder);
  if (file === undefined) {
    const message = `${what} holds no ${PROJECT_FILES[0]}`;
    return {
      code: "PACKAGE_INVALID",
      message,
      hint: "a package is a project: it needs at least a name there",
    };
  }
  const real = realpathSync(folder);
  try {
    return { folder: real, file, text: readFileSync(join(real, file), "utf8"), npm };
  } catch (error) {
    throw diskError(`cannot read ${join(real, file)}`, error);
  }
}
