/** Where in SQL something is about to be printed. */
export type SqlPosition =
  | { readonly kind: "code" }
  /** Within `'…'`; `escapes`: a backslash means something, as in `e'…'`. */
  | { readonly kind: "text"; readonly escapes: boolean }
  /** Within `"…"`. */
  | { readonly kind: "name" }
  /** Within `$tag$…$tag$`. */
  | { readonly kind: "dollar"; readonly tag: string }
  | { readonly kind: "line-comment" }
  | { readonly kind: "block-comment"; readonly depth: number };

const code: SqlPosition = { kind: "code" };
const name: SqlPosition = { kind: "name" };
const lineComment: SqlPosition = { kind: "line-comment" };

const DOUBLE = 34;
const SIGN = 36;
const SINGLE = 39;
const STAR = 42;
const HYPHEN = 45;
const SLASH = 47;
const DOLLAR = /\$(?:[A-Za-z_]\w*)?\$/y;

/** Whether text, a name or a comment may begin at a character. */
function isOpening(sql: string, at: number): boolean {
  const code = sql.charCodeAt(at);
  if (code > SLASH || code < DOUBLE) return false;
  if (code === HYPHEN) return sql.charCodeAt(at + 1) === HYPHEN;
  if (code === SLASH) return sql.charCodeAt(at + 1) === STAR;
  return code === SINGLE || code === DOUBLE || code === SIGN;
}

/**
 * Reads SQL as it is printed and knows what it is in the middle of. It is asked only where data stands, so that
 * a template without data is never read.
 */
export class SqlReader {
  #position: SqlPosition = code;
  #at = 0;

  /** The position at the end of `sql`, which begins with what was given before. */
  read(sql: string): SqlPosition {
    while (this.#at < sql.length) this.#step(sql);
    return this.#position;
  }

  #step(sql: string): void {
    const position = this.#position;
    switch (position.kind) {
      case "code":
        return this.#code(sql);
      case "text":
        return this.#quoted(sql, "'", position.escapes);
      case "name":
        return this.#quoted(sql, '"', false);
      case "dollar":
        return this.#until(sql, position.tag);
      case "line-comment":
        return this.#until(sql, "\n");
      case "block-comment":
        return this.#comment(sql, position.depth);
    }
  }

  /** Up to what opens something, and that. */
  #code(sql: string): void {
    let at = this.#at;
    while (at < sql.length && !isOpening(sql, at)) at++;
    if (at === sql.length) {
      this.#at = at;
      return;
    }
    switch (sql.charCodeAt(at)) {
      case SINGLE:
        return this.#enter(at + 1, {
          kind: "text",
          escapes: /(?:^|[^\w$])(?:e|u&)$/i.test(sql.slice(Math.max(0, at - 3), at)),
        });
      case DOUBLE:
        return this.#enter(at + 1, name);
      case HYPHEN:
        return this.#enter(at + 2, lineComment);
      case SLASH:
        return this.#enter(at + 2, { kind: "block-comment", depth: 1 });
      default: {
        DOLLAR.lastIndex = at;
        const tag = DOLLAR.exec(sql)?.[0];
        if (tag === undefined || /[\w$]/.test(sql.charAt(at - 1))) this.#at = at + 1;
        else this.#enter(at + tag.length, { kind: "dollar", tag });
      }
    }
  }

  #enter(at: number, position: SqlPosition): void {
    this.#at = at;
    this.#position = position;
  }

  #quoted(sql: string, quote: string, escapes: boolean): void {
    const char = sql[this.#at];
    if (escapes && char === "\\") this.#at += 2;
    else if (char !== quote) {
      const next = escapes
        ? sql.slice(this.#at + 1).search(/['\\]/)
        : sql.indexOf(quote, this.#at) - this.#at - 1;
      this.#at = next < 0 ? sql.length : this.#at + 1 + next;
    } else if (sql[this.#at + 1] === quote) this.#at += 2;
    else this.#leave(this.#at + 1);
  }

  #until(sql: string, end: string): void {
    const found = sql.indexOf(end, this.#at);
    if (found === -1) this.#at = sql.length;
    else this.#leave(found + end.length);
  }

  /** Comments nest. */
  #comment(sql: string, depth: number): void {
    const found = /\/\*|\*\//.exec(sql.slice(this.#at));
    if (found === null) {
      this.#at = sql.length;
      return;
    }
    this.#at += found.index + 2;
    const left = found[0] === "/*" ? depth + 1 : depth - 1;
    this.#position = left === 0 ? code : { kind: "block-comment", depth: left };
  }

  #leave(at: number): void {
    this.#at = at;
    this.#position = code;
  }

  /** How much is read: beyond the end where a backslash in `e'…'` waits for the next character. */
  get at(): number {
    return this.#at;
  }
}
