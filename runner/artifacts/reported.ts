import { relative, resolve, sep } from "node:path";
import type { NodeResult, NodeStatus } from "../execute/results.ts";
import { nodeOrUnitTest } from "../graph/node-by-id.ts";
import type { Graph, GraphNode, UnitTestNode } from "../graph/types.ts";
import { failureLines } from "./failure-lines.ts";

/** A node of a run with what became of it, as reports for other programs need it. */
export type Reported = {
  readonly node: GraphNode | UnitTestNode;
  readonly result: NodeResult;
  readonly kind: "passed" | "warning" | "failure" | "error" | "skipped";
  /** What went wrong: the message first, then what a person wants to know. */
  readonly lines: readonly string[];
};

const KINDS: Readonly<Record<NodeStatus, Reported["kind"]>> = {
  success: "passed",
  pass: "passed",
  warn: "warning",
  fail: "failure",
  error: "error",
  "partial success": "error",
  skipped: "skipped",
  reused: "passed",
};

export const reportedNodes = (graph: Graph, results: readonly NodeResult[]): Reported[] =>
  results.flatMap((result) => {
    const node = nodeOrUnitTest(graph, result.uniqueId);
    if (!node) return [];
    const kind = KINDS[result.status];
    const message = kind === "passed" ? [] : (result.message ?? "").split("\n");
    return [{ node, result, kind, lines: [...message, ...failureLines(graph, result)] }];
  });

/** A file of the project as the root of a checkout names it; outside of that, as the project does. */
export function pathInCheckout(checkout: string | undefined, project: string, file: string): string {
  if (checkout === undefined || checkout === "") return file;
  const path = relative(resolve(checkout), resolve(project, file));
  return path === "" || path.startsWith("..") ? file : path.split(sep).join("/");
}
