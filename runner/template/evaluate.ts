import { ProjectError, messageOf } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { bindArguments, fits } from "./bind-arguments.ts";
import type { Callee, Mistake } from "./bind-arguments.ts";
import { callScript } from "./call-script.ts";
import { calleeOf, scriptMistakes } from "./collect-uses.ts";
import { boundNames, lookUp, mistake, placeIn } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { areEqual, compare, concat, fieldNames, fieldOf, isTruthy, kindOf } from "./inspect-value.ts";
import { languageFunctions } from "./language-functions.ts";
import { qualifiedName } from "./macro-library.ts";
import type { MacroLibrary } from "./macro-library.ts";
import type { Argument, BinaryExpr, Expr, Macro, MacroDefinition, NameExpr, RenderContext } from "./types.ts";
import { unknownName } from "./unknown-name.ts";
import { Sql } from "./values.ts";
import type { Value } from "./values.ts";

/** Macros within macros, deeper than which there is no end to be expected. */
const maxDepth = 100;

/** Renders the body of a macro; given by the renderer, which evaluates in turn. */
export type RenderBody = (macro: MacroDefinition, env: Environment) => Sql["parts"];

const none: readonly never[] = [];
const noArguments = { args: new Map<string, Value>(), rest: none };

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
        return this.#field(this.evaluate(expr.of, env), expr.name, "", expr.at, env);
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
    const [head, ...fields] = path as [string, ...string[]];
    const local = lookUp(env.scope, head);
    let value = local === undefined ? this.#global(head, path, at, env) : local;
    for (const field of fields) value = this.#field(value, field, `"${path.join(".")}": `, at, env);
    return value;
  }

  #field(value: Value, field: string, what: string, at: number, env: Environment): Value {
    const inner = fieldOf(value, field);
    if (inner !== undefined) return inner;
    const names = fieldNames(value);
    const hint = didYouMean(field, names) ?? (names.length > 0 ? `it has ${names.join(", ")}` : undefined);
    throw mistake(env, at, "FIELD_UNKNOWN", `${what}there is no field "${field}"`, hint);
  }

  #global(name: string, path: readonly string[], at: number, env: Environment): Value {
    const spec = this.#context.specs.get(name);
    if (spec?.kind === "value") {
      const value = this.#context.globals.get(name);
      if (value === undefined) throw new Error(`the value "${name}" was not supplied`);
      // One that is made when it is asked for, or that is not known yet and says so where it stands.
      return typeof value === "function" ? value({ ...noArguments, place: placeIn(env, at) }) : value;
    }
    return this.call(null, name, [], at, env, path);
  }

  /** `path`: the name as it stands there, for messages. */
  call(
    packageName: string | null,
    name: string,
    args: readonly Argument[],
    at: number,
    env: Environment,
    path: readonly string[] = packageName === null ? [name] : [packageName, name],
  ): Value {
    const language = packageName === null ? languageFunctions.get(name) : undefined;
    if (language) {
      const { named } = this.#bind(name, language.spec, args, at, env);
      try {
        return language.call(named);
      } catch (error) {
        throw mistake(env, at, "VALUE_KIND", messageOf(error));
      }
    }
    const spec = packageName === null ? this.#context.specs.get(name) : undefined;
    if (spec?.kind === "function") {
      const supplied = this.#context.globals.get(name);
      if (typeof supplied !== "function") throw new Error(`the function "${name}" was not supplied`);
      const { named, rest } = this.#bind(name, spec, args, at, env);
      return supplied({ args: named, rest, place: placeIn(env, at) });
    }
    const macro = this.#library.find(name, packageName, env.package);
    if (macro !== undefined && spec === undefined) return this.callMacro(macro, args, at, env);
    const names = [...boundNames(env.scope, fieldNames)];
    const { code, message, hint } = unknownName(path, names, this.#context.specs, this.#library);
    throw mistake(env, at, code, message, hint);
  }

  #bind(
    name: string,
    spec: Callee,
    args: readonly Argument[],
    at: number,
    env: Environment,
  ): { named: ReadonlyMap<string, Value>; rest: readonly Value[] } {
    if (!fits(spec, args)) this.#refuse(bindArguments(name, spec, args, at).mistakes, env);
    const named = new Map<string, Value>();
    let rest: Value[] | undefined;
    for (let i = 0; i < args.length; i++) {
      const argument = args[i]!;
      const parameter = argument.name ?? spec.parameters[i]?.name;
      const value = this.evaluate(argument.value, env);
      if (parameter === undefined) (rest ??= []).push(value);
      else named.set(parameter, value);
    }
    return { named, rest: rest ?? none };
  }

  #refuse(mistakes: readonly Mistake[], env: Environment): void {
    for (const { at, code, message, hint } of mistakes) throw mistake(env, at, code, message, hint);
  }

  callMacro(macro: Macro, args: readonly Argument[], at: number, env: Environment): Value {
    if (macro.kind === "sql") {
      const render = (): Sql => {
        const inner = this.#enter(macro, at, env);
        const { named } = this.#bind(macro.name, calleeOf(macro), args, at, env);
        return this.renderMacro(macro, named, inner);
      };
      // What is called within a macro or a section may speak of what is bound there.
      const calls = env.scope === null && env.frame === null ? this.#context.globals.calls : undefined;
      return calls === undefined ? render() : calls.sqlOf(macro, args, render);
    }
    this.#enter(macro, at, env);
    for (const { code, message, hint } of scriptMistakes(macro, args, at))
      throw mistake(env, at, code, message, hint);
    const { named, rest } = this.#bind(macro.name, calleeOf(macro), args, at, env);
    try {
      return callScript(macro, rest, named, this.#context);
    } catch (error) {
      if (error instanceof ProjectError) throw error;
      const message = `the macro "${qualifiedName(macro)}" of ${macro.file} failed: ${messageOf(error)}`;
      throw mistake(env, at, "MACRO_FAILED", message, undefined, error);
    }
  }

  /** Parameters that are not given take their defaults. */
  renderMacro(macro: MacroDefinition, given: ReadonlyMap<string, Value>, env: Environment): Sql {
    const bound = new Map<string, Value>();
    for (const { name, default: fallback } of macro.parameters) {
      const value = given.get(name);
      bound.set(name, value === undefined ? (fallback ? this.evaluate(fallback, env) : null) : value);
    }
    const scope = { bound, context: undefined, outer: null };
    return new Sql(
      this.#renderBody(macro, { ...env, source: macro.template, scope, package: macro.package }),
    );
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
      const { file, line, column } = first!.calledAt();
      throw new ProjectError([
        {
          ...placeIn(env, at)(),
          code: "MACRO_RECURSION",
          message: `macros call each other without end: ${chain}, first called at ${file}:${line}:${column}`,
          hint: "let one of them stop by {{#if …}}",
        },
      ]);
    }
    const frame = { macro: qualifiedName(macro), calledAt: placeIn(env, at), outer: env.frame };
    return { ...env, frame, depth: env.depth + 1 };
  }
}
