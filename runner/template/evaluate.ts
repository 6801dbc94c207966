import { ProjectError, messageOf } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { Arguments } from "./arguments.ts";
import { bindArguments, fits } from "./bind-arguments.ts";
import type { Callee, Mistake } from "./bind-arguments.ts";
import { callScript } from "./call-script.ts";
import { calleeOf, scriptMistakes } from "./collect-uses.ts";
import { mistake, spotIn } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { areEqual, compare, concat, fieldNames, fieldOf, isTruthy, kindOf } from "./inspect-value.ts";
import { languageFunctions } from "./language-functions.ts";
import { qualifiedName } from "./macro-library.ts";
import type { MacroLibrary } from "./macro-library.ts";
import { MacroScope, boundNames, lookUp } from "./scopes.ts";
import type { Argument, BinaryExpr, Expr, Macro, MacroDefinition, NameExpr, RenderContext } from "./types.ts";
import { unknownName } from "./unknown-name.ts";
import { Sql, nothing } from "./values.ts";
import type { Value } from "./values.ts";

/** Macros within macros, deeper than which there is no end to be expected. */
const maxDepth = 100;

/** Renders the body of a macro; given by the renderer, which evaluates in turn. */
export type RenderBody = (macro: MacroDefinition, env: Environment) => Sql["parts"];

const none: readonly never[] = [];
const noArguments = new Arguments(none);

/** Expressions to values, in an environment. */
export class Evaluator {
  readonly #library: MacroLibrary;
  readonly #context: RenderContext;
  readonly #renderBody: RenderBody;

  constructor(library: MacroLibrary, context: RenderContext, renderBody: RenderBody) {
    this.#library = library;
    this.#context = context;
    this.#renderBody = renderBody;
  }

  evaluate(expr: Expr, env: Environment): Value {
    switch (expr.kind) {
      case "literal":
        return typeof expr.value === "string" ? new Sql(expr.value) : expr.value;
      case "list":
        return expr.items.map((item) => this.evaluate(item, env));
      case "map":
        return new Map(expr.entries.map(({ key, value }) => [key, this.evaluate(value, env)]));
      case "not":
        return !isTruthy(this.evaluate(expr.operand, env));
      case "binary":
        return this.#binary(expr, env);
      case "field":
        return this.#field(this.evaluate(expr.of, env), expr.name, none, expr.at, env);
      case "name":
        return this.#name(expr, env);
      case "call":
        return this.call(expr.package, expr.name, expr.args, expr.at, env);
    }
  }

