import { placeAt } from "../base/problems.ts";
import type { Place, Problem } from "../base/problems.ts";
import { SyntaxMistake } from "./expression-tokens.ts";
import { findTagEnd } from "./find-tag-end.ts";
import { literalOf } from "./literal-of.ts";
import { ExpressionParser } from "./parse-expression.ts";
import { parseRange } from "./parse-template.ts";
import type { Expr, MacroDefinition, MacroParameter, Source, Template } from "./types.ts";

type Declaration = {
  readonly start: number;
  /** After the last brace. */
  readonly end: number;
  readonly at: number;
  readonly name: string;
  readonly parameters: readonly MacroParameter[];
};

/**
 * The macros of a `macros/*.sql` file: `{{! macro rounded(column, digits=2) }}` and the text up to the next declaration, blank
 * lines around it left out.
 */
export function parseMacroFile(
  file: string,
  text: string,
  packageName: string | null = null,
): { macros: MacroDefinition[]; problems: Problem[] } {
  const source: Source = { file, text };
  const problems: Problem[] = [];
  const declarations = findDeclarations(source, problems);
  const head = parseRange(source, 0, declarations[0]?.start ?? text.length);
  problems.push(...head.problems);
  const stray = head.template.nodes.findIndex((node) => node.kind !== "text" || node.text.trim() !== "");
  if (stray !== -1 && head.problems.length === 0) {
    const at = /^(?:\s|\{\{\s*![^]*?\}\})*/.exec(text)?.[0].length ?? 0;
    const message = "text stands before the first macro";
    problems.push({
      ...placeAt(file, text, at),
      code: "MACRO_SYNTAX",
      message,
      hint: "begin with {{! macro name(argument, other=1) }}",
    });
  }
  const macros = declarations.map((declaration, index) => {
    const [from, to] = trimBlankLines(text, declaration.end, declarations[index + 1]?.start ?? text.length);
    const { template, problems: found } = parseRange(source, from, to);
    problems.push(...found);
    const { name, parameters, at } = declaration;
    return {
      kind: "sql",
      name,
      package: packageName,
      parameters,
      template,
      body: text.slice(from, to),
      place: placeAt(file, text, at),
    } satisfies MacroDefinition;
  });
  return { macros: macros.filter((macro) => macro.name !== ""), problems };
}

/** The macros of a text in which nothing is wrong. Each is parsed when somebody looks into it, as few of those that are shipped are. */
export function soundMacros(file: string, text: string, packageName: string): readonly MacroDefinition[] {
  const source: Source = { file, text };
  const declarations = findDeclarations(source, []);
  return declarations.map((declaration, index) => {
    const [from, to] = trimBlankLines(text, declaration.end, declarations[index + 1]?.start ?? text.length);
    return new SoundMacro(source, declaration, packageName, from, to);
  });
}

class SoundMacro implements MacroDefinition {
  readonly kind = "sql";
  readonly name: string;
  readonly package: string;
  readonly parameters: readonly MacroParameter[];
  readonly #source: Source;
  readonly #at: number;
  readonly #from: number;
  readonly #to: number;
  #template: Template | undefined;

  constructor(source: Source, { name, parameters, at }: Declaration, of: string, from: number, to: number) {
    this.name = name;
    this.package = of;
    this.parameters = parameters;
    this.#source = source;
    this.#at = at;
    this.#from = from;
    this.#to = to;
  }

  get template(): Template {
    return (this.#template ??= parseRange(this.#source, this.#from, this.#to).template);
  }

  get body(): string {
    return this.#source.text.slice(this.#from, this.#to);
  }

  get place(): Place {
    return placeAt(this.#source.file, this.#source.text, this.#at);
  }
}

/** A declaration that cannot be read still ends the macro before it; its name is then empty. */
function findDeclarations(source: Source, problems: Problem[]): Declaration[] {
  const { file, text } = source;
  return [...text.matchAll(/\{\{\s*!\s*macro\b/g)].map((match) => {
    const at = match.index + match[0].length;
    const found = findTagEnd(text, at, text.length, "}}");
    const end = found.found ? found.end : found.next;
    const declaration = { start: match.index, end: found.found ? end + 2 : end };
    try {
      return { ...declaration, ...readDeclaration(text, at, end) };
    } catch (error) {
      if (!(error instanceof SyntaxMistake)) throw error;
      const hint = error.hint ?? "a macro is declared as {{! macro name(argument, other=1) }}";
      problems.push({ ...placeAt(file, text, error.at), code: "MACRO_SYNTAX", message: error.message, hint });
      return { ...declaration, at, name: "", parameters: [] };
    }
  });
}

function readDeclaration(
  text: string,
  start: number,
  end: number,
): Pick<Declaration, "at" | "name" | "parameters"> {
  const parser = new ExpressionParser(text, start, end);
  const { at } = parser.next;
  const name = parser.name("the name of the macro");
  const parameters: MacroParameter[] = [];
  parser.expect("(", '"("');
  while (!parser.take(")")) {
    const { at: where } = parser.next;
    const parameter = parser.name("the name of an argument");
    if (parameters.some((known) => known.name === parameter)) {
      throw new SyntaxMistake(where, `the argument "${parameter}" is there twice`);
    }
    const fallback = parser.take("=") ? readDefault(parser) : null;
    if (fallback === null && parameters.at(-1)?.required === false) {
      throw new SyntaxMistake(
        where,
        `the argument "${parameter}" without a default stands after one that has one`,
      );
    }
    parameters.push({
      name: parameter,
      at: where,
      required: fallback === null,
      default: fallback,
    });
    if (parser.take(",")) continue;
    parser.expect(")", '"," or ")"');
    break;
  }
  parser.end();
  return { at, name, parameters };
}

function readDefault(parser: ExpressionParser): Expr {
  const expr = parser.expression();
  if (literalOf(expr) === undefined) {
    throw new SyntaxMistake(
      expr.at,
      "a default is a literal: text, a number, true, false, none, a list or a map",
    );
  }
  return expr;
}

/** Whole lines of blanks at both ends, and the blanks at the very end. What stands on the declaration's own line begins at once. */
function trimBlankLines(text: string, from: number, to: number): [number, number] {
  const body = text.slice(from, to);
  const end = from + body.trimEnd().length;
  if (end === from) return [from, from];
  const blank = /^(?:[^\S\n]*\n)+/.exec(body)?.[0].length ?? body.length - body.trimStart().length;
  return [from + blank, end];
}
