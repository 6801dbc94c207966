import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { mistake, spotIn, within } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { Evaluator } from "./evaluate.ts";
import { isTruthy, itemsOf, kindOf } from "./inspect-value.ts";
import { placeOf } from "./macro-library.ts";
import type { MacroLibrary } from "./macro-library.ts";
import { printSql } from "./print-sql.ts";
import { GivenScope, ItemScope, SectionScope, lookUp } from "./scopes.ts";
import type {
  Argument,
  Macro,
  PartialNode,
  RenderContext,
  SectionNode,
  Template,
  TemplateNode,
} from "./types.ts";
import { unknownName } from "./unknown-name.ts";
import { isList, textOf } from "./value-to-json.ts";
import { Data, Gap, Identifier, Sql } from "./values.ts";
import type { Hole, Part, Value } from "./values.ts";

/** Template to SQL. Throws a ProjectError with the place of what went wrong. `bound`: what names mean there besides. */
export function renderTemplate(
  template: Template,
  library: MacroLibrary,
  context: RenderContext,
  bound?: ReadonlyMap<string, Value>,
): string {
  const { nodes, file } = template;
  const only = nodes[0];
  if (nodes.length === 1 && only?.kind === "text") return only.text;
  const env: Environment = {
    source: template,
    tag: 0,
    scope: bound === undefined ? null : new GivenScope(bound),
    frame: null,
    depth: 0,
    package: context.package ?? null,
  };
  const out: Part[] = [];
  new Renderer(library, context).nodes(nodes, env, out);
  return printSql(out, context, { file, line: 1, column: 1 });
}

/** By its name, or `package.name`. */
export function macroCalled(name: string, library: MacroLibrary): Macro | undefined {
  const [own = "", packageName = null] = name.split(".").toReversed();
  return library.find(own, packageName);
}

/**
 * What a macro comes to when called from outside any template, with arguments by name or in their order: `run-operation`,
 * `generate_schema_name`. Throws a UsageError when there is no such macro, a ProjectError for what is wrong within it or with the arguments.
 */
export function renderMacro(
  name: string,
  args: Readonly<Record<string, Value>> | readonly Value[],
  library: MacroLibrary,
  context: RenderContext,
): string {
  const macro = macroCalled(name, library);
  if (macro === undefined) {
    throw new UsageError("MACRO_UNKNOWN", `no macro is named "${name}"`, didYouMean(name, library.names()));
  }
  const place = placeOf(macro);
  const scope = new GivenScope(new Map(Object.entries(args)));
  const source = { file: place.file, text: "" };
  const env: Environment = {
    source,
    tag: 0,
    scope,
    frame: null,
    depth: 0,
    package: context.package ?? null,
  };
  const given = Object.keys(args).map((key) => ({ ...named(key), ...(isList(args) && { name: null }) }));
  const out: Part[] = [];
  const renderer = new Renderer(library, context);
  renderer.print(renderer.evaluator.callMacro(macro, given, 0, env), env, out);
  return printSql(out, context, place);
}

/** An argument that is whatever has its name where it stands. */
function named(name: string): Argument {
  return { name, at: 0, value: { kind: "name", at: 0, path: [name] } };
}

/** Nodes to parts of SQL; data stays data until everything around it is known. */
class Renderer {
  readonly evaluator: Evaluator;
  readonly #library: MacroLibrary;
  readonly #context: RenderContext;

  constructor(library: MacroLibrary, context: RenderContext) {
    this.#library = library;
    this.#context = context;
    this.evaluator = new Evaluator(library, context, (macro, env) => {
      const out: Part[] = [];
      this.nodes(macro.template.nodes, env, out);
      return out;
    });
  }

  nodes(nodes: readonly TemplateNode[], env: Environment, out: Part[]): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      env.tag = node.at;
      switch (node.kind) {
        case "text":
          out.push(node.text);
          break;
        case "output":
          this.print(this.evaluator.evaluate(node.expr, env), env, out);
          break;
        case "section":
          this.#section(node, env, out);
          break;
        case "partial":
          this.#partial(node, env, out);
          break;
      }
    }
  }

  print(value: Value, env: Environment, out: Part[]): void {
    if (value instanceof Sql) {
      const { parts } = value;
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i]!;
        if (typeof part === "string" || part instanceof Gap || part.spot !== null) out.push(part);
        else out.push(hole(part.value, env));
      }
    } else if (value instanceof Data || value instanceof Identifier) out.push(hole(value, env));
    else if (isList(value)) {
      const hint = "write join(list, ', '), literal(list), or {{#each list as item}}…{{/each}}";
      throw mistake(env, 0, "VALUE_KIND", "a list cannot be printed", hint);
    } else if (value instanceof Map) {
      throw mistake(env, 0, "VALUE_KIND", "a map cannot be printed", "name one of its fields: x.name");
    } else out.push(textOf(value));
  }

  #section(section: SectionNode, env: Environment, out: Part[]): void {
    const { mode, expr, children, otherwise, item } = section;
    const value = this.evaluator.evaluate(expr, env);
    const truthy = isTruthy(value);
    if (mode === "inverted" || mode === "unless") return this.nodes(truthy ? otherwise : children, env, out);
    const items = mode === "if" ? undefined : itemsOf(value);
    if (mode === "each" && items === undefined && value !== null) {
      const message = `"each" takes a list, ${kindOf(value)} was given`;
      throw mistake(env, 0, "VALUE_KIND", message, "write {{#if x}} or {{#x}} for anything else");
    }
    if (!truthy) return this.nodes(otherwise, env, out);
    if (mode === "if" || value === true) return this.nodes(children, env, out);
    if (items === undefined)
      return this.nodes(children, within(env, new SectionScope(value, env.scope)), out);
    const last = items.length - 1;
    for (let i = 0; i <= last; i++)
      this.nodes(children, within(env, new ItemScope(item, items[i]!, i, i === last, env.scope)), out);
  }

  /** A macro whose parameters are looked up by their names where it stands; its lines keep the indentation of the tag. */
  #partial({ name, indent }: PartialNode, env: Environment, out: Part[]): void {
    const [own = "", packageName = null] = name.split(".").toReversed();
    const macro = this.#library.find(own, packageName, env.package);
    if (macro?.kind !== "sql") {
      const { code, message, hint } = unknownName(name.split("."), [], this.#context.specs, this.#library);
      throw mistake(env, 0, code, message, hint);
    }
    const args = macro.parameters
      .filter((parameter) => lookUp(env.scope, parameter.name) !== undefined)
      .map((parameter) => named(parameter.name));
    const value = this.evaluator.callMacro(macro, args, 0, env);
    const parts = value instanceof Sql ? value.parts : [];
    for (const part of parts) {
      out.push(typeof part === "string" && indent !== "" ? part.replaceAll("\n", `\n${indent}`) : part);
    }
  }
}

const hole = (value: Hole["value"], env: Environment): Hole => ({ value, spot: spotIn(env, 0) });
