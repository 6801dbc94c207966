import { SyntaxMistake, tokenize } from "./expression-tokens.ts";
import type { Token } from "./expression-tokens.ts";
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

/** Reads expressions out of a tag, from left to right. Every method throws a {@link SyntaxMistake}. */
export class ExpressionParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, start: number, end: number) {
    this.#tokens = tokenize(text, start, end);
  }

  get peek(): Token {
    return this.#tokens[this.#next]!;
  }

  /** Moves past the next token if it is this mark or word. */
  take(text: string): boolean {
    const token = this.peek;
    if ((token.kind !== "mark" && token.kind !== "name") || token.text !== text) return false;
    this.#next++;
    return true;
  }

  expect(text: string, what: string): void {
    if (!this.take(text)) throw this.unexpected(what);
  }

  name(what: string): Token {
    const token = this.peek;
    if (token.kind !== "name") throw this.unexpected(what);
    this.#next++;
    return token;
  }

  end(): void {
    if (this.peek.kind !== "end") throw this.unexpected("the end of the tag");
  }

  unexpected(what: string): SyntaxMistake {
    const token = this.peek;
    const found = token.kind === "end" ? "the tag ends" : `"${token.text}" was found`;
    const hint = token.kind === "text" || token.kind === "number" ? undefined : habits[token.text];
    return new SyntaxMistake(token.at, `${found} where ${what} is expected`, hint);
  }

  expression(): Expr {
    if (++this.#depth > maxDepth)
      throw new SyntaxMistake(this.peek.at, "the expression is nested too deeply");
    let left = this.#and();
    while (this.peek.text === "or" && this.peek.kind === "name") left = this.#binary(left, () => this.#and());
    this.#depth--;
    return left;
  }

  #and(): Expr {
    let left = this.#not();
    while (this.peek.text === "and" && this.peek.kind === "name")
      left = this.#binary(left, () => this.#not());
    return left;
  }

  #not(): Expr {
    const { at } = this.peek;
    let negations = 0;
    while (this.take("not")) negations++;
    let expr = this.#comparison();
    for (; negations > 0; negations--) expr = { kind: "not", at, operand: expr };
    return expr;
  }

  #comparison(): Expr {
    const left = this.#concat();
    const { kind, text } = this.peek;
    return kind === "mark" && comparisons.has(text) ? this.#binary(left, () => this.#concat()) : left;
  }

  #concat(): Expr {
    let left = this.#primary();
    while (this.peek.kind === "mark" && this.peek.text === "~")
      left = this.#binary(left, () => this.#primary());
    return left;
  }

  #binary(left: Expr, right: () => Expr): Expr {
    const { at, text } = this.peek;
    this.#next++;
    return { kind: "binary", at, operator: text as Operator, left, right: right() };
  }

  #primary(): Expr {
    const token = this.peek;
    const { at, text, kind } = token;
    if (kind === "text") {
      this.#next++;
      return { kind: "literal", at, value: text };
    }
    if (kind === "number") return this.#number(1);
    if (kind === "name" && text !== "and" && text !== "or") {
      if (Object.hasOwn(constants, text)) {
        this.#next++;
        return { kind: "literal", at, value: constants[text]! };
      }
      return this.#nameOrCall();
    }
    if (this.take("-") && this.peek.kind === "number") return this.#number(-1);
    if (this.take("[")) return { kind: "list", at, items: this.#items("]", () => this.expression()) };
    if (this.take("{")) return { kind: "map", at, entries: this.#items("}", () => this.#entry()) };
    if (this.take(".")) return { kind: "name", at, path: ["."] };
    if (this.take("(")) {
      const inner = this.expression();
      if (this.peek.text === "," && this.peek.kind === "mark") {
        throw new SyntaxMistake(this.peek.at, '"," was found within ( )', "a list is written [1, 2]");
      }
      this.expect(")", '")"');
      return this.#fields(inner);
    }
    throw this.unexpected("a value");
  }

  #number(sign: 1 | -1): Expr {
    const { at, text } = this.peek;
    const value = sign * Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new SyntaxMistake(
        at,
        `the number ${text} is too large to be kept exactly`,
        "write it as text: '…'",
      );
    }
    this.#next++;
    return { kind: "literal", at, value };
  }

  #nameOrCall(): Expr {
    const first = this.name("a name");
    const path = [first.text];
    while (this.take(".")) path.push(this.name("a name").text);
    if (!this.take("(")) return { kind: "name", at: first.at, path };
    if (path.length > 2) {
      throw new SyntaxMistake(
        first.at,
        `"${path.join(".")}" cannot be called`,
        "a macro is called name(…) or package.name(…)",
      );
    }
    const [name, packageName = null] = path.toReversed();
    const args = this.#items(")", () => this.#argument());
    return this.#fields({ kind: "call", at: first.at, package: packageName, name: name!, args });
  }

  #fields(of: Expr): Expr {
    let expr = of;
    while (this.take(".")) {
      const { at, text } = this.name("a name");
      expr = { kind: "field", at, of: expr, name: text };
    }
    return expr;
  }

  #argument(): Argument {
    const { at, kind, text } = this.peek;
    const following = this.#tokens[this.#next + 1];
    if (kind === "name" && following?.kind === "mark" && following.text === "=") {
      this.#next += 2;
      return { name: text, at, value: this.expression() };
    }
    return { name: null, at, value: this.expression() };
  }

  #entry(): MapEntry {
    const { kind, text } = this.peek;
    if (kind !== "text" && kind !== "name" && kind !== "number") throw this.unexpected("a key");
    this.#next++;
    this.expect(":", '":"');
    return { key: text, value: this.expression() };
  }

  /** Comma-separated until `close`; a comma before it is allowed. */
  #items<Item>(close: string, item: () => Item): Item[] {
    if (this.take(close)) return [];
    const items: Item[] = [];
    while (!this.take(close)) {
      items.push(item());
      if (this.take(",")) continue;
      this.expect(close, `"," or "${close}"`);
      break;
    }
    // What is pushed to has room for sixteen more; a tree of ten thousand files is kept for long.
    return items.slice();
  }
}
