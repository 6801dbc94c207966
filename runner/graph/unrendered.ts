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
  /** With variables, by what is said and the names of these: nodes of which the same is said have one object of it too. */
  const withVars = new Map<JsonObject, Map<string, JsonObject>>();
  const addVars = (said: JsonObject, names: readonly string[]): JsonObject => {
    const vars: Record<string, Json> = {};
    for (const name of names) vars[name] = project.unrenderedVars[name] ?? null;
    return { ...said, vars };
  };
  let last: Shared | undefined;
  const shared = (config: JsonObject, names: readonly string[]): JsonObject => {
    if (last?.config === config && areSame(last.names, names)) return last.all;
    let known = withVars.get(config);
    if (known === undefined) withVars.set(config, (known = new Map()));
    const key = names.length === 1 ? names[0]! : names.join("\n");
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = addVars(config, names)));
    last = { config, names, all: found };
    return found;
  };
  return (node) => {
    const { config, dynamic } = node.said;
    // Of most there is nothing to add.
    let said: Record<string, Json> | undefined;
    if (folders.length > 0) for (const folder of folders) addFolder((said ??= { ...config }), folder, node);
    for (const { key, written, value } of dynamic ?? none)
      if (isEffective(node, key, value)) (said ??= { ...config })[key] = written;
    const text = node.resourceType === "seed" ? "" : node.rawCode;
    if (text.includes("config"))
      for (const [key, value] of dynamicConfig(text)) (said ??= { ...config })[key] = value;
    let names = varsIn(text);
    for (const macro of node.dependsOn.macros) {
      const more = varsOfMacro(macro);
      if (more.length > 0) names = names.length === 0 ? more : [...names, ...more];
    }
    if (names.length === 0) return said ?? config;
    return said === undefined ? shared(config, names) : addVars(said, names);
  };
}

type Shared = {
  readonly config: JsonObject;
  readonly names: readonly string[];
  readonly all: JsonObject;
};
const areSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, i) => name === other[i]);

/** Where a later layer said something else, the folder's word is not what counts. */
function addFolder(said: Record<string, Json>, folder: FolderConfig, node: GraphNode): void {
  if (folder.kind !== `${node.resourceType}s` || !folder.path.every((step, i) => node.fqn[i + 1] === step))
    return;
  for (const [key, value] of Object.entries(folder.unrendered ?? {}))
    if (isEffective(node, key, (folder.config as JsonObject)[key])) said[key] = value;
}

/** What is said and what it came to can be spelled in two ways: one key is a list of one. */
const isEffective = ({ said, config }: GraphNode, key: string, value: Json | undefined): boolean =>
  isDeepStrictEqual(value, said.config[key]) ||
  isDeepStrictEqual(value, (config as unknown as JsonObject)[key]);

const none: readonly never[] = [];
const VAR = /\bvar\(\s*(?:name\s*=\s*)?(['"])(.*?)\1/g;

function varsIn(text: string): readonly string[] {
  const first = text.indexOf("var(");
  if (first === -1) return none;
  const names: string[] = [];
  VAR.lastIndex = first;
  for (let match = VAR.exec(text); match !== null; match = VAR.exec(text)) names.push(match[2]!);
  return names;
}
