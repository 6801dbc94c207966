import { ProjectError, throwProblems } from "../base/errors.ts";
import type { Problem } from "../base/problems.ts";
import type { GraphNode, ModelNode } from "../graph/types.ts";
import { createCompiler } from "../plan/compile.ts";
import type { Compiled, Compiler } from "../plan/compile.ts";
import type { OpenProject } from "./open-project.ts";

export type CompiledNodes = ReadonlyMap<string, Compiled>;

export function compilerFor(open: OpenProject, isIncremental: (node: ModelNode) => boolean): Compiler {
  const { project, parsed, dialect, sources, effects, invocationId, startedAt } = open;
  return createCompiler({
    project,
    parsed,
    dialect,
    sources,
    env: effects.env,
    isIncremental,
    invocationId,
    startedAt,
  });
}

/** Compiles every model and test among `nodes`; throws all that is wrong in any of them at once. */
export function compileNodes(compiler: Compiler, nodes: Iterable<GraphNode>): CompiledNodes {
  const compiled = new Map<string, Compiled>();
  const problems = new Map<string, Problem>();
  for (const node of nodes) {
    if (node.resourceType === "seed") continue;
    try {
      compiled.set(node.uniqueId, compiler.compile(node.uniqueId));
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      // A mistake in a macro comes back with every model that uses it.
      for (const problem of error.problems) problems.set(JSON.stringify(problem), problem);
    }
  }
  throwProblems([...problems.values()]);
  return compiled;
}
