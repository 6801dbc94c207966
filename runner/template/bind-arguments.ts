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
    const parameter = parameters.find((known) => known.name === argument.name);
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

/** Most calls have neither mistakes nor anything beyond their parameters. */
const none: readonly never[] = [];
const nothingBound: Bound = { named: new Map(), rest: none, mistakes: none };

function checkKind(
  callee: string,
  parameter: Parameter,
  argument: Argument,
  complain: (mistake: Mistake) => void,
): void {
  if (parameter.kind === undefined) return;
  const literal = literalOf(argument.value);
  if (literal === undefined || (literal === null && !parameter.required)) return;
  const kind = literal === null ? "nothing" : Array.isArray(literal) ? "list" : kinds[typeof literal]!;
  if (kind === parameter.kind) return;
  const message = `"${parameter.name}" of "${callee}" is ${kind} where ${parameter.kind} is expected`;
  complain({ at: argument.at, code: "ARGUMENT_TYPE", message });
}

const kinds: Record<string, string> = { string: "text", number: "number", boolean: "boolean", object: "map" };

/** `call it as rounded(column, digits=…)` */
function usage(name: string, { parameters, variadic, anyKeyword }: Callee): string {
  const words = parameters.map((parameter) => (parameter.required ? parameter.name : `${parameter.name}=…`));
  if (variadic || anyKeyword) words.push("…");
  return `call it as ${name}(${words.join(", ")})`;
}
