import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let found: string | undefined;
let version: string | undefined;

/** The folder that Statloom is installed in, absolute: the same from the sources and from the bundle in `dist/`. */
export function packageRoot(): string {
  if (found !== undefined) return found;
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    if (existsSync(join(folder, "package.json"))) return (found = folder);
  }
  throw new Error("the package's own folder cannot be found");
}

/** `0.1.0`, from package.json. */
export function packageVersion(): string {
  if (version !== undefined) return version;
  const text = readFileSync(join(packageRoot(), "package.json"), "utf8");
  return (version = (JSON.parse(text) as { version: string }).version);
}
