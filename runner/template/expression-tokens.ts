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

export type TokenKind = "text" | "number" | "name" | "mark" | "end";

// By hand where each tag of ten thousand files passes: a pattern with groups takes three times as long.
const letter = /[\p{L}_]/u;
const nameEnd = /[^\p{L}\p{N}_]|$/gu;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The tokens of `text` from `start` to `end`, one at a time: an object each would be most of what a template leaves to the garbage collector. */
export class Tokens {
  kind: TokenKind = "end";
  at = 0;
  /** As written; for `text`, what the quotes hold; nothing at the end. */
  text = "";
  readonly #source: string;
  readonly #end: number;
  /** After the last character of the token. */
  #to: number;

  constructor(source: string, start: number, end: number) {
    this.#source = source;
    this.#end = end;
    this.#to = start;
    this.advance();
  }

  /** Whether this is the mark or word. */
  is(text: string): boolean {
    return this.text === text && (this.kind === "mark" || this.kind === "name");
  }

  /** Whether the next token is a `=` alone. */
  isBeforeEqual(): boolean {
    const at = skipBlanks(this.#source, this.#to, this.#end);
    if (at >= this.#end || this.#source.charCodeAt(at) !== EQUAL) return false;
    return at + 1 >= this.#end || this.#source.charCodeAt(at + 1) !== EQUAL;
  }

  /** To the next token, the last of kind `end`. */
  advance(): void {
    const source = this.#source;
    const end = this.#end;
    const at = skipBlanks(source, this.#to, end);
    this.at = at;
    if (at >= end) {
      this.#take("end", end, end);
      return;
    }
    const code = source.charCodeAt(at);
    if (code === 39 || code === 34) {
      const close = endOfQuoted(source, at, end);
      if (close === -1)
        throw new SyntaxMistake(at, "the text is not closed", `end it with ${source.charAt(at)}`);
      this.kind = "text";
      this.text = unescape(source.slice(at + 1, close));
      this.#to = close + 1;
    } else if (isNameCode(code) && (code < 48 || code > 57)) {
      let to = at + 1;
      while (to < end && isNameCode(source.charCodeAt(to))) to++;
      if (to < end && source.charCodeAt(to) > 127) to = endOfName(source, to, end);
      this.#take("name", at, to);
    } else if (code >= 48 && code <= 57) {
      number.lastIndex = at;
      this.#take("number", at, Math.min(at + number.exec(source)![0].length, end));
    } else if (code > 127) {
      const char = String.fromCodePoint(source.codePointAt(at)!);
      if (!letter.test(char)) throw new SyntaxMistake(at, `"${char}" means nothing here`);
      this.#take("name", at, endOfName(source, at, end));
    } else this.#take("mark", at, isLongMark(source, at, end) ? at + 2 : at + 1);
  }

  #take(kind: TokenKind, at: number, to: number): void {
    this.kind = kind;
    this.text = this.#source.slice(at, to);
    this.#to = to;
  }
}

const EQUAL = 61;

/** `==`, `!=`, `<=` or `>=` */
function isLongMark(text: string, at: number, end: number): boolean {
  if (at + 1 >= end || text.charCodeAt(at + 1) !== EQUAL) return false;
  const code = text.charCodeAt(at);
  return code === EQUAL || code === 33 || code === 60 || code === 62;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 160)) at++;
  return at;
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
