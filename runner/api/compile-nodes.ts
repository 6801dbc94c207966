import { dirname, join } from "node:path";
import { resolveInside } from "../base/files.ts";
import { ProjectError, throwProblems } from "../base/errors.ts";
import type { Queries } from "../plan/queries.ts";
import type { Problem } from "../base/problems.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { GraphNode, ModelNode } from "../graph/types.ts";
import { configurationChecks } from "../plan/check-configuration.ts";
import { checkLocations } from "../plan/external/check-external.ts";
import type { ExternalPlaces } from "../plan/external/external-path.ts";
import { createCompiler } from "../plan/compile.ts";
import type { Compiled, Compiler } from "../plan/compile.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import type { Reading } from "../plan/portion.ts";
import { compileInputOf } from "./compile-input.ts";
import type { Settle } from "./introspect.ts";
import type { OpenProject } from "./open-project.ts";

export type CompiledNodes = ReadonlyMap<string, Compiled>;

export function compilerFor(
  open: OpenProject,
  isIncremental: (node: ModelNode) => boolean,
  reading?: Reading,
): Compiler {
  return createCompiler(compileInputOf(open, isIncremental, reading));
}

/** External models lie beside the warehouse unless they say otherwise, and always inside the project. */
export function externalPlaces({ project: { root, target } }: OpenProject): ExternalPlaces {
  const beside =
    target.type !== "duckdb" || target.path === ":memory:"
      ? undefined
      : resolveInside(root, join(dirname(target.path), "external"));
  return { root, folder: beside ?? join(root, "data", "external") };
}

const HOOK_HINT =
  "hooks of a node are written before anything runs: put the query into the hook's own SQL, or ask in the model";

/** The hooks of nodes that have any; throws all that is wrong in any of them at once. */
export function compileHooks(
  compiler: Compiler,
  nodes: Iterable<GraphNode>,
  queries: Queries,
): Map<string, NodeHooks> {
  const compiled = new Map<string, NodeHooks>();
  const problems = new Map<string, Problem>();
  for (const node of nodes) {
    if (node.resourceType === "test") continue;
    const { pre_hook, post_hook } = node.config;
    const hasHeader = "sql_header" in node.config && node.config.sql_header !== null;
    if (pre_hook.length + post_hook.length === 0 && !hasHeader) continue;
    try {
      compiled.set(
        node.uniqueId,
        queries.refusing(HOOK_HINT, () => compiler.hooks(node.uniqueId)),
      );
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      for (const problem of error.problems) problems.set(JSON.stringify(problem), problem);
    }
  }
  throwProblems([...problems.values()]);
  return compiled;
}

/** How nodes are compiled that ask the warehouse; `settle` null: later, when what they read is built. */
export type Asking = { readonly introspective: ReadonlySet<string>; readonly settle: Settle | null };

/** Compiles every model and test among `nodes`, and tells of each; throws all that is wrong in any of them at once. */
export async function compileNodes(
  compiler: Compiler,
  nodes: Iterable<GraphNode>,
  dialect: Dialect,
  places: ExternalPlaces,
  { introspective, settle }: Asking,
  onCompiled?: (node: GraphNode, compiled: Compiled) => void,
): Promise<Map<string, Compiled>> {
  const compiled = new Map<string, Compiled>();
  const models: ModelNode[] = [];
  // A mistake in a macro comes back with every model that uses it, and is told once.
  const problems = new Map<string, Problem>();
  const note = (found: readonly Problem[]): void => {
    if (found.length > 0) for (const problem of found) problems.set(JSON.stringify(problem), problem);
  };
  const check = configurationChecks(dialect, places);
  for (const node of nodes) {
    note(checkName(node, dialect));
    if (node.resourceType === "seed") continue;
    if (node.resourceType === "model") {
      note(check(node));
      models.push(node);
    }
    try {
      const { uniqueId } = node;
      const isAsking = introspective.size > 0 && introspective.has(uniqueId);
      if (isAsking && settle === null) continue;
      const made = isAsking ? await settle!(() => compiler.compile(uniqueId)) : compiler.compileNode(node);
      compiled.set(uniqueId, made);
      onCompiled?.(node, made);
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      note(error.problems);
    }
  }
  note(checkLocations(models, places));
  throwProblems([...problems.values()]);
  return compiled;
}

const none: readonly never[] = [];

/** A longer name would be cut, and meet others that are cut to the same. Stored rows of tests have names that fit. */
function checkName(node: GraphNode, { name, maxIdentifierLength }: Dialect): readonly Problem[] {
  if (node.resourceType === "test") return none;
  const { identifier } = node.relation;
  // A unit of text takes three bytes at most.
  if (identifier.length * 3 <= maxIdentifierLength) return none;
  const bytes = Buffer.byteLength(identifier);
  if (bytes <= maxIdentifierLength) return none;
  const message = `"${identifier}" has ${bytes} bytes, and names in ${name} at most ${maxIdentifierLength}`;
  return [{ ...node.place, code: "NAME_TOO_LONG", message, hint: "give it a shorter alias" }];
}
