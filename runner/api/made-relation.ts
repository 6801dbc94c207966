import type { BuildContext } from "../execute/build-node.ts";
import type { Audits } from "../graph/audits.ts";
import type { GraphNode, Relation, TestNode } from "../graph/types.ts";
import type { Compiler } from "../plan/compile.ts";
import type { Reading } from "../plan/portion.ts";
import type { RowTest } from "../plan/quarantine.ts";
import { compilerFor } from "./compile-nodes.ts";
import type { OpenProject } from "./open-project.ts";

/** A compiler for which a node is the relation that holds its rows now; its own, where that is the one it will have. */
export function compilerOn(
  open: OpenProject,
  node: GraphNode,
  made: Relation,
  reading: Reading = {},
): Compiler {
  const deferred = new Map(open.deferred);
  // What is being built is read here, whatever a state has of it.
  deferred.set(node.uniqueId, made);
  return compilerFor({ ...open, deferred }, () => false, reading);
}

/** What a model's rows are moved away for; undefined: they stay. */
export function failingOf(open: OpenProject, node: GraphNode, audits: Audits): BuildContext["failing"] {
  if (node.resourceType !== "model" || node.config.quarantine === null) return undefined;
  const tests = audits.get(node.uniqueId)?.tests ?? [];
  return {
    testsOn: (made) => rowTests(open, tests, compilerOn(open, node, made)),
    runId: open.invocationId,
    now: Date.parse(open.startedAt),
  };
}

/** What of a node's tests is true of single rows. Only what fails counts, not what warns. */
const rowTests = ({ parsed }: OpenProject, tests: readonly TestNode[], compiler: Compiler): RowTest[] =>
  tests.flatMap(({ uniqueId, name, config }): RowTest[] => {
    const isMeant = config.severity === "error" && !parsed.introspective.has(uniqueId);
    const rows = isMeant ? compiler.tested(uniqueId) : null;
    return rows?.scan?.kind === "rows" || rows?.scan?.kind === "key" ? [{ name, rows }] : [];
  });
