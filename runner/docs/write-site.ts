import { rmSync } from "node:fs";
import { join } from "node:path";
import { OperationError } from "../base/errors.ts";
import { resolveInside, walkFiles, writeFileAtomic } from "../base/files.ts";
import type { SiteArtifacts } from "./artifact-schemas.ts";
import { EXPLORE_FOLDER } from "./explore-files.ts";
import type { Observed } from "./observed.ts";
import { readArtifacts } from "./read-artifacts.ts";
import { DATA_FOLDER, siteAssets, siteFiles } from "./site-files.ts";

/**
 * Makes the site of a target folder in `<target>/docs`, each file whole or as it was; its first page comes last, so that what it asks for
 * is there. Returns the path of that.
 */
export async function generateSite(
  targetFolder: string,
  observed: Observed | null = null,
  assetFolder?: string,
  more: Pick<SiteArtifacts, "lineage" | "explore"> = {},
): Promise<string> {
  const folder = join(targetFolder, "docs");
  const artifacts = { ...readArtifacts(targetFolder), observed, ...more };
  rmSync(join(folder, EXPLORE_FOLDER), { recursive: true, force: true });
  const written = new Set<string>();
  for (const [name, content] of siteFiles(artifacts, await siteAssets(assetFolder))) {
    const path = resolveInside(folder, name);
    if (path === undefined) throw new OperationError("DISK", `the page "${name}" would leave ${folder}`);
    writeFileAtomic(path, content);
    written.add(path);
  }
  // Data of an earlier site: of nodes that are gone, or values that shall not be shown any more.
  for (const path of walkFiles(join(folder, DATA_FOLDER), () => true))
    if (!written.has(path)) rmSync(path, { force: true });
  return join(folder, "index.html");
}
