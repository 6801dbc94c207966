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

/** A column and below it, further in, where it comes from or goes to; what was shown before is not shown again. */
function tree({ columns, edges, direction }: ColumnTrace, root: number): string {
  const shown = new Set<number>();
  const lines: string[] = [];
  const show = (index: number, before: string, note: string): void => {
    const column = columns[index]!;
    const kind = column.resourceType === "model" ? "" : ` (${column.resourceType})`;
    const type = column.type === null ? "" : ` ${column.type.toLowerCase()}`;
    const again = shown.has(index) && next(index).length > 0 ? " …" : "";
    const unsure = column.complete ? "" : " (and perhaps others)";
    lines.push(`${before}${labelOf(column)}${type}${kind}${note}${unsure}${again}\n`);
    if (shown.has(index)) return;
    shown.add(index);
    for (const { at, transformation } of next(index)) {
      show(at, `${before}  `, transformation === "identity" ? "" : ` — ${transformation}`);
    }
  };
  const next = (index: number): { at: number; transformation: string }[] =>
    edges.flatMap(({ from, to, transformation }) =>
      direction === "upstream"
        ? to === index
          ? [{ at: from, transformation }]
          : []
        : from === index
          ? [{ at: to, transformation }]
          : [],
    );
  show(root, "", "");
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
