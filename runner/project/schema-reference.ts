import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { posixRelative } from "../base/files.ts";

/**
 * What the first line of a YAML file calls the schema that editors complete it by: relative to the file, in the package where npm finds it from
 * the project's folder, or in a checkout around it. Where there is neither yet, as if it were installed in the project.
 */
export function schemaReference(root: string, file: string, name: "sql_project" | "properties"): string {
  const schema = `runner/project/schemas/${name}.schema.json`;
  const installed = join("node_modules/statloom", schema);
  const path = posixRelative(dirname(file), nearest(root, [installed, schema]) ?? join(root, installed));
  return path.startsWith(".") ? path : `./${path}`;
}

function nearest(root: string, names: readonly string[]): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined || folder === dirname(folder)) return found;
  }
}
