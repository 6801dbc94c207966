import { plural, printable } from "../base/text.ts";
import { EXAMPLES } from "../execute/results.ts";
import type { CheckFacts, NodeResult } from "../execute/results.ts";
import type { Graph, TestNode } from "../graph/types.ts";

const CELL = 40;
const ROW = 160;

/**
 * What a person wants to know of a test that did not pass, one thing a line: what was checked and where, what was found in how many
 * rows, some of them, the SQL that finds all, and when it last passed. Without control characters.
 */
export function failureLines(graph: Graph, result: NodeResult): string[] {
  const test = graph.nodes.get(result.uniqueId);
  const { check } = result;
  if (test?.resourceType !== "test" || !check?.found) return [];
  return [
    `checked      ${whatOf(test)}${whereOf(graph, check)}`,
    `found        ${foundText(result, check)}`,
    ...check.found.rows.slice(0, EXAMPLES).map((_, i) => `${"".padEnd(13)}${exampleOf(check, i)}`),
    `all of them  ${check.compiledPath}`,
    `last passed  ${check.lastPassedAt === null ? "never, as far as is known" : instantText(check.lastPassedAt)}`,
  ].map(printable);
}

function whatOf({ description, generic, originalFilePath }: TestNode): string {
  if (description !== "") return description.replaceAll(/\s+/g, " ");
  if (generic === null) return originalFilePath;
  const given = Object.entries(generic.arguments)
    .filter(([name]) => name !== "column_name")
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const called = generic.namespace === null ? generic.name : `${generic.namespace}.${generic.name}`;
  return given.length === 0 ? called : `${called} (${given.join(", ")})`;
}

function whereOf(graph: Graph, { node, column }: CheckFacts): string {
  if (node === null) return "";
  const source = graph.sources.get(node);
  const tested = graph.nodes.get(node);
  const name = source
    ? `${source.sourceName}.${source.name}`
    : tested
      ? `${tested.relation.schema}.${tested.relation.identifier}`
      : node;
  return column === null ? `, ${name}` : `, column ${column} of ${name}`;
}

function foundText({ failures }: NodeResult, { rowsChecked, measured }: CheckFacts): string {
  const rows = rowsChecked === null ? "" : ` in ${plural(rowsChecked, "row")}`;
  if (measured !== null) return `${Number(measured.toPrecision(6))}${rows}`;
  return `${plural(failures ?? 0, "result")}${rows}`;
}

/** The tested column first, as much as a line holds. */
function exampleOf({ found, column }: CheckFacts, at: number): string {
  const row = found!.rows[at]!;
  const cells = found!.columns.map((name, i): readonly [string, string] => [name, cellOf(row[i])]);
  const ordered = cells.toSorted(([a], [b]) => Number(b === column) - Number(a === column));
  const text = ordered.map(([name, value]) => `${name}: ${value}`).join(", ");
  return text.length > ROW ? `${text.slice(0, ROW - 1)}…` : text;
}

function cellOf(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
  return text.length > CELL ? `${text.slice(0, CELL - 1)}…` : text;
}

/** `2025-03-01 10:00 UTC` */
const instantText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
