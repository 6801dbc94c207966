import type { Json } from "../base/json.ts";
import { ProjectError } from "../base/errors.ts";
import type { Project, Target } from "../project/types.ts";
import { withGlobals } from "../template/globals.ts";
import { literalOf } from "../template/literal-of.ts";
import { renderTemplate } from "../template/render-template.ts";
import type { CallSite, GlobalCall, GlobalFunction, RenderContext, Template } from "../template/types.ts";
import { Data, Identifier, nothing } from "../template/values.ts";
import type { Value } from "../template/values.ts";
import { textOf, valueToJson } from "../template/value-to-json.ts";
import { globalSpecs } from "./specs.ts";
import type { Workshop } from "./workshop.ts";

/** What is known while a project is parsed. */
export type ParseScope = Pick<Workshop, "env" | "package" | "library"> & {
  readonly project: {
    readonly vars: Project["vars"];
    readonly target: Pick<Target, "name" | "type" | "schema" | "threads">;
  };
};

/** The keyword arguments of a call as JSON, before anything is compiled: literals, vars, environment variables and the target are known. */
export function evaluateArguments(
  workshop: ParseScope,
  template: Template,
  site: CallSite,
): Record<string, Json> {
  const result: Record<string, Json> = {};
  const rest = [];
  for (const argument of site.args) {
    const literal = literalOf(argument.value);
    if (argument.name !== null && literal !== undefined) result[argument.name] = literal;
    else rest.push(argument);
  }
  if (rest.length === 0) return result;
  let captured: Iterable<readonly [name: string, value: Value]> = [];
  const capture: GlobalFunction = ({ args }) => {
    captured = args;
    return nothing;
  };
  const context = parseContext(workshop);
  const call = { kind: "call", at: rest[0]!.at, package: null, name: "config", args: rest } as const;
  renderTemplate({ ...template, nodes: [{ kind: "output", at: site.at, expr: call }] }, workshop.library, {
    ...context,
    globals: withGlobals(context.globals, { config: capture }),
  });
  for (const [name, value] of captured) result[name] = valueToJson(value);
  return result;
}

/** For macros that come to a name: whatever they print is text, not SQL. */
export const namingContext = (workshop: ParseScope): RenderContext => ({
  ...parseContext(workshop),
  literal: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  quoteIdentifier: (identifier) => identifier,
});

const contexts = new WeakMap<ParseScope, RenderContext>();

/** The same for all templates of a package. */
function parseContext(workshop: ParseScope): RenderContext {
  let context = contexts.get(workshop);
  if (context === undefined) contexts.set(workshop, (context = makeContext(workshop)));
  return context;
}

function makeContext(workshop: ParseScope): RenderContext {
  const { project, env } = workshop;
  const { name, type, schema, threads } = project.target;
  const target = { name, type, schema, threads };
  const unknown: GlobalFunction = ({ spot }) => {
    const message = "only vars, environment variables and the target are known while the project is parsed";
    throw new ProjectError([{ ...spot.place(), code: "CONFIG_DYNAMIC", message }]);
  };
  const known = new Map<string, Value | GlobalFunction>([
    ["config", () => nothing],
    ["var", varFunction(project.vars)],
    ["env_var", envFunction(env)],
    ["target", targetValue(project.target)],
    ["invocation_id", new Data("")],
    ["run_started_at", new Data("")],
    ["this", nothing],
    ["execute", false],
  ]);
  return {
    engine: type,
    package: workshop.package,
    literal: (value) => JSON.stringify(value),
    quoteIdentifier: (identifier) => JSON.stringify(identifier),
    specs: globalSpecs,
    globals: new Map([...globalSpecs.keys()].map((key) => [key, known.get(key) ?? unknown])),
    vars: project.vars,
    target,
  };
}

/** `var('name', default)`. */
export function varFunction(vars: Readonly<Record<string, Json>>): GlobalFunction {
  return ({ args, spot }) => {
    const name = nameOf(args);
    if (Object.hasOwn(vars, name)) return new Data(vars[name]!);
    return defaultOf(args) ?? missing("VAR_UNKNOWN", `no var is named "${name}"`, spot);
  };
}

/** `env_var('NAME', default)`: always text. */
export function envFunction(env: Readonly<Record<string, string | undefined>>): GlobalFunction {
  return ({ args, spot }) => {
    const name = nameOf(args);
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) return new Data(value);
    return defaultOf(args) ?? missing("ENV_MISSING", `the environment variable "${name}" is not set`, spot);
  };
}

/** A default is data like what it stands for, or the same var would print in two ways. */
function defaultOf(args: GlobalCall["args"]): Data | undefined {
  return args.has("default") ? new Data(valueToJson(args.get("default")!)) : undefined;
}

/** `target.name` and its other fields are data; the schema is a name, so that `{{ target.schema }}.my_table` is one. */
export function targetValue({
  name,
  type,
  schema,
  threads,
}: Pick<Target, "name" | "type" | "schema" | "threads">): Value {
  return new Map<string, Value>([
    ["name", new Data(name)],
    ["type", new Data(type)],
    ["schema", new Identifier(schema)],
    ["threads", threads],
  ]);
}

const nameOf = (args: GlobalCall["args"]): string => textOf(args.get("name") ?? null);

function missing(code: string, message: string, spot: GlobalCall["spot"]): never {
  const { file, line, column } = spot.place();
  throw new ProjectError([
    { file, line, column, code, message, hint: "set it, or give a default as the second argument" },
  ]);
}
