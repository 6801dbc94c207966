/** A mistake in a tag, thrown within the parser and turned into a problem at its border. */
export class SyntaxMistake extends Error {
  readonly at: number;
  readonly hint: string | undefined;
  constructor(at: number, message: string, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

export type Token = {
  readonly kind: "text" | "number" | "name" | "mark" | "end";
  readonly at: number;
  /** After its last character. */
  readonly end: number;
  /** As written; for `text`, what the quotes hold. */
  readonly text: string;
};

// By hand where each tag of ten thousand files passes: a pattern with groups takes three times as long.
const letter = /[\p{L}_]/u;
const nameEnd = /[^\p{L}\p{N}_]|$/gu;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const longMarks = new Set(["==", "!=", "<=", ">="]);

/** The tokens of `text` from `start` to `end`, the last of kind `end`. */
export function tokenize(text: string, start: number, end: number): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, start, end); at < end; at = skipBlanks(text, at, end)) {
    const token = readToken(text, at, end);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", at: end, end, text: "" });
  return tokens;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 160)) at++;
  return at;
}

function readToken(text: string, at: number, end: number): Token {
  const code = text.charCodeAt(at);
  if (code === 39 || code === 34) {
    const close = endOfQuoted(text, at, end);
    if (close === -1) {
      throw new SyntaxMistake(at, "the text is not closed", `end it with ${text.charAt(at)}`);
    }
    return { kind: "text", at, text: unescape(text.slice(at + 1, close)), end: close + 1 };
  }
  if (isNameCode(code) && (code < 48 || code > 57)) {
    let to = at + 1;
    while (to < end && isNameCode(text.charCodeAt(to))) to++;
    if (to < end && text.charCodeAt(to) > 127) to = endOfName(text, to, end);
    return { kind: "name", at, text: text.slice(at, to), end: to };
  }
  if (code >= 48 && code <= 57) {
    number.lastIndex = at;
    const found = number.exec(text)![0].slice(0, end - at);
    return { kind: "number", at, text: found, end: at + found.length };
  }
  if (code > 127) {
    const char = String.fromCodePoint(text.codePointAt(at)!);
    if (!letter.test(char)) throw new SyntaxMistake(at, `"${char}" means nothing here`);
    const to = endOfName(text, at, end);
    return { kind: "name", at, text: text.slice(at, to), end: to };
  }
  const two = text.slice(at, Math.min(at + 2, end));
  const mark = longMarks.has(two) ? two : text.charAt(at);
  return { kind: "mark", at, text: mark, end: at + mark.length };
}

/** `A-Z a-z 0-9 _` */
function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || code === 95 || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
  );
}

function endOfName(text: string, at: number, end: number): number {
  nameEnd.lastIndex = at;
  return Math.min(nameEnd.exec(text)?.index ?? end, end);
}

/** Index of the quote that ends the text beginning at `open`, or -1. */
export function endOfQuoted(text: string, open: number, to: number): number {
  const quote = text.charCodeAt(open);
  for (let at = open + 1; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === quote) return at;
  }
  return -1;
}

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** Python's rule: a backslash before anything unknown is a backslash, so that `'\d+'` needs no doubling. */
function unescape(quoted: string): string {
  if (!quoted.includes("\\")) return quoted;
  return quoted.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g, (whole, u, x, char) => {
    const code = (u ?? x) as string | undefined;
    return code === undefined ? (escapes[char as string] ?? whole) : String.fromCharCode(parseInt(code, 16));
  });
}
