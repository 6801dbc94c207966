import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { isObject } from "../../base/json.ts";
import { findProject, PROJECT_FILES } from "../../project/find-project.ts";

/** Of the project that `cwd` is in; a file that cannot be read names nothing, and nobody is told at a key press. */
export const targetNames = (cwd: string): string[] => {
  const project = yamlOf(cwd, PROJECT_FILES);
  return isObject(project) && isObject(project["targets"]) ? Object.keys(project["targets"]) : [];
};

export function selectorNames(cwd: string): string[] {
  const file = yamlOf(cwd, ["selectors.yml", "selectors.yaml"]);
  const selectors =
    isObject(file) && Array.isArray(file["selectors"]) ? (file["selectors"] as unknown[]) : [];
  return selectors.flatMap((one) => (isObject(one) && typeof one["name"] === "string" ? [one["name"]] : []));
}

function yamlOf(cwd: string, names: readonly string[]): unknown {
  try {
    const root = findProject(cwd, undefined);
    const name = names.find((one) => existsSync(join(root, one)));
    return name === undefined ? undefined : load(readFileSync(join(root, name), "utf8"));
  } catch {
    return undefined;
  }
}
