import { join } from "node:path";
import { OperationError } from "../base/errors.ts";
import { resolveInside, writeFileAtomic } from "../base/files.ts";
import { readArtifacts } from "./read-artifacts.ts";
import { siteAssets, siteFiles } from "./site-files.ts";

/** Makes the site of a target folder in `<target>/docs`, each file whole or as it was. Returns the path of its first page. */
export function generateSite(targetFolder: string): string {
  const folder = join(targetFolder, "docs");
  for (const [name, text] of siteFiles(readArtifacts(targetFolder), siteAssets())) {
    const path = resolveInside(folder, name);
    if (path === undefined) throw new OperationError("DISK", `the page "${name}" would leave ${folder}`);
    writeFileAtomic(path, text);
  }
  return join(folder, "index.html");
}
