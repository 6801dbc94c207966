import type { Template, TemplateNode, TextNode } from "./types.ts";

/** Two characters that no text in use contains: a mark is a number between them. */
const [OPEN, CLOSE] = ["\uE0F0", "\uE0F1"];
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");

/** Where a stretch of rendered SQL comes from: `exact` text of the template, or what a tag at `at` printed. */
export type TracedStretch = { readonly start: number; readonly at: number; readonly exact: boolean };

/**
 * The same template with a mark before each text and each tag, to be rendered like the other: {@link readTrace} then tells which
 * character of the SQL comes from where. Only for SQL that turned out wrong; null when the template holds the marks itself.
 */
export function traceTemplate(template: Template): Template | null {
  if (template.text.includes(OPEN) || template.text.includes(CLOSE)) return null;
  return { ...template, nodes: traced(template.nodes) };
}

function traced(nodes: readonly TemplateNode[]): TemplateNode[] {
  return nodes.flatMap((node): TemplateNode[] => {
    switch (node.kind) {
      case "text":
        return [{ ...node, text: mark(node.at * 2 + 1) + node.text }];
      case "section":
        return [{ ...node, children: traced(node.children), otherwise: traced(node.otherwise) }];
      default:
        return [{ kind: "text", at: node.at, text: mark(node.at * 2) } satisfies TextNode, node];
    }
  });
}

const mark = (number: number): string => `${OPEN}${number}${CLOSE}`;

/** What a traced template was rendered to, without the marks, and where its stretches come from, in order. */
export function readTrace(rendered: string): {
  readonly sql: string;
  readonly stretches: readonly TracedStretch[];
} {
  const stretches: TracedStretch[] = [];
  let sql = "";
  let end = 0;
  for (const found of rendered.matchAll(MARK)) {
    sql += rendered.slice(end, found.index);
    const number = Number(found[1]);
    stretches.push({ start: sql.length, at: Math.floor(number / 2), exact: number % 2 === 1 });
    end = found.index + found[0].length;
  }
  return { sql: sql + rendered.slice(end), stretches };
}

/** The offset in the template that an offset of the SQL comes from: the very one in its text, the tag's own otherwise. */
export function tracedOffset(stretches: readonly TracedStretch[], offset: number): number | null {
  const stretch = stretches.findLast(({ start }) => start <= offset);
  if (!stretch) return null;
  return stretch.exact ? stretch.at + offset - stretch.start : stretch.at;
}
