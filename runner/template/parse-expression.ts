import { SyntaxMistake, Tokens } from "./expression-tokens.ts";
import type { Argument, Expr, MapEntry, Operator } from "./types.ts";

const constants: Record<string, null | boolean> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  null: null,
};
const comparisons = new Set(["==", "!=", "<", "<=", ">", ">="]);
/** Deeper nesting than anybody writes; keeps a hostile file from using up the stack. */
const maxDepth = 100;

/** What hands know from Jinja, and how it is said here. */
const habits: Record<string, string> = {
  "|": "there are no filters: use an SQL function, or a macro",
  if: "write {{#if x}}…{{else}}…{{/if}}",
  is: "compare with == or !=, or use {{#if x}} and {{#unless x}}",
  in: "compare with == and or",
  "+": "join text with ~; let SQL do the arithmetic",
  "-": "let SQL do the arithmetic",
  "*": "let SQL do the arithmetic",
  "/": "let SQL do the arithmetic",
  "%": "let SQL do the arithmetic",
  "=": "compare with ==",
  "[": "fields are named with a dot: x.name",
};

type Items = { readonly argument: Argument; readonly entry: MapEntry; readonly item: Expr };

/** Reads expressions out of a tag, from left to right. Every method throws a {@link SyntaxMistake}. */
export class ExpressionParser {
  /** The token that is read next. */
  readonly next: Tokens;
  #depth = 0;

  constructor(text: string, start: number, end: number) {
    this.next = new Tokens(text, start, end);
  }

  /** Moves past the next token if it is this mark or word. */
  take(text: string): boolean {
    if (!this.next.is(text)) return false;
    this.next.advance();
    return true;
  }

  expect(text: string, what: string): void {
    if (!this.take(text)) throw this.unexpected(what);
  }

  name(what: string): string {
    const { kind, text } = this.next;
    if (kind !== "name") throw this.unexpected(what);
    this.next.advance();
    return text;
  }

  end(): void {
    if (this.next.kind !== "end") throw this.unexpected("the end of the tag");
  }

  unexpected(what: string): SyntaxMistake {
    const { kind, text, at } = this.next;
    const found = kind === "end" ? "the tag ends" : `"${text}" was found`;
    const hint = kind === "text" || kind === "number" ? undefined : habits[text];
    return new SyntaxMistake(at, `${found} where ${what} is expected`, hint);
  }

  expression(): Expr {
    if (++this.#depth > maxDepth)
      throw new SyntaxMistake(this.next.at, "the expression is nested too deeply");
    let left = this.#and();
    for (let at = this.next.at; this.take("or"); { at } = this.next)
      left = { kind: "binary", at, operator: "or", left, right: this.#and() };
    this.#depth--;
    return left;
  }

  #and(): Expr {
    let left = this.#not();
    for (let at = this.next.at; this.take("and"); { at } = this.next)
      left = { kind: "binary", at, operator: "and", left, right: this.#not() };
    return left;
  }

  #not(): Expr {
    const { at } = this.next;
    let negations = 0;
    while (this.take("not")) negations++;
    let expr = this.#comparison();
    for (; negations > 0; negations--) expr = { kind: "not", at, operand: expr };
    return expr;
  }

  #comparison(): Expr {
    const left = this.#concat();
    const { kind, text, at } = this.next;
    if (kind !== "mark" || !comparisons.has(text)) return left;
    this.next.advance();
    return { kind: "binary", at, operator: text as Operator, left, right: this.#concat() };
  }

  #concat(): Expr {
    let left = this.#primary();
    for (let at = this.next.at; this.take("~"); { at } = this.next)
      left = { kind: "binary", at, operator: "~", left, right: this.#primary() };
    return left;
  }

  #primary(): Expr {
    const { at, text, kind } = this.next;
    if (kind === "text") {
      this.next.advance();
      return { kind: "literal", at, value: text };
    }
    if (kind === "number") return this.#number(1);
    if (kind === "name" && text !== "and" && text !== "or") {
      if (Object.hasOwn(constants, text)) {
        this.next.advance();
        return { kind: "literal", at, value: constants[text]! };
      }
      return this.#nameOrCall();
    }
    if (this.take("-") && this.next.kind === "number") return this.#number(-1);
    if (this.take("[")) return { kind: "list", at, items: this.#items("]", "item") };
    if (this.take("{")) return { kind: "map", at, entries: this.#items("}", "entry") };
    if (this.take(".")) return { kind: "name", at, path: ["."] };
    if (this.take("(")) {
      const inner = this.expression();
      if (this.next.is(",")) {
        throw new SyntaxMistake(this.next.at, '"," was found within ( )', "a list is written [1, 2]");
      }
      this.expect(")", '")"');
      return this.#fields(inner);
    }
    throw this.unexpected("a value");
  }

  #number(sign: 1 | -1): Expr {
    const { at, text } = this.next;
    const value = sign * Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new SyntaxMistake(
        at,
        `the number ${text} is too large to be kept exactly`,
        "write it as text: '…'",
      );
    }
    this.next.advance();
    return { kind: "literal", at, value };
  }

