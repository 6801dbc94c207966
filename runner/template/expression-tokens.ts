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
  /** As written; for `text`, what the quotes hold. */
  readonly text: string;
};

const tokenPattern =
  /\s*(?:(?<text>'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<mark>==|!=|<=|>=|[-+*/%<>=~|()[\]{},:.!&?;@$^\\`#])|$)/uy;

/** The tokens of `text` from `start` to `end`, the last of kind `end`. */
export function tokenize(text: string, start: number, end: number): Token[] {
  const body = text.slice(start, end);
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (;;) {
    const from = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(body)?.groups;
    if (groups === undefined) throw unreadable(body, start, from);
    const whole = groups["text"] ?? groups["number"] ?? groups["name"] ?? groups["mark"];
    if (whole === undefined) {
      tokens.push({ kind: "end", at: end, text: "" });
      return tokens;
    }
    const at = start + tokenPattern.lastIndex - whole.length;
    if (groups["text"] !== undefined) tokens.push({ kind: "text", at, text: unescape(whole) });
    else
      tokens.push({ kind: groups["number"] ? "number" : groups["name"] ? "name" : "mark", at, text: whole });
  }
}

function unreadable(body: string, start: number, from: number): SyntaxMistake {
  const at = from + (body.slice(from).length - body.slice(from).trimStart().length);
  const char = String.fromCodePoint(body.codePointAt(at) ?? 32);
  if (char === "'" || char === '"') {
    return new SyntaxMistake(start + at, "the text is not closed", `end it with ${char}`);
  }
  return new SyntaxMistake(start + at, `"${char}" means nothing here`);
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
  const inner = quoted.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  return inner.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g, (whole, u, x, char) => {
    const code = (u ?? x) as string | undefined;
    return code === undefined ? (escapes[char as string] ?? whole) : String.fromCharCode(parseInt(code, 16));
  });
}
