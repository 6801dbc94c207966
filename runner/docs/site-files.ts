import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../base/package-root.ts";
import type { SiteArtifacts } from "./artifact-schemas.ts";
import { indexPage } from "./index-page.ts";
import { siteData } from "./site-data.ts";

/** Where the page's own scripts and styles lie, in a clone and in an installed package alike. */
const assetFolder = (): string => join(packageRoot(), "runner/docs/site");

/** The site's scripts, styles and pictures by name: files of the package, the same for every project. */
export function siteAssets(folder = assetFolder()): Map<string, string> {
  const names = readdirSync(folder).filter((name) => /\.(?:js|css|svg)$/.test(name));
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/**
 * The whole site by path, made from artifacts alone. All paths inside are relative, so that it works from a folder, from a
 * file server and behind any prefix.
 */
export function siteFiles(
  artifacts: SiteArtifacts,
  assets: ReadonlyMap<string, string>,
): Map<string, string> {
  const data = siteData(artifacts);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return new Map([
    ...assets,
    ["data.js", `window.statloom = { data: ${json} };\n`],
    ["index.html", indexPage(data)],
  ]);
}
