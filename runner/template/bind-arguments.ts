import type { Json } from "../base/json.ts";
import { didYouMean } from "../base/nearest.ts";
import { plural } from "../base/text.ts";
import { literalOf } from "./literal-of.ts";
import type { Argument, Parameter } from "./types.ts";

/** What a call is checked against. */
export type Callee = {
  readonly parameters: readonly Parameter[];
  readonly variadic?: boolean;
  readonly anyKeyword?: boolean;
};
export type Mistake = {
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
};
export type Bound = {
  readonly named: ReadonlyMap<string, Argument>;
  readonly rest: readonly Argument[];
  readonly mistakes: readonly Mistake[];
};

/** Gives each argument to its parameter, as Python does; everything that does not fit is told. `at` is where the call stands. */
export function bindArguments(name: string, callee: Callee, args: readonly Argument[], at: number): Bound {
  const { parameters } = callee;
  if (args.length === 0 && parameters.length === 0) return nothingBound;
  const named = new Map<string, Argument>();
  let rest: Argument[] | undefined;
  let mistakes: Mistake[] | undefined;
  const complain = (mistake: Mistake): void => void (mistakes ??= []).push(mistake);
  let keywordSeen = false;
  let position = 0;
  for (const argument of args) {
    if (argument.name === null) {
      const parameter = parameters[position++];
      if (keywordSeen) {
        const message = `an argument of "${name}" without a name stands after one with a name`;
        complain({ at: argument.at, code: "ARGUMENT_ORDER", message, hint: usage(name, callee) });
      } else if (parameter) {
        named.set(parameter.name, argument);
        checkKind(name, parameter, argument, complain);
      } else if (callee.variadic) (rest ??= []).push(argument);
      else if (position === parameters.length + 1) {
        const message = `"${name}" takes ${plural(parameters.length, "argument")}, ${args.length} were given`;
        complain({ at: argument.at, code: "ARGUMENT_EXTRA", message, hint: usage(name, callee) });
      }
      continue;
    }
    keywordSeen = true;
    const parameter = byName(parameters, argument.name);
    if (parameter === undefined && !callee.anyKeyword) {
      const message = `"${name}" has no argument "${argument.name}"`;
      const near = didYouMean(
        argument.name,
        parameters.map((known) => known.name),
      );
      complain({
        at: argument.at,
        code: "ARGUMENT_UNKNOWN",
        message,
        hint: near ?? usage(name, callee),
      });
    } else if (named.has(argument.name)) {
      const message = `"${argument.name}" is given to "${name}" twice`;
      complain({ at: argument.at, code: "ARGUMENT_TWICE", message });
    } else {
      named.set(argument.name, argument);
      if (parameter) checkKind(name, parameter, argument, complain);
    }
  }
  const misplaced = mistakes?.some(({ code }) => code === "ARGUMENT_ORDER");
  for (const parameter of parameters) {
    if (!parameter.required || named.has(parameter.name) || misplaced) continue;
    const message = `"${name}" needs the argument "${parameter.name}"`;
    complain({ at, code: "ARGUMENT_MISSING", message, hint: usage(name, callee) });
  }
  return { named, rest: rest ?? none, mistakes: mistakes ?? none };
}

/** What is wrong with the arguments of a call. Nearly always nothing, which costs nothing to find. */
export function checkArguments(
  name: string,
  callee: Callee,
  args: readonly Argument[],
  at: number,
): readonly Mistake[] {
  return fits(callee, args) ? none : bindArguments(name, callee, args, at).mistakes;
}

/** Whether there is certainly nothing to complain of: then those without a name stand first. */
export function fits({ parameters, variadic, anyKeyword }: Callee, args: readonly Argument[]): boolean {
  let positional = 0;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    let parameter: Parameter | undefined;
    if (argument.name === null) {
      parameter = parameters[i];
      if ((parameter === undefined && !variadic) || positional++ < i) return false;
    } else {
      for (let k = 0; k < i; k++) if ((args[k]!.name ?? parameters[k]?.name) === argument.name) return false;
      parameter = byName(parameters, argument.name);
      if (parameter === undefined && !anyKeyword) return false;
    }
    if (parameter !== undefined && !hasKind(parameter, argument)) return false;
  }
  for (let i = positional; i < parameters.length; i++) {
    const { name, required } = parameters[i]!;
    if (required && !isGiven(args, name)) return false;
  }
  return true;
}

function isGiven(args: readonly Argument[], name: string): boolean {
  for (const argument of args) if (argument.name === name) return true;
  return false;
}

function byName(parameters: readonly Parameter[], name: string): Parameter | undefined {
  for (const parameter of parameters) if (parameter.name === name) return parameter;
  return undefined;
}

/** Most calls have neither mistakes nor anything beyond their parameters. */
const none: readonly never[] = [];
const nothingBound: Bound = { named: new Map(), rest: none, mistakes: none };

function checkKind(
  callee: string,
  parameter: Parameter,
  argument: Argument,
  complain: (mistake: Mistake) => void,
): void {
  if (hasKind(parameter, argument)) return;
  const kind = kindOf(literalOf(argument.value)!);
  const message = `"${parameter.name}" of "${callee}" is ${kind} where ${parameter.kind} is expected`;
  complain({ at: argument.at, code: "ARGUMENT_TYPE", message });
}

/** Whether a literal is of the kind that is asked for; what is none is only known when it is rendered. */
function hasKind(parameter: Parameter, argument: Argument): boolean {
  if (parameter.kind === undefined) return true;
  const literal = literalOf(argument.value);
  if (literal === undefined || (literal === null && !parameter.required)) return true;
  return kindOf(literal) === parameter.kind;
}

const kindOf = (literal: Json): string =>
  literal === null ? "nothing" : Array.isArray(literal) ? "list" : kinds[typeof literal]!;

const kinds: Record<string, string> = { string: "text", number: "number", boolean: "boolean", object: "map" };

/** `call it as rounded(column, digits=…)` */
function usage(name: string, { parameters, variadic, anyKeyword }: Callee): string {
  const words = parameters.map((parameter) => (parameter.required ? parameter.name : `${parameter.name}=…`));
  if (variadic || anyKeyword) words.push("…");
  return `call it as ${name}(${words.join(", ")})`;
}
