import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../base/json.ts";
import type { FolderConfig, Project } from "../project/types.ts";
import { dynamicConfig } from "../template/dynamic-config.ts";
import type { Graph, GraphNode } from "./types.ts";

/**
 * What is said of a node's configuration, as written where its value depends on the environment, the target or a variable; and, under `vars`,
 * what the project file says of the variables that its SQL uses. Two states compare these, so that another environment is no change.
 */
export function createUnrendered(
  project: Project,
  graph: Graph,
): (node: GraphNode) => Readonly<Record<string, Json>> {
  const folders = project.folderConfigs.filter(({ unrendered }) => unrendered !== undefined);
  const ofMacros = new Map<string, readonly string[]>();
  const varsOfMacro = (id: string): readonly string[] => {
    let names = ofMacros.get(id);
    if (names === undefined) ofMacros.set(id, (names = varsIn(graph.macros.get(id)?.macroSql ?? "")));
    return names;
  };
  return (node) => {
    const said: Record<string, Json> = { ...node.said.config };
    for (const folder of folders) addFolder(said, folder, node);
    for (const { key, written, value } of node.said.dynamic ?? [])
      if (isDeepStrictEqual(value, (node.config as unknown as JsonObject)[key])) said[key] = written;
    const text = node.resourceType === "seed" ? "" : node.rawCode;
    if (text.includes("config")) for (const [key, value] of dynamicConfig(text)) said[key] = value;
    const vars: Record<string, Json> = {};
    for (const name of [...varsIn(text), ...node.dependsOn.macros.flatMap(varsOfMacro)])
      vars[name] = project.unrenderedVars[name] ?? null;
    return Object.keys(vars).length > 0 ? { ...said, vars } : said;
  };
}

/** Where a later layer said something else, the folder's word is not what counts. */
function addFolder(said: Record<string, Json>, folder: FolderConfig, node: GraphNode): void {
  if (folder.kind !== `${node.resourceType}s` || !folder.path.every((step, i) => node.fqn[i + 1] === step))
    return;
  const [given, effective] = [folder.config as JsonObject, node.config as unknown as JsonObject];
  for (const [key, value] of Object.entries(folder.unrendered ?? {})) {
    if (isDeepStrictEqual(given[key], effective[key])) said[key] = value;
  }
}

const VAR = /\bvar\(\s*(?:name\s*=\s*)?(['"])(.*?)\1/g;
const varsIn = (text: string): readonly string[] =>
  text.includes("var(") ? Array.from(text.matchAll(VAR), (match) => match[2]!) : [];
