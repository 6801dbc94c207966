import { Dialect, init, tokenize } from "@polyglot-sql/sdk";
import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";

type Token = { readonly text: string; readonly start: number; readonly end: number };

/** The query of one CTE: everything up to its end, and all of its rows. Importing this module loads the SQL parser. */
export async function cutAtCte(sql: string, name: string): Promise<string> {
  await init();
  const letters = Array.from(sql);
  const ends = cteEnds(tokensOf(sql));
  const end = ends.get(name.toLowerCase());
  if (end === undefined) {
    const hint =
      didYouMean(name, ends.keys()) ?? (ends.size > 0 ? `it has ${[...ends.keys()].join(", ")}` : undefined);
    throw new UsageError("CTE_UNKNOWN", `the model has no CTE "${name}"`, hint);
  }
  return `${letters.slice(0, end).join("")}\nselect * from "${name.replaceAll('"', '""')}"`;
}

function tokensOf(sql: string): readonly Token[] {
  const { tokens } = tokenize(sql, Dialect.DuckDB);
  return (tokens ?? []).map(({ text, span }) => ({ text, start: span.start, end: span.end }));
}

/** Where each CTE of the outermost `with` ends, past its parenthesis, by name in lower case. */
function cteEnds(tokens: readonly Token[]): Map<string, number> {
  const ends = new Map<string, number>();
  if (tokens[0]?.text.toLowerCase() !== "with") return ends;
  let depth = 0;
  let name: string | null = null;
  let isBody = false;
  const start = tokens[1]?.text.toLowerCase() === "recursive" ? 2 : 1;
  for (const { text, end } of tokens.slice(start)) {
    if (text === "(") depth++;
    else if (text === ")") {
      depth--;
      if (depth > 0 || name === null || !isBody) continue;
      ends.set(name, end);
      [name, isBody] = [null, false];
    } else if (depth === 0) {
      if (text === ",") continue;
      if (name === null && ends.size > 0 && text.toLowerCase() === "select") break;
      if (text.toLowerCase() === "as") isBody = true;
      else name ??= text.toLowerCase();
    }
  }
  return ends;
}
