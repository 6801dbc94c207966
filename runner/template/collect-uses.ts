import { didYouMean } from "../base/nearest.ts";
import type { Problem } from "../base/problems.ts";
import { checkArguments } from "./bind-arguments.ts";
import type { Callee, Mistake } from "./bind-arguments.ts";
import { Findings } from "./findings.ts";
import { languageFunctions } from "./language-functions.ts";
import type { MacroLibrary } from "./macro-library.ts";
import { sectionScope } from "./static-scope.ts";
import type { StaticScope } from "./static-scope.ts";
import { shifted, shiftedArguments } from "./substitute.ts";
import type {
  Argument,
  CallExpr,
  Expr,
  GlobalSpecs,
  Macro,
  NameExpr,
  PartialNode,
  Source,
  TemplateNode,
} from "./types.ts";
import { unknownName } from "./unknown-name.ts";

/** `{{#each list as item}}` around a use whose arguments speak of the item; the places of both are offsets into the source. */
export type Loop = { readonly item: string; readonly list: Expr };
/** Is told of each use of a name that something else stands behind: a global, or a macro. */
export interface UseSink {
  /**
   * `from`: what the places of arguments are counted from; `at`: where it stands in the source; `loops`: the outermost first. Not an object: of ten thousand
   * files there would be a hundred thousand, for a moment each.
   */
  use(
    name: string,
    macro: Macro | null,
    args: readonly Argument[],
    from: number,
    at: number,
    loops: readonly Loop[],
  ): void;
}

/** Finds all uses in a template, in the branches that will not be taken too, and every name or argument that is wrong. */
export function collectUses(
  source: Source,
  nodes: readonly TemplateNode[],
  parameters: readonly string[],
  packageName: string | null,
  library: MacroLibrary,
  specs: GlobalSpecs,
  sink: UseSink,
): readonly Problem[] {
  const collector = new Collector(source, packageName, library, specs, sink);
  collector.nodes(nodes, parameters.length === 0 ? nowhere : { names: new Set(parameters), open: false });
  return collector.findings.problems;
}

/** Within nothing, where only what stands behind all templates has a name. */
const nowhere: StaticScope = { names: new Set(), open: false };
const noLoops: readonly Loop[] = [];
const noArguments: readonly Argument[] = [];

class Collector {
  readonly findings: Findings;
  readonly #sink: UseSink;
  readonly #package: string | null;
  readonly #library: MacroLibrary;
  readonly #specs: GlobalSpecs;
  #loops = noLoops;
  /** Where the tag begins that is looked into. */
  #tag = 0;

  constructor(
    source: Source,
    packageName: string | null,
    library: MacroLibrary,
    specs: GlobalSpecs,
    sink: UseSink,
  ) {
    this.#sink = sink;
    this.findings = new Findings(source);
    this.#package = packageName;
    this.#library = library;
    this.#specs = specs;
  }

