import type { Argument, CallExpr } from "./types.ts";

const QUOTE = 39;
const DOUBLE = 34;
const COMMA = 44;

/** Words that are no names of functions, and what hands know from Jinja. */
const words = new Set([
  "not",
  "and",
  "or",
  "true",
  "True",
  "false",
  "False",
  "none",
  "None",
  "null",
  "elif",
  "elseif",
]);

/**
 * A call of one or two plain texts, as `ref('orders')`, which stands from `at` up to `end`; undefined: it is something else, or wrong. Nearly all tags that stand
 * once in a project are such calls, and the parser takes three times as long for one.
 */
export function readCall(text: string, at: number, end: number): CallExpr | undefined {
  let to = at;
  while (to < end && isNameCode(text.charCodeAt(to))) to++;
  if (to === at || text.charCodeAt(to) !== 40 || text.charCodeAt(at) <= 57) return undefined;
  const name = nameOf(text, at, to);
  if (words.has(name)) return undefined;
  const first = skipBlanks(text, to + 1, end);
  const firstEnd = endOfPlain(text, first, end);
  if (firstEnd === -1) return undefined;
  let next = skipBlanks(text, firstEnd + 1, end);
  let args: readonly Argument[];
  if (text.charCodeAt(next) === COMMA) {
    const second = skipBlanks(text, next + 1, end);
    const secondEnd = endOfPlain(text, second, end);
    if (secondEnd === -1) return undefined;
    next = skipBlanks(text, secondEnd + 1, end);
    args = [argument(text, at, first, firstEnd), argument(text, at, second, secondEnd)];
  } else args = [argument(text, at, first, firstEnd)];
  if (next >= end || text.charCodeAt(next) !== 41 || skipBlanks(text, next + 1, end) < end) return undefined;
  return { kind: "call", at: 0, package: null, name, args };
}

/** The usual names are one text each, whose hash is known where they are looked up. */
function nameOf(text: string, at: number, to: number): string {
  switch (to - at) {
    case 3:
      if (text.startsWith("ref", at)) return "ref";
      if (text.startsWith("var", at)) return "var";
      break;
    case 6:
      if (text.startsWith("source", at)) return "source";
      break;
  }
  return text.slice(at, to);
}

function argument(text: string, from: number, open: number, close: number): Argument {
  const at = open - from;
  return { name: null, at, value: { kind: "literal", at, value: text.slice(open + 1, close) } };
}

/** Where a text in quotes ends that says nothing but itself; -1: it is none. */
function endOfPlain(text: string, open: number, end: number): number {
  const quote = text.charCodeAt(open);
  if (quote !== QUOTE && quote !== DOUBLE) return -1;
  for (let at = open + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === 92 || code === 10) return -1;
  }
  return -1;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** `A-Z a-z 0-9 _` */
const isNameCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || code === 95 || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
