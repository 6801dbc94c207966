import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperationError } from "../base/errors.ts";
import { posixRelative, walkFiles } from "../base/files.ts";
import { packageRoot } from "../base/package-root.ts";
import type { SiteArtifacts } from "./artifact-schemas.ts";
import { dataFiles, dataScript } from "./data/data-files.ts";
import { indexPage } from "./index-page.ts";

/** Where data files lie below the site. */
export const DATA_FOLDER = "data";

/** Where `npm run build` puts the pages' scripts and styles, in a clone and in an installed package alike. */
const assetFolder = (): string => join(packageRoot(), "dist/site");

/** The site's scripts, styles and pictures by path: files of the package, the same for every project. */
export async function siteAssets(folder = assetFolder()): Promise<Map<string, Uint8Array>> {
  const paths = walkFiles(folder, () => true);
  if (paths.length === 0)
    throw new OperationError("SITE_UNBUILT", `the pages of the site are not in ${folder}`, {
      hint: "in a clone, bundle them first: npm run build",
    });
  return new Map(paths.map((path) => [posixRelative(folder, path), readFileSync(path)]));
}

/**
 * The whole site by path, made from artifacts alone. All paths inside are relative, so that it works from a folder, from a
 * file server and behind any prefix.
 */
export function* siteFiles(
  artifacts: SiteArtifacts,
  assets: ReadonlyMap<string, Uint8Array>,
): Generator<[path: string, content: string | Uint8Array]> {
  const { explore } = artifacts;
  const isExplored = explore !== undefined && explore.data.tables.length > 0;
  for (const [path, content] of assets) if (isExplored || !path.startsWith("vendor/")) yield [path, content];
  for (const [name, value] of dataFiles(artifacts))
    yield [`${DATA_FOLDER}/${name}.js`, dataScript(name, value)];
  if (explore && isExplored) {
    yield* explore.files;
    yield ["explore.html", indexPage(artifacts.manifest.metadata.project_name ?? "", true)];
  }
  yield ["index.html", indexPage(artifacts.manifest.metadata.project_name ?? "")];
}