  #nameOrCall(): Expr {
    const { at } = this.next;
    const first = this.name("a name");
    if (!this.next.is("."))
      return this.take("(") ? this.#call(at, null, first) : { kind: "name", at, path: [first] };
    const path = [first];
    while (this.take(".")) path.push(this.name("a name"));
    if (!this.take("(")) return { kind: "name", at, path: path.slice() };
    if (path.length > 2) {
      throw new SyntaxMistake(
        at,
        `"${path.join(".")}" cannot be called`,
        "a macro is called name(…) or package.name(…)",
      );
    }
    return this.#call(at, first, path[1]!);
  }

  /** After the bracket. */
  #call(at: number, of: string | null, name: string): Expr {
    const args = this.#items(")", "argument");
    return this.#fields({ kind: "call", at, package: of, name, args });
  }

  #fields(of: Expr): Expr {
    let expr = of;
    while (this.take(".")) {
      const { at } = this.next;
      expr = { kind: "field", at, of: expr, name: this.name("a name") };
    }
    return expr;
  }

  #argument(): Argument {
    const { at, kind, text } = this.next;
    if (kind !== "name" || !this.next.isBeforeEqual()) return { name: null, at, value: this.expression() };
    this.next.advance();
    this.next.advance();
    return { name: text, at, value: this.expression() };
  }

  #entry(): MapEntry {
    const { kind, text } = this.next;
    if (kind !== "text" && kind !== "name" && kind !== "number") throw this.unexpected("a key");
    this.next.advance();
    this.expect(":", '":"');
    return { key: text, value: this.expression() };
  }

  /** Comma-separated until `close`; a comma before it is allowed. */
  #items<Kind extends keyof Items>(close: string, kind: Kind): readonly Items[Kind][] {
    if (this.take(close)) return none;
    // What is pushed to has room for sixteen more, and nearly all calls have one argument or two.
    const first = this.#item(kind);
    if (!this.#isMore(close)) return [first];
    const second = this.#item(kind);
    if (!this.#isMore(close)) return [first, second];
    const items = [first, second];
    do items.push(this.#item(kind));
    while (this.#isMore(close));
    return items.slice();
  }

  #item<Kind extends keyof Items>(kind: Kind): Items[Kind] {
    return this.#itemOf(kind) as Items[Kind];
  }

  #itemOf(kind: keyof Items): Items[keyof Items] {
    if (kind === "argument") return this.#argument();
    return kind === "entry" ? this.#entry() : this.expression();
  }

  /** Moves past what stands between two items, or ends them. */
  #isMore(close: string): boolean {
    if (this.take(",")) return !this.take(close);
    this.expect(close, `"," or "${close}"`);
    return false;
  }
}

const none: readonly never[] = [];
