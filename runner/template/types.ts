import type { Json, JsonObject } from "../base/json.ts";
import type { Place, Problem } from "../base/problems.ts";
import type { Arguments } from "./arguments.ts";
import type { Spot } from "./spot.ts";
import type { Sql, Value } from "./values.ts";

/** Where a text comes from; offsets of the nodes of a tree are counted from its beginning. */
export type Source = { readonly file: string; readonly text: string };

/**
 * What stands in a tag. `at` is counted from the `at` of the tag, so that a tag that stands in thousands of files is read once; in what macros
 * were given, and in lists around a use, it is an offset into the {@link Source}.
 */
export type Expr = LiteralExpr | ListExpr | MapExpr | NameExpr | FieldExpr | CallExpr | NotExpr | BinaryExpr;
export type LiteralExpr = {
  readonly kind: "literal";
  readonly at: number;
  readonly value: null | boolean | number | string;
};
export type ListExpr = { readonly kind: "list"; readonly at: number; readonly items: readonly Expr[] };
export type MapExpr = { readonly kind: "map"; readonly at: number; readonly entries: readonly MapEntry[] };
export type MapEntry = { readonly key: string; readonly value: Expr };
/** `target.name` is `["target", "name"]`; `{{.}}`, the item of a section, is `["."]`. */
export type NameExpr = { readonly kind: "name"; readonly at: number; readonly path: readonly string[] };
/** `var('limits').first`: a field of what an expression comes to. */
export type FieldExpr = {
  readonly kind: "field";
  readonly at: number;
  readonly of: Expr;
  readonly name: string;
};
/** `pkg.macro(x)` is called `macro` in the package `pkg`. */
export type CallExpr = {
  readonly kind: "call";
  readonly at: number;
  readonly package: string | null;
  readonly name: string;
  readonly args: readonly Argument[];
};
/** `name` null: by position. */
export type Argument = { readonly name: string | null; readonly at: number; readonly value: Expr };
export type NotExpr = { readonly kind: "not"; readonly at: number; readonly operand: Expr };
export type Operator = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~";
export type BinaryExpr = {
  readonly kind: "binary";
  readonly at: number;
  readonly operator: Operator;
  readonly left: Expr;
  readonly right: Expr;
};

export type TemplateNode = TextNode | OutputNode | SectionNode | PartialNode;
/** `at`: where the text begins in the file. */
export type TextNode = { readonly kind: "text"; readonly at: number; readonly text: string };
export type OutputNode = { readonly kind: "output"; readonly at: number; readonly expr: Expr };
/**
 * `{{#x}}`, `{{^x}}`: as mustache has it, the value becomes the context and a list repeats.
 * `{{#if x}}`, `{{#unless x}}`: only chooses. `{{#each xs as x}}`: only repeats; `item` is null without `as`.
 * `otherwise` is what follows `{{else}}`.
 */
export type SectionNode = {
  readonly kind: "section";
  readonly at: number;
  readonly mode: "section" | "inverted" | "if" | "unless" | "each";
  readonly expr: Expr;
  readonly item: string | null;
  readonly children: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
};
/** `{{> name}}`: a macro whose parameters are taken from the context by their names. `indent` where it stands alone on its line. */
export type PartialNode = {
  readonly kind: "partial";
  readonly at: number;
  readonly name: string;
  readonly indent: string;
};

export type Template = Source & { readonly nodes: readonly TemplateNode[] };
/** With problems, the template is what could be made of the text: good for finding more of them, not for rendering. */
export type ParsedTemplate = { readonly template: Template; readonly problems: readonly Problem[] };

export type Parameter = {
  readonly name: string;
  readonly required: boolean;
  /** What a literal argument is checked against before anything runs. */
  readonly kind?: "text" | "number" | "boolean" | "list" | "map";
};