  #binary({ operator, left: first, right: second, at }: BinaryExpr, env: Environment): Value {
    const left = this.evaluate(first, env);
    if (operator === "and") return isTruthy(left) ? this.evaluate(second, env) : left;
    if (operator === "or") return isTruthy(left) ? left : this.evaluate(second, env);
    const right = this.evaluate(second, env);
    if (operator === "==") return areEqual(left, right);
    if (operator === "!=") return !areEqual(left, right);
    if (operator === "~") return concat(left, right);
    const order = compare(left, right);
    if (order === undefined) {
      const message = `${kindOf(left)} and ${kindOf(right)} have no order`;
      throw mistake(env, at, "VALUE_KIND", message, "compare two numbers, or two texts");
    }
    if (operator === "<") return order < 0;
    if (operator === "<=") return order <= 0;
    return operator === ">" ? order > 0 : order >= 0;
  }

  #name({ path, at }: NameExpr, env: Environment): Value {
    const head = path[0]!;
    const local = lookUp(env.scope, head);
    let value = local === undefined ? this.#global(head, path, at, env) : local;
    for (let i = 1; i < path.length; i++) value = this.#field(value, path[i]!, path, at, env);
    return value;
  }

  /** `path`: the name that it is a part of, for messages. */
  #field(value: Value, field: string, path: readonly string[], at: number, env: Environment): Value {
    const inner = fieldOf(value, field);
    if (inner !== undefined) return inner;
    const names = fieldNames(value);
    const hint = didYouMean(field, names) ?? (names.length > 0 ? `it has ${names.join(", ")}` : undefined);
    const what = path.length === 0 ? "" : `"${path.join(".")}": `;
    throw mistake(env, at, "FIELD_UNKNOWN", `${what}there is no field "${field}"`, hint);
  }

  #global(name: string, path: readonly string[], at: number, env: Environment): Value {
    const spec = this.#context.specs.get(name);
    if (spec?.kind === "value") {
      const value = this.#context.globals.get(name);
      if (value === undefined) throw new Error(`the value "${name}" was not supplied`);
      // One that is made when it is asked for, or that is not known yet and says so where it stands.
      return typeof value === "function" ? value({ args: noArguments, spot: spotIn(env, at) }) : value;
    }
    return this.call(null, name, none, at, env, path);
  }

  /** `path`: the name as it stands there, for messages. */
  call(
    packageName: string | null,
    name: string,
    args: readonly Argument[],
    at: number,
    env: Environment,
    path?: readonly string[],
  ): Value {
    const language = packageName === null ? languageFunctions.get(name) : undefined;
    if (language) {
      const given = this.#bind(name, language.spec, args, at, env);
      try {
        return language.call(given);
      } catch (error) {
        throw mistake(env, at, "VALUE_KIND", messageOf(error));
      }
    }
    const spec = packageName === null ? this.#context.specs.get(name) : undefined;
    if (spec?.kind === "function") {
      const supplied = this.#context.globals.get(name);
      // A function that nobody listens to is given nothing.
      if (supplied === nothing) return nothing;
      if (typeof supplied !== "function") throw new Error(`the function "${name}" was not supplied`);
      return supplied({ args: this.#bind(name, spec, args, at, env), spot: spotIn(env, at) });
    }
    const macro = this.#library.find(name, packageName, env.package);
    if (macro !== undefined && spec === undefined) return this.callMacro(macro, args, at, env);
    const names = [...boundNames(env.scope)];
    const asked = path ?? (packageName === null ? [name] : [packageName, name]);
    const { code, message, hint } = unknownName(asked, names, this.#context.specs, this.#library);
    throw mistake(env, at, code, message, hint);
  }

  #bind(name: string, spec: Callee, args: readonly Argument[], at: number, env: Environment): Arguments {
    if (!fits(spec, args)) this.#refuse(bindArguments(name, spec, args, at).mistakes, env);
    const given = new Arguments(spec.parameters);
    for (let i = 0; i < args.length; i++) {
      const { name: keyword, value } = args[i]!;
      given.give(keyword, i, value.kind === "literal" ? value.value : this.evaluate(value, env));
    }
    return given;
  }

  #refuse(mistakes: readonly Mistake[], env: Environment): void {
    for (const { at, code, message, hint } of mistakes) throw mistake(env, at, code, message, hint);
  }

  callMacro(macro: Macro, args: readonly Argument[], at: number, env: Environment): Value {
    if (macro.kind === "sql") {
      // What is called within a macro or a section may speak of what is bound there.
      const calls = env.scope === null && env.frame === null ? this.#context.globals.calls : undefined;
      if (calls === undefined) return this.#renderMacro(macro, args, at, env);
      const known = calls.find(macro, args);
      if (known !== undefined) return known;
      const before = calls.doubts();
      const made = this.#renderMacro(macro, args, at, env);
      if (calls.doubts() === before) calls.keep(macro, args, made);
      return made;
    }
    this.#enter(macro, at, env);
    for (const { code, message, hint } of scriptMistakes(macro, args, at))
      throw mistake(env, at, code, message, hint);
    const given = this.#bind(macro.name, calleeOf(macro), args, at, env);
    try {
      return callScript(macro, given, this.#context);
    } catch (error) {
      if (error instanceof ProjectError) throw error;
      const message = `the macro "${qualifiedName(macro)}" of ${macro.file} failed: ${messageOf(error)}`;
      throw mistake(env, at, "MACRO_FAILED", message, undefined, error);
    }
  }

  /** Parameters that are not given take their defaults. */
  #renderMacro(macro: MacroDefinition, args: readonly Argument[], at: number, env: Environment): Sql {
    const { parameters, template: source } = macro;
    const inner = this.#enter(macro, at, env);
    const given = this.#bind(macro.name, calleeOf(macro), args, at, env);
    for (let i = 0; i < parameters.length; i++) {
      const { name, default: fallback } = parameters[i]!;
      if (!given.has(name)) given.give(null, i, fallback ? this.evaluate(fallback, inner) : null);
    }
    const { frame, depth } = inner;
    const scope = new MacroScope(given);
    return new Sql(this.#renderBody(macro, { source, tag: 0, scope, frame, depth, package: macro.package }));
  }

  #enter(macro: Macro, at: number, env: Environment): Environment {
    if (env.depth >= maxDepth) {
      const names = new Set<string>();
      let first = env.frame;
      for (let frame = env.frame; frame !== null; frame = frame.outer) {
        names.add(frame.macro);
        first = frame;
      }
      const chain = [...names].map((name) => `"${name}"`).join(", ");
      const { file, line, column } = first!.calledAt.place();
      throw new ProjectError([
        {
          ...spotIn(env, at).place(),
          code: "MACRO_RECURSION",
          message: `macros call each other without end: ${chain}, first called at ${file}:${line}:${column}`,
          hint: "let one of them stop by {{#if …}}",
        },
      ]);
    }
    const { source, tag, scope, depth, package: packageName } = env;
    const frame = { macro: qualifiedName(macro), calledAt: spotIn(env, at), outer: env.frame };
    return { source, tag, scope, frame, depth: depth + 1, package: packageName };
  }
}
