import { findTagEnd } from "./find-tag-end.ts";

/*
 * Comments, quoted texts, tags, words, operators, single characters: whatever stands first decides. A quoted text is one token with
 * whatever it holds; so is a tag.
 */
const TOKEN =
  /\s+|--[^\n]*|\/\*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([\p{L}_][\p{L}\p{N}_]*)?\$[^]*?\$\1\$|\{\{|[\p{L}\p{N}_$]+|[+\-*/<>=~!@#%^&|`?:]|[^]/uy;

/**
 * SQL, or a template of it, as it is lexed: comments and spacing are gone, so are comments of templates and `config()` calls, which say
 * nothing of the query. Two texts with one normal form mean the same. A comment that holds a tag stays, as it is rendered; hints stay.
 */
export const normalForm = (text: string): string => lexed(text).join(" ");

/** The tokens of the normal form. */
export function lexed(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  let spaced = true;
  const add = (token: string): void => {
    // Operators that touch are one: `<=` is not `< =`, and `a - -1` no comment.
    const last = tokens.length - 1;
    if (!spaced && OPERATOR.test(token) && OPERATOR.test(tokens[last]?.at(-1) ?? "")) tokens[last] += token;
    else tokens.push(token);
    spaced = false;
  };
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)![0];
    const code = token.charCodeAt(0);
    if (token === "/*") {
      const end = endOfComment(text, at);
      const comment = text.slice(at, end);
      if (comment.startsWith("/*+") || comment.includes("{{")) add(comment);
      else spaced = true;
      at = end;
    } else if (token === "{{") {
      const end = endOfTag(text, at);
      const tag = tagForm(text.slice(at, end));
      if (tag !== null) add(tag);
      else spaced = true;
      at = end;
    } else {
      at += token.length;
      if (code === 45 && token.startsWith("--")) {
        if (token.includes("{{")) tokens.push(token, "\n");
        spaced = true;
      } else if (token.trim() === "") spaced = true;
      else add(token);
    }
  }
  while (tokens.at(-1) === ";") tokens.pop();
  return tokens;
}

const OPERATOR = /^[+\-*/<>=~!@#%^&|`?:]$/;

/** Comments nest, as in PostgreSQL. */
function endOfComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function endOfTag(text: string, at: number): number {
  const close = text.startsWith("{{{", at) ? "}}}" : "}}";
  if (/^\{\{-?\s*!/.test(text.slice(at, at + 8))) {
    const end = text.indexOf("}}", at);
    return end === -1 ? text.length : end + 2;
  }
  const found = findTagEnd(text, at + close.length, text.length, close);
  return found.found ? found.end + close.length : text.length;
}

/** A tag without its spacing; null: it prints nothing. */
function tagForm(tag: string): string | null {
  if (/^\{\{-?\s*!/.test(tag) || /^\{\{-?\s*config\s*\(/.test(tag)) return null;
  return tag.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\s+/g, (part) =>
    part.trim() === "" ? "" : part,
  );
}

/** The text of a script macro without its spacing and without comments that begin a line. */
export const scriptForm = (text: string): string =>
  text
    .replaceAll(/^\s*\/\/.*$/gm, "")
    .replaceAll(/^\s*\/\*[^]*?\*\//gm, "")
    .replaceAll(/\s+/g, " ");