  nodes(nodes: readonly TemplateNode[], scope: StaticScope): void {
    for (const node of nodes) {
      this.#tag = node.at;
      switch (node.kind) {
        case "text":
          break;
        case "output":
          this.#expr(node.expr, scope);
          break;
        case "partial":
          this.#partial(node, scope);
          break;
        case "section": {
          this.#expr(node.expr, scope);
          const loops = this.#loops;
          if (node.item !== null)
            this.#loops = [...loops, { item: node.item, list: shifted(node.expr, node.at) }];
          this.nodes(node.children, sectionScope(scope, node, this.#specs));
          this.#loops = loops;
          this.nodes(node.otherwise, scope);
          break;
        }
      }
    }
  }

  #expr(expr: Expr, scope: StaticScope): void {
    switch (expr.kind) {
      case "literal":
        break;
      case "list":
        for (const item of expr.items) this.#expr(item, scope);
        break;
      case "map":
        for (const { value } of expr.entries) this.#expr(value, scope);
        break;
      case "not":
        this.#expr(expr.operand, scope);
        break;
      case "field":
        this.#expr(expr.of, scope);
        break;
      case "binary":
        this.#expr(expr.left, scope);
        this.#expr(expr.right, scope);
        break;
      case "name":
        this.#name(expr, scope);
        break;
      case "call":
        this.#call(expr, scope);
        break;
    }
  }

  #name(expr: NameExpr, scope: StaticScope): void {
    const [head, field] = expr.path as [string, ...string[]];
    if (scope.names.has(head)) return;
    const spec = this.#specs.get(head);
    if (spec?.kind === "value") {
      this.#use(head, null, noArguments, expr.at);
      if (field === undefined || spec.fields === undefined || spec.fields.includes(field)) return;
      const hint = didYouMean(field, spec.fields) ?? `it has ${spec.fields.join(", ") || "no fields"}`;
      this.#report({
        at: expr.at,
        code: "FIELD_UNKNOWN",
        message: `"${head}" has no field "${field}"`,
        hint,
      });
      return;
    }
    const callee = spec ?? languageFunctions.get(head)?.spec;
    const macro = callee === undefined ? this.#library.find(head, null, this.#package) : undefined;
    if (callee === undefined && macro === undefined) {
      // Within a section of something that only rendering knows, the name may be a field of it.
      if (!scope.open) this.#unknown(expr, expr.path, scope);
      return;
    }
    // The same holds for a field that has the name of a function with arguments: `{{name}}` beside a macro `name(x)`.
    const needsArguments = macro ? requires(macro) : callee!.parameters.some(({ required }) => required);
    if (scope.open && needsArguments) return;
    this.#checked(head, macro ?? null, noArguments, expr.at);
  }

  #call(expr: CallExpr, scope: StaticScope): void {
    for (const { value } of expr.args) this.#expr(value, scope);
    const { name, package: packageName, args, at } = expr;
    const spec = packageName === null ? this.#specs.get(name) : undefined;
    if (spec?.kind === "value") {
      const message = `"${name}" is a value and cannot be called`;
      this.#report({ at, code: "NAME_NOT_CALLABLE", message, hint: `write {{ ${name} }}` });
    } else if (spec !== undefined || (packageName === null && languageFunctions.has(name))) {
      this.#checked(name, null, args, at);
    } else {
      const macro = this.#library.find(name, packageName, this.#package);
      if (macro) this.#checked(name, macro, args, at);
      else this.#unknown(expr, packageName === null ? [name] : [packageName, name], scope);
    }
  }

  #partial(node: PartialNode, scope: StaticScope): void {
    const [name = "", packageName = null] = node.name.split(".").toReversed();
    const macro = this.#library.find(name, packageName, this.#package);
    if (macro?.kind === "sql") {
      const args = macro.parameters
        .filter((parameter) => scope.names.has(parameter.name) || (scope.open && parameter.required))
        .map(({ name: own }) => ({
          name: own,
          at: 0,
          value: { kind: "name", at: 0, path: [own] } as const,
        }));
      this.#checked(name, macro, args, 0);
    } else if (macro) {
      const message = `"${node.name}" is a script macro and has no text to include`;
      this.#report({ at: 0, code: "NAME_NOT_CALLABLE", message, hint: `write {{ ${node.name}(…) }}` });
    } else this.#unknown(null, [...(packageName === null ? [] : [packageName]), name], scope);
  }

  #checked(name: string, macro: Macro | null, args: readonly Argument[], at: number): void {
    const callee = macro ? calleeOf(macro) : (this.#specs.get(name) ?? languageFunctions.get(name)?.spec);
    if (callee !== undefined && "parameters" in callee) {
      for (const mistake of checkArguments(name, callee, args, at)) this.#report(mistake);
    }
    if (macro?.kind === "script")
      for (const mistake of scriptMistakes(macro, args, at)) this.#report(mistake);
    if (macro !== null || !languageFunctions.has(name)) this.#use(name, macro, args, at);
  }

  #use(name: string, macro: Macro | null, args: readonly Argument[], at: number): void {
    const tag = this.#tag;
    const loops = this.#loops;
    if (loops.length === 0) this.#sink.use(name, macro, args, tag, tag + at, loops);
    else this.#sink.use(name, macro, shiftedArguments(args, tag), 0, tag + at, loops);
  }

  /** `expr` null: it is the whole tag. */
  #unknown(expr: NameExpr | CallExpr | null, path: readonly string[], scope: StaticScope): void {
    const names = expr?.kind === "name" ? [...scope.names] : [];
    this.#report({ at: expr?.at ?? 0, ...unknownName(path, names, this.#specs, this.#library) });
  }

  #report({ at, code, message, hint }: Mistake): void {
    this.findings.add(this.#tag + at, code, message, hint);
  }
}

const requires = (macro: Macro): boolean =>
  macro.kind === "sql" ? macro.parameters.some(({ required }) => required) : macro.required > 0;

/** What the arguments of a macro are checked against; of a script only their number is known. */
export function calleeOf(macro: Macro): Callee {
  return macro.kind === "sql" ? macro : { parameters: [], variadic: true, anyKeyword: true };
}

/** Keyword arguments come to a script as one last object. */
export function scriptMistakes(
  macro: Macro & { kind: "script" },
  args: readonly Argument[],
  at: number,
): Mistake[] {
  const positional = args.filter(({ name }) => name === null).length;
  const given = positional + (positional < args.length ? 1 : 0);
  if (given >= macro.required) return [];
  const message = `"${macro.name}" needs ${macro.required} arguments, ${given} were given`;
  return [{ at, code: "ARGUMENT_MISSING", message, hint: `see ${macro.file}` }];
}
