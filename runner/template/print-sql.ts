import type { Place } from "../base/problems.ts";
import { ProjectError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Json } from "../base/json.ts";
import { SqlReader } from "./sql-position.ts";
import type { SqlPosition } from "./sql-position.ts";
import type { LiteralValue, RenderContext } from "./types.ts";
import { Data, Gap } from "./values.ts";
import type { Hole, Sql } from "./values.ts";

type Spelling = Pick<RenderContext, "literal" | "quoteIdentifier">;

/**
 * SQL with its data printed: as a literal or a quoted name where code is expected; as text within what the template
 * quotes itself (`'{{ var('x') }}'`), that quote doubled. Whatever the data is, it stays what it is.
 */
export function printSql(parts: Sql["parts"], spelling: Spelling, fallback: Place): string {
  const reader = new SqlReader();
  let sql = "";
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!;
    if (typeof part === "string") {
      sql += part;
      continue;
    }
    const position = reader.read(sql);
    if (part instanceof Gap) {
      sql += part.printed(position.kind === "code" && reader.at === sql.length);
      continue;
    }
    if (reader.at > sql.length) {
      throw wrong(part, fallback, "a backslash stands before the value and would change what it begins with");
    }
    if (position.kind === "code") {
      sql += inCode(part, sql, textAfter(parts, index), spelling, fallback);
    } else sql += within(part, position, fallback);
  }
  return sql;
}

function inCode(hole: Hole, before: string, after: string, spelling: Spelling, fallback: Place): string {
  const { value } = hole;
  if (value instanceof Data && isObject(value.value)) {
    throw wrong(hole, fallback, "a map has no form in SQL", "name one of its fields: x.name");
  }
  if (value instanceof Data && holdsMap(value.value)) {
    const hint = "go through the list: {{#each list as item}}…{{/each}}";
    throw wrong(hole, fallback, "a list of maps has no form in SQL", hint);
  }
  const text =
    value instanceof Data
      ? spelling.literal(value.value as LiteralValue)
      : spelling.quoteIdentifier(value.text);
  const [first, last] = [text.charCodeAt(0), before.charCodeAt(before.length - 1)];
  const quoted = isQuote(first);
  // `e` before a literal would give backslashes in it a meaning; a literal beside a name is never what was meant.
  if (quoted && (endsInWord(before, last) || beginsWithWord(after))) {
    throw wrong(hole, fallback, `${text} stands in the middle of a word`, asName);
  }
  if (quoted && value instanceof Data && (before.endsWith(".") || after.startsWith("."))) {
    throw wrong(hole, fallback, `${text} stands where a name is expected`, asName);
  }
  // Two quotes in a row would be one escaped quote, two hyphens a comment.
  const joins = (quoted || first === HYPHEN) && (isQuote(last) || last === HYPHEN || last === AMPERSAND);
  return (joins ? " " : "") + text + (quoted && isQuote(after.charCodeAt(0)) ? " " : "");
}

const DOUBLE = 34;
const DOLLAR = 36;
const AMPERSAND = 38;
const SINGLE = 39;
const HYPHEN = 45;
const UNDERSCORE = 95;

const isQuote = (code: number): boolean => code === SINGLE || code === DOUBLE;

// Patterns are asked only of what is beyond ASCII: there are thousands of values to print, and what they stand beside is nearly always a space.
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === UNDERSCORE ||
  code === DOLLAR;
const endsInWord = (text: string, last: number): boolean =>
  last > 127 ? /[\p{L}\p{N}]$/u.test(text.slice(-2)) : isWord(last);
function beginsWithWord(text: string): boolean {
  const code = text.charCodeAt(0);
  return code > 127 ? /^[\p{L}\p{N}]/u.test(text) : isWord(code);
}

const holdsMap = (value: Json): boolean => isObject(value) || (Array.isArray(value) && value.some(holdsMap));

const asName = "a name is written identifier(…), its parts joined with ~; text that is SQL is written raw(…)";

function within(hole: Hole, position: Exclude<SqlPosition, { kind: "code" }>, fallback: Place): string {
  const text = plainText(hole, fallback);
  switch (position.kind) {
    case "text": {
      const doubled = text.replaceAll("'", "''");
      return position.escapes ? doubled.replaceAll("\\", "\\\\") : doubled;
    }
    case "name":
      return text.replaceAll('"', '""');
    case "dollar":
      if (!text.includes("$")) return text;
      throw wrong(
        hole,
        fallback,
        "a value that holds $ cannot stand within $…$",
        "write it between single quotes",
      );
    case "line-comment":
      return text.replaceAll(/[\r\n]+/g, " ");
    case "block-comment":
      return text.replaceAll(/[\r\n]+/g, " ").replaceAll(/\*(?=\/)|\/(?=\*)|^(?=[*/])|(?<=[*/])$/g, "$& ");
  }
}

function plainText(hole: Hole, fallback: Place): string {
  if (!(hole.value instanceof Data)) return hole.value.text;
  const { value } = hole.value;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) {
    throw wrong(
      hole,
      fallback,
      "nothing (null) has no form within quotes",
      "take the quotes away, or give a default",
    );
  }
  const what = Array.isArray(value) ? "a list" : "a map";
  throw wrong(hole, fallback, `${what} has no form within quotes`, "take the quotes away, or write join(…)");
}

/** The text that follows directly; a value that follows says nothing. */
function textAfter(parts: Sql["parts"], index: number): string {
  for (let i = index + 1; i < parts.length; i++) {
    const part = parts[i]!;
    if (part instanceof Gap) return part.printed(true);
    if (typeof part !== "string") return "";
    if (part !== "") return part;
  }
  return "";
}

function wrong(hole: Hole, fallback: Place, message: string, hint?: string): ProjectError {
  return new ProjectError([
    { ...(hole.spot?.place() ?? fallback), code: "VALUE_PLACE", message, ...(hint && { hint }) },
  ]);
}
