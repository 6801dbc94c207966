import { isObject } from "../base/json.ts";
import type { Json } from "../base/json.ts";
import type { Arguments } from "./arguments.ts";
import type { MacroContext, RenderContext, ScriptMacro } from "./types.ts";
import { valueToJson } from "./value-to-json.ts";
import { Sql } from "./values.ts";
import type { Value } from "./values.ts";

/** How often any was called in this process: what it does may depend on more than what it is given. */
export const scriptCalls = { count: 0 };

/** Calls a macro written in TypeScript: values as JSON, keyword arguments as one last object. Whatever it throws is thrown. */
export function callScript(macro: ScriptMacro, given: Arguments, context: RenderContext): Value {
  const args: Json[] = given.rest.map(valueToJson);
  const named = Array.from(given, ([key, value]) => [key, valueToJson(value)] as const);
  if (named.length > 0) args.push(Object.fromEntries(named));
  const self: MacroContext = {
    engine: context.engine,
    target: context.target,
    vars: context.vars,
    literal: (value) => context.literal(value),
    quoteIdentifier: (name) => context.quoteIdentifier(name),
  };
  scriptCalls.count++;
  return fromScript(macro.call.apply(self, args));
}

/** Text is SQL; what is in lists and maps likewise. */
function fromScript(result: unknown): Value {
  if (typeof result === "string") return new Sql(result);
  if (result === null || typeof result === "boolean") return result;
  if (typeof result === "number" && Number.isFinite(result)) return result;
  if (Array.isArray(result)) return result.map(fromScript);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new Error("it returned a promise: a macro gives its answer at once and cannot be async");
  }
  if (isObject(result))
    return new Map(Object.entries(result).map(([key, value]) => [key, fromScript(value)]));
  throw new Error(
    `it returned ${result === undefined ? "nothing" : `a ${typeof result}`}: return text, a number, a list or a map`,
  );
}
