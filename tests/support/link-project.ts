import assert from "node:assert/strict";
import { ProjectError } from "../../runner/base/errors.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { buildGraph } from "../../runner/graph/build-graph.ts";
import { yamlRenderer } from "../../runner/graph/yaml-renderer.ts";
import type { ParsedProject } from "../../runner/graph/parsed-project.ts";
import type { GraphNode, ModelNode, SeedNode, TestNode } from "../../runner/graph/types.ts";
import { readProjectLeniently } from "../../runner/project/read-project.ts";
import type { Project } from "../../runner/project/types.ts";
import { tempFolder, writeFiles } from "./temp.ts";

export const PROJECT_FILE =
  "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: data/w.duckdb, threads: 2}\n";

type Settings = { readonly vars?: JsonObject; readonly env?: Record<string, string> };
export type Linked = ParsedProject & { readonly project: Project };

/** A project of these files, read and linked; the project file is a minimal one unless it is among them. */
export async function linkProject(
  files: Readonly<Record<string, string>>,
  { vars, env = {} }: Settings = {},
): Promise<Linked> {
  const root = writeFiles(tempFolder(), { "sql_project.yaml": PROJECT_FILE, ...files });
  const { project, problems } = await readProjectLeniently(root, { env, vars, renderer: yamlRenderer });
  return { ...(await buildGraph(project, env, problems)), project };
}

/** Everything that is wrong with a project, as `file:line:column CODE message | hint`. */
export async function mistakesOf(
  files: Readonly<Record<string, string>>,
  settings: Settings = {},
): Promise<string[]> {
  try {
    await linkProject(files, settings);
    return [];
  } catch (error) {
    assert.ok(error instanceof ProjectError, error instanceof Error ? error.stack : String(error));
    return error.problems.map(
      ({ file, line, column, code, message, hint }) =>
        `${file}:${line}:${column} ${code} ${message}${hint === undefined ? "" : ` | ${hint}`}`,
    );
  }
}

const nodeOf = ({ graph }: Linked, id: string): GraphNode => {
  const node = graph.nodes.get(id) ?? graph.disabled.get(id);
  assert.ok(node, `${id} is not among ${[...graph.nodes.keys()].join(", ")}`);
  return node as GraphNode;
};
export const modelOf = (linked: Linked, name: string): ModelNode =>
  nodeOf(linked, `model.shop.${name}`) as ModelNode;
export const seedOf = (linked: Linked, name: string): SeedNode =>
  nodeOf(linked, `seed.shop.${name}`) as SeedNode;
export const testsOf = ({ graph }: Linked): TestNode[] =>
  [...graph.nodes.values()].filter((node): node is TestNode => node.resourceType === "test");
/** Names of the nodes that a node depends on. */
export const parentsOf = (linked: Linked, id: string): string[] =>
  nodeOf(linked, id).dependsOn.nodes.map((parent) => parent.split(".").slice(2).join("."));