/** A name that the project's stages supply to templates: its shape, known before anything is rendered. */
export type GlobalSpec = FunctionSpec | ValueSpec;
export type FunctionSpec = {
  readonly kind: "function";
  readonly parameters: readonly Parameter[];
  /** More arguments by position are allowed: `config` in dbt's style, `ref('p', 'm')` has two parameters instead. */
  readonly variadic?: boolean;
  /** Any keyword is allowed: `config(materialized='table')`. */
  readonly anyKeyword?: boolean;
  /** `boolean`: a section of it only chooses, so that names in it are still checked before rendering. */
  readonly returns?: "boolean";
};
/** `fields` missing: which fields there are is known only when rendering. `[]`: it has none. */
export type ValueSpec = {
  readonly kind: "value";
  readonly fields?: readonly string[];
  readonly returns?: "boolean";
};
export type GlobalSpecs = ReadonlyMap<string, GlobalSpec>;

/** `spot`: where it stands. */
export type GlobalCall = { readonly args: Arguments; readonly spot: Spot };
export type GlobalFunction = (call: GlobalCall) => Value;

export type Globals = {
  get(name: string): Value | GlobalFunction | undefined;
  /** What calls came to in templates that these names are for. */
  readonly calls?: CallMemory | undefined;
};

export interface CallMemory {
  find(macro: Macro, args: readonly Argument[]): Sql | undefined;
  /** Grows whenever something is asked for that may mean something else the next time. */
  doubts(): number;
  keep(macro: Macro, args: readonly Argument[], sql: Sql): void;
}

export type LiteralValue = null | boolean | number | string | readonly LiteralValue[];

/** Everything that rendering needs from outside. The spellings are the dialect's. */
export type RenderContext = {
  /** Picks `<engine>__name` among macros. */
  readonly engine: string;
  /** The package of the template: where macros without a package's name are looked for first. null: the project. */
  readonly package?: string | null;
  literal(value: LiteralValue): string;
  quoteIdentifier(name: string): string;
  readonly specs: GlobalSpecs;
  /** A value for each value of `specs`, a function for each function, or `nothing` for one that is called for no answer. */
  readonly globals: Globals;
  /** What script macros see as `this.vars` and `this.target`. */
  readonly vars: JsonObject;
  readonly target: JsonObject;
};

export type MacroParameter = Parameter & { readonly default: Expr | null; readonly at: number };
/** A macro of a `.sql` file: `{{! macro rounded(column, digits=2) }}` and what follows. */
export type MacroDefinition = {
  readonly kind: "sql";
  readonly name: string;
  /** null: the project itself. */
  readonly package: string | null;
  readonly parameters: readonly MacroParameter[];
  readonly template: Template;
  /** The text of the body alone. */
  readonly body: string;
  readonly place: Place;
};
/** A macro of a `.ts` file. */
export type ScriptMacro = {
  readonly kind: "script";
  readonly name: string;
  readonly package: string | null;
  readonly file: string;
  /** The file, and those that it imports from beside it. */
  readonly text: string;
  /** Parameters without which the function cannot be called. */
  readonly required: number;
  readonly call: (this: MacroContext, ...args: readonly Json[]) => unknown;
};
export type Macro = MacroDefinition | ScriptMacro;

/** `this` of a script macro. */
export type MacroContext = {
  readonly engine: string;
  readonly target: JsonObject;
  readonly vars: JsonObject;
  /** A value as SQL: text quoted, lists as `('a', 'b')`. What a macro returns is printed as it is, so data must pass here. */
  literal(value: LiteralValue): string;
  quoteIdentifier(name: string): string;
};

/** A use of a global, in the template itself or in a macro it calls; a bare name is a call without arguments. */
export type CallSite = {
  readonly name: string;
  /** As written, with a macro's parameters replaced by what the caller gave: `literalOf` tells what they are. */
  readonly args: readonly Argument[];
  /** What the places of arguments are counted from. */
  readonly at: number;
  readonly place: Place;
  /** The macro it stands in, or null. */
  readonly viaMacro: string | null;
};
export type Analysis = {
  readonly calls: readonly CallSite[];
  /** Macros used, directly or by each other, after dispatch: `pkg.name` or `name`, sorted. */
  readonly macros: readonly string[];
  /** Of the template's own file; those of macros are told once by `analyseMacros`. */
  readonly problems: readonly Problem[];
};
