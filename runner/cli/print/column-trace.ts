import type { ColumnTrace, TracedColumn } from "../../api/columns/trace-column.ts";
import { printable } from "../../base/text.ts";

export function printTrace(trace: ColumnTrace, output: "text" | "json" | "mermaid" | "dot"): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(trace, null, 2)}\n`;
    case "mermaid":
      return mermaid(trace);
    case "dot":
      return dot(trace);
    case "text":
      return trace.columns
        .slice(0, trace.asked)
        .map((_, index) => tree(trace, index))
        .join("");
  }
}

const labelOf = ({ node, column }: TracedColumn): string => `${printable(node)}.${printable(column)}`;

/** Deeper than this, a line says its depth instead of standing further in. */
const deepest = 40;

type Arm = { readonly index: number; readonly depth: number; readonly note: string };

/** A column and below it, further in, where it comes from or goes to; what was shown before is not shown again. */
function tree({ columns, edges, direction }: ColumnTrace, root: number): string {
  const arms = new Map<number, { at: number; note: string }[]>();
  for (const { from, to, transformation } of edges) {
    const [here, at] = direction === "upstream" ? [to, from] : [from, to];
    const note = transformation === "identity" ? "" : ` — ${transformation}`;
    const known = arms.get(here);
    if (known) known.push({ at, note });
    else arms.set(here, [{ at, note }]);
  }
  const shown = new Set<number>();
  const lines: string[] = [];
  const waiting: Arm[] = [{ index: root, depth: 0, note: "" }];
  for (let arm = waiting.pop(); arm !== undefined; arm = waiting.pop()) {
    const { index, depth, note } = arm;
    const column = columns[index]!;
    const next = arms.get(index) ?? [];
    const before = "  ".repeat(Math.min(depth, deepest)) + (depth > deepest ? `${depth}: ` : "");
    const kind = column.resourceType === "model" ? "" : ` (${column.resourceType})`;
    const type = column.type === null ? "" : ` ${column.type.toLowerCase()}`;
    const again = shown.has(index) && next.length > 0 ? " …" : "";
    const unsure = column.complete ? "" : " (and perhaps others)";
    lines.push(`${before}${labelOf(column)}${type}${kind}${note}${unsure}${again}\n`);
    if (shown.has(index)) continue;
    shown.add(index);
    for (const { at, note: how } of next.toReversed())
      waiting.push({ index: at, depth: depth + 1, note: how });
  }
  return lines.join("");
}

/** Names of columns are anybody's text: in mermaid as entities, in dot as escaped strings. */
const entities = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}_. -]/gu, (mark) => `#${mark.codePointAt(0)};`);

function mermaid({ columns, edges }: ColumnTrace): string {
  return [
    "flowchart LR",
    ...columns.map((column, index) => `  c${index}["${entities(labelOf(column))}"]`),
    ...edges.map(({ from, to, transformation }) =>
      transformation === "identity" ? `  c${from} --> c${to}` : `  c${from} -- ${transformation} --> c${to}`,
    ),
    "",
  ].join("\n");
}

function dot({ columns, edges }: ColumnTrace): string {
  return [
    "digraph lineage {",
    "  rankdir=LR; node [shape=box];",
    ...columns.map((column, index) => `  c${index} [label=${JSON.stringify(labelOf(column))}];`),
    ...edges.map(({ from, to, transformation }) => `  c${from} -> c${to} [label="${transformation}"];`),
    "}",
    "",
  ].join("\n");
}
