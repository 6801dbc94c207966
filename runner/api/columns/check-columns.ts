import type { QueryError } from "../../adapters/query-error.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { Place, Problem } from "../../base/problems.ts";
import type { ColumnFinding } from "../../graph/columns/types.ts";
import { reach } from "../../graph/select/walk.ts";
import type { OpenProject } from "../open-project.ts";
import { knownColumns } from "./known-columns.ts";
import type { KnownColumns, QueryNode, ReadQuery } from "./known-columns.ts";

/**
 * Mistakes that running the selected nodes would find, without running them: columns that no parent has, names that mean two things,
 * types that do not fit, SQL that the engine cannot read. Only what is certain: a query that reads something of which the columns
 * are not known is not judged.
 */
export async function checkColumns(open: OpenProject, ids: Iterable<string>): Promise<readonly Problem[]> {
  const { graph } = open.parsed;
  const selected = new Set(ids);
  const needed = new Set([...selected, ...reach(graph.parents, selected)]);
  const isDuckDb = open.dialect.name === "duckdb";
  const read = isDuckDb ? null : await reader(open);
  const known = await knownColumns(open, needed, read);
  const failures = known.failures.filter(({ node }) => selected.has(node.uniqueId));
  if (read) return [...graph.nodes.values()].flatMap((node) => found(node.uniqueId, known, read, selected));
  // The engine stops at the first mistake of a query; all of them are found by reading it.
  const second = failures.length === 0 ? null : await reader(open);
  return failures.flatMap(({ node, error }) => {
    const findings = second ? found(node.uniqueId, known, second, selected) : [];
    return findings.length > 0 && isAboutNames(error) ? findings : ofEngine(node, error, known);
  });
}

async function reader(open: OpenProject): Promise<ReadQuery> {
  const { queryReader } = await import("./read-query.ts");
  return queryReader(open.dialect.name);
}

function found(
  uniqueId: string,
  { flat, catalog }: KnownColumns,
  read: ReadQuery,
  selected: ReadonlySet<string>,
): Problem[] {
  if (!selected.has(uniqueId) || /^(seed|test)\./.test(uniqueId)) return [];
  const sql = flat.compiler.compile(uniqueId).body;
  return read(sql, catalog).findings.flatMap((finding) => {
    if (finding.start < 0) return [];
    return [told(finding, flat.compiler.placeInFile(uniqueId, utf16(sql, finding.start)))];
  });
}

/** The parser counts code points. */
const utf16 = (text: string, codePoints: number): number =>
  Array.from(text).slice(0, codePoints).join("").length;

function told({ kind, name, known }: ColumnFinding, place: Place): Problem {
  if (kind === "ambiguous") {
    const hint = `write ${known.map((each) => `"${each}"`).join(" or ")}`;
    return {
      ...place,
      code: "COLUMN_AMBIGUOUS",
      message: `"${name}" is a column of more than one table`,
      hint,
    };
  }
  const hint = didYouMean(name, known) ?? (known.length > 0 ? `known: ${listOf(known)}` : undefined);
  const message = `no table that is read here has a column "${name}"`;
  return { ...place, code: "COLUMN_UNKNOWN", message, ...(hint && { hint }) };
}

const listOf = (names: readonly string[]): string => {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, 12).join(", ");
  return distinct.length > 12 ? `${shown} and ${distinct.length - 12} more` : shown;
};

const isAboutNames = ({ message }: QueryError): boolean =>
  /Referenced (column|table)|does not have a column|Ambiguous reference/.test(message);

/** What DuckDB refuses whatever the tables hold; functions and tables that it does not know may be made by a hook, or come with an extension. */
const CERTAIN: readonly (readonly [RegExp, string])[] = [
  [/^Parser Error: /, "SQL_SYNTAX"],
  [/^Binder Error: (?=Ambiguous reference)/, "COLUMN_AMBIGUOUS"],
  [/^Binder Error: (?=Referenced (column|table)|.*does not have a column)/, "COLUMN_UNKNOWN"],
  [/^Binder Error: (?=.*(\btypes?\b|cast|function matches))/s, "TYPE_MISMATCH"],
  [/^Conversion Error: /, "TYPE_MISMATCH"],
  [/^Binder Error: /, "SQL_INVALID"],
];

function ofEngine(node: QueryNode, error: QueryError, { flat }: KnownColumns): Problem[] {
  const kind = CERTAIN.find(([pattern]) => pattern.test(error.message));
  if (!kind) return [];
  const [said = "", ...more] = error.message.replace(kind[0], "").split("\n");
  const candidates =
    more
      .join(" ")
      .match(/"[^"]+"/g)
      ?.map((name) => name.slice(1, -1)) ?? [];
  const wrong = /"([^"]+)"(?!.*")/.exec(said)?.[1];
  const others = candidates.filter((name) => name !== wrong);
  const hint = wrong === undefined ? undefined : didYouMean(wrong, others);
  return [
    {
      ...placeOf(node, error, flat),
      code: kind[1],
      message: said.slice(0, 1).toLowerCase() + said.slice(1).replace(/[.!]?\s*$/, ""),
      ...(hint && { hint }),
    },
  ];
}

function placeOf(node: QueryNode, { line, column }: QueryError, flat: KnownColumns["flat"]): Place {
  if (line === null) return node.place;
  const lines = flat.compiler.compile(node.uniqueId).body.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  return flat.compiler.placeInFile(node.uniqueId, before + (column ?? 1) - 1);
}
