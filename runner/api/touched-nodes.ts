import { isEphemeral } from "../graph/relation-nodes.ts";
import { ProjectError } from "../base/errors.ts";
import { reach } from "../graph/select/walk.ts";
import type { GraphNode } from "../graph/types.ts";
import { compilerFor } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";

export type Touched = {
  /** Unique ids: what to build. */
  readonly ids: ReadonlySet<string>;
  /** Nodes that are in the project no more; what was built of them stays in the warehouse. */
  readonly gone: readonly GraphNode[];
};

/**
 * What saved files change: nodes of files that were saved, and those that mean something else than before, since a macro, a variable or
 * a property file says so. With everything below them, or with their own tests alone. `changed` holds paths as the project has them.
 */
export function touchedNodes(
  before: OpenProject,
  now: OpenProject,
  changed: ReadonlySet<string>,
  withChildren: boolean,
): Touched {
  const { nodes } = now.parsed.graph;
  const old = before.parsed.graph.nodes;
  const ownFiles = new Set(Array.from(nodes.values(), ({ originalFilePath }) => originalFilePath));
  // A file that holds no node may change what any of them is compiled to.
  const isWide = [...changed].some((path) => !ownFiles.has(path) || /\.ya?ml$/.test(path));
  const [wasCompiled, isCompiled] = isWide ? [compileAll(before), compileAll(now)] : [];
  const touched = new Set<string>();
  for (const [id, node] of nodes) {
    const was = old.get(id);
    const isNew = was === undefined || factsOf(was) !== factsOf(node);
    const isSaved = changed.has(node.originalFilePath) && !/\.ya?ml$/.test(node.originalFilePath);
    const isOther = isWide && wasCompiled?.get(id) !== isCompiled?.get(id);
    if (isNew || isSaved || isOther) touched.add(id);
  }
  // With the rows of their fixtures.
  const tests = before.parsed.graph.unitTests;
  for (const [id, { checksum }] of now.parsed.graph.unitTests)
    if (tests.get(id)?.checksum !== checksum) touched.add(id);
  const gone = [...old.values()].filter(({ uniqueId }) => !nodes.has(uniqueId));
  return { ids: withBelow(now, touched, withChildren), gone };
}

/** What decides how a node is built, besides the SQL it is compiled to. */
const factsOf = ({ config, checksum, description, columns, dependsOn, ...node }: GraphNode): string =>
  JSON.stringify([
    config,
    checksum,
    "relation" in node ? node.relation : null,
    "generic" in node ? node.generic : null,
    "persist_docs" in config ? [description, [...columns.values()]] : null,
    dependsOn.nodes,
  ]);

/** Ephemeral models are nothing by themselves: what they are read by is built instead. */
function withBelow(
  { parsed: { graph } }: OpenProject,
  touched: ReadonlySet<string>,
  all: boolean,
): Set<string> {
  if (all) return new Set([...touched, ...reach(graph.children, touched)]);
  const found = new Set<string>();
  const queue = [...touched];
  for (const id of queue) {
    if (found.has(id)) continue;
    found.add(id);
    const isThrough = isEphemeral(graph.nodes.get(id));
    for (const child of graph.children.get(id) ?? []) {
      const isTest = graph.nodes.get(child)?.resourceType === "test" || graph.unitTests.has(child);
      if (isThrough || isTest) queue.push(child);
    }
  }
  return found;
}

/** Without a warehouse. What cannot be compiled is told when it is built, and counts as changed when it can be again. */
function compileAll(open: OpenProject): Map<string, string> {
  const compiler = compilerFor(open, () => false);
  const compiled = new Map<string, string>();
  for (const [id, { resourceType }] of open.parsed.graph.nodes) {
    if (resourceType === "seed") continue;
    try {
      compiled.set(id, compiler.compile(id).compiledCode);
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      compiled.set(id, `cannot be compiled: ${error.message}`);
    }
  }
  return compiled;
}
