import type { Arguments } from "../../../../runner/template/arguments.ts";
import { analyse, analyseMacros } from "../../../../runner/template/analyse.ts";
import { createMacroLibrary } from "../../../../runner/template/macro-library.ts";
import type { MacroLibrary } from "../../../../runner/template/macro-library.ts";
import { parseMacroFile } from "../../../../runner/template/parse-macro-file.ts";
import { parseTemplate } from "../../../../runner/template/parse-template.ts";
import { renderTemplate } from "../../../../runner/template/render-template.ts";
import type {
  Analysis,
  GlobalFunction,
  GlobalSpec,
  GlobalSpecs,
  LiteralValue,
  RenderContext,
  ScriptMacro,
} from "../../../../runner/template/types.ts";
import type { Json } from "../../../../runner/base/json.ts";
import { ProjectError } from "../../../../runner/base/errors.ts";
import type { Problem } from "../../../../runner/base/problems.ts";
import { textOf, valueToJson } from "../../../../runner/template/value-to-json.ts";
import { Data, Identifier, Sql, nothing } from "../../../../runner/template/values.ts";
import type { Value } from "../../../../runner/template/values.ts";

/** A small project's worth of names, so that templates can be tried out by themselves. */
export const specs: GlobalSpecs = new Map<string, GlobalSpec>([
  ["ref", { kind: "function", parameters: [text("name"), optional("model")] }],
  ["source", { kind: "function", parameters: [text("source"), text("table")] }],
  ["var", { kind: "function", parameters: [text("name"), optional("default")] }],
  ["config", { kind: "function", parameters: [], anyKeyword: true }],
  ["is_incremental", { kind: "function", parameters: [], returns: "boolean" }],
  ["this", { kind: "value", fields: ["schema", "identifier"] }],
  ["target", { kind: "value", fields: ["name", "schema", "threads"] }],
]);

function text(name: string): { name: string; required: true; kind: "text" } {
  return { name, required: true, kind: "text" };
}
function optional(name: string): { name: string; required: false } {
  return { name, required: false };
}

export type Bench = {
  readonly vars?: { readonly [name: string]: Json };
  readonly macros?: string;
  readonly scripts?: readonly ScriptMacro[];
  readonly engine?: string;
  readonly incremental?: boolean;
};

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export function literal(value: LiteralValue): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "object" && value !== null) return `(${value.map(literal).join(", ")})`;
  return String(value);
}

export function context(bench: Bench = {}): RenderContext {
  const { vars = {}, engine = "duckdb", incremental = false } = bench;
  const relation = (schema: string, name: string): Sql =>
    new Sql(
      `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      new Map([
        ["schema", new Identifier(schema)],
        ["identifier", new Identifier(name)],
      ]),
    );
  const target = { name: "dev", schema: "main", threads: 4 };
  const textArgument = (args: Arguments, name: string): string => textOf(args.get(name) ?? null);
  const globals = new Map<string, Value | GlobalFunction>([
    ["ref", ({ args }) => relation("main", textArgument(args, args.has("model") ? "model" : "name"))],
    ["source", ({ args }) => relation(textArgument(args, "source"), textArgument(args, "table"))],
    ["config", () => nothing],
    ["is_incremental", () => incremental],
    ["this", relation("main", "me")],
    ["target", new Data(target)],
    [
      "var",
      ({ args, spot }) => {
        const value = vars[textArgument(args, "name")];
        if (value !== undefined) return new Data(value);
        if (args.has("default")) return new Data(valueToJson(args.get("default")!));
        throw new ProjectError([{ ...spot.place(), code: "VAR_UNKNOWN", message: "no such var" }]);
      },
    ],
  ]);
  return { engine, literal, quoteIdentifier, specs, globals, vars, target };
}

export function library(bench: Bench = {}): { library: MacroLibrary; problems: Problem[] } {
  const { macros, problems } = parseMacroFile("macros/m.sql", bench.macros ?? "");
  const made = createMacroLibrary(bench.engine ?? "duckdb", [...macros, ...(bench.scripts ?? [])]);
  return {
    library: made.library,
    problems: [...problems, ...made.problems, ...analyseMacros(made.library, specs)],
  };
}

/** Parsed, analysed and rendered as the runner does it; all problems of a stage are thrown together. */
export function render(template: string, bench: Bench = {}): string {
  const { library: made, problems } = library(bench);
  const parsed = parseTemplate("models/m.sql", template);
  const analysis = analyse(parsed.template, made, specs);
  const all = [...problems, ...parsed.problems, ...analysis.problems];
  if (all.length > 0) throw new ProjectError(all);
  return renderTemplate(parsed.template, made, context(bench));
}

export function analysis(template: string, bench: Bench = {}): Analysis {
  return analyse(parseTemplate("models/m.sql", template).template, library(bench).library, specs);
}

/** `line:column CODE` of everything that is wrong. */
export function mistakes(template: string, bench: Bench = {}): string[] {
  return thrown(template, bench).map(({ line, column, code }) => `${line}:${column} ${code}`);
}

/** Everything that is wrong, as it would be told. */
export function thrown(template: string, bench: Bench = {}): readonly Problem[] {
  try {
    render(template, bench);
  } catch (error) {
    if (error instanceof ProjectError) return error.problems;
    throw error;
  }
  return [];
}
