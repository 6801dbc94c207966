import type { Paint } from "../../base/paint.ts";
import { formatSeconds, plural, printable } from "../../base/text.ts";
import type { NodeResult, NodeStatus } from "../../execute/results.ts";
import type { BatchEvent } from "../../execute/run-event.ts";
import { endLine, okText, reusedText } from "./end-line.ts";
import { failureLines } from "../../artifacts/failure-lines.ts";
import { nodeOrUnitTest } from "../../graph/node-by-id.ts";
import type { Graph, GraphNode, UnitTestNode } from "../../graph/types.ts";
import { nameWithVersion } from "../../graph/versions.ts";

const COLOUR: Readonly<Record<NodeStatus, keyof Paint>> = {
  success: "green",
  pass: "green",
  warn: "yellow",
  fail: "red",
  error: "red",
  "partial success": "red",
  skipped: "dim",
  reused: "dim",
};
const WORD: Readonly<Record<NodeStatus, string>> = {
  success: "ok",
  pass: "pass",
  warn: "WARN",
  fail: "FAIL",
  error: "ERROR",
  "partial success": "PART",
  skipped: "skip",
  reused: "same",
};
const KIND_WIDTH = 11;
const NAME_WIDTH = 58;

/** `  3/23  ok     table        main.dim_geo                     13 rows  0.04s`, and below it what went wrong. */
export function nodeLine(
  graph: Graph,
  event: { readonly result: NodeResult; readonly index: number; readonly total: number },
  paint: Paint,
): string {
  const { result, index, total } = event;
  const node = nodeOrUnitTest(graph, result.uniqueId);
  const count = `${String(index).padStart(String(total).length)}/${total}`;
  const status = paint[COLOUR[result.status]](WORD[result.status].padEnd(5));
  const rows = result.status === "success" ? doneText(result) : "";
  const time = result.status === "skipped" ? "" : formatSeconds(result.executionTime);
  const name = node ? shownName(node) : result.uniqueId;
  const head = `${paint.dim(count)}  ${status}  ${(node ? kindOf(node) : "").padEnd(KIND_WIDTH)}  ${name.padEnd(NAME_WIDTH)}  ${rows.padStart(11)}  ${paint.dim(time.padStart(6))}`;
  const more =
    result.status === "success" || result.status === "pass" || result.message === null
      ? ""
      : indent([result.message, ...failureLines(graph, result)].join("\n"));
  return `${head.trimEnd()}${more}`;
}

/** `       ok     batch  3/12  main.daily 2024-03-01       13 rows  0.04s`: why it failed is said of the node, once for all batches; `nodes`: how many there are. */
export function batchLine(
  graph: Graph,
  event: BatchEvent & { readonly kind: "batch-finished" },
  nodes: number,
  paint: Paint,
): string {
  const { uniqueId, status, index, total, batch, rows, executionTime } = event;
  const node = nodeOrUnitTest(graph, uniqueId);
  const word = paint[COLOUR[status]](WORD[status].padEnd(5));
  const count = rows === null ? "" : plural(rows, "row");
  const which = `batch ${String(index).padStart(String(total).length)}/${total}`.padEnd(KIND_WIDTH);
  // What many batches take more, the name has less.
  const width = NAME_WIDTH + KIND_WIDTH - which.length;
  const name = `${node ? shownName(node, width - batch.length - 1) : uniqueId} ${batch}`;
  return `${" ".repeat(2 * String(nodes).length + 3)}${word}  ${paint.dim(which)}  ${name.padEnd(width)}  ${count.padStart(11)}  ${paint.dim(formatSeconds(executionTime).padStart(6))}`;
}

/** `13 rows`, or `unchanged` for a seed that the warehouse has already. */
function doneText({ rows, message }: NodeResult): string {
  if (rows !== null) return plural(rows, "row");
  return message?.endsWith("(unchanged)") ? "unchanged" : "";
}

const indent = (message: string): string =>
  message
    .split("\n")
    .map((line) => `\n        ${printable(line)}`)
    .join("");

function shownName(node: GraphNode | UnitTestNode, width = NAME_WIDTH): string {
  const name = printable(
    node.resourceType === "test" || node.resourceType === "unit_test"
      ? nameWithVersion(node)
      : `${node.relation.schema}.${node.relation.identifier}`,
  );
  return name.length > width ? `${name.slice(0, width - 1)}…` : name;
}

const kindOf = (node: GraphNode | UnitTestNode): string =>
  node.resourceType === "model" ? node.config.materialized : node.resourceType.replace("_", " ");

const isFailure = (status: NodeStatus): boolean =>
  status === "fail" || status === "error" || status === "partial success";

/** `done in 1.2s: 20 ok, 1 warning, 2 failed, 3 skipped`, and where to look when something failed. */
export function runSummary(
  graph: Graph,
  results: readonly NodeResult[],
  elapsed: number,
  paint: Paint,
): string {
  const count = (...statuses: NodeStatus[]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const failed = count("fail", "error", "partial success");
  const parts = [
    okText(paint, count("success", "pass")),
    count("warn") > 0 ? paint.yellow(plural(count("warn"), "warning")) : "",
    failed > 0 ? paint.red(`${failed} failed`) : "",
    count("skipped") > 0 ? `${count("skipped")} skipped` : "",
    count("reused") > 0 ? reusedText(count("reused")) : "",
  ].filter((part) => part !== "");
  // Without a failure nothing is skipped but by Ctrl-C.
  const ended = failed > 0 ? "failed" : count("skipped") > 0 ? "stopped" : "done";
  const lines = [endLine(paint, ended, elapsed, results.length === 0 ? ["nothing to do"] : parts)];
  for (const result of results.filter(({ status }) => isFailure(status))) {
    const node = nodeOrUnitTest(graph, result.uniqueId);
    if (node)
      lines.push(
        `  ${paint.red(WORD[result.status])} ${printable(nameWithVersion(node))} (${node.place.file}:${node.place.line})`,
      );
  }
  return lines.join("\n");
}
