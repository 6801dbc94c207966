import type { Problem } from "../base/problems.ts";
import { Recent } from "../base/recent.ts";
import { Sites, unroll } from "./call-sites.ts";
import type { Flat, Flattened, Site } from "./call-sites.ts";
import { collectUses } from "./collect-uses.ts";
import type { UseSink } from "./collect-uses.ts";
import { reserved } from "./macro-library.ts";
import type { MacroLibrary } from "./macro-library.ts";
import { mentions } from "./substitute.ts";
import type { Analysis, GlobalSpecs, Macro, Template } from "./types.ts";

/** What a template of a package (null: of the project) uses and what is wrong with it, without rendering. */
export function analyse(
  template: Template,
  library: MacroLibrary,
  specs: GlobalSpecs,
  packageName: string | null = null,
): Analysis {
  const knowledge = known(library, specs);
  const found = new Sites(template, null, knowledge);
  const problems = collectUses(template, template.nodes, [], packageName, library, specs, found);
  const { sites, macros, loops } = found;
  return { calls: loops ? sites.flatMap(unroll) : sites, macros: knowledge.shared(macros), problems };
}

/** What is wrong within the macros themselves; once a project. */
export function analyseMacros(library: MacroLibrary, specs: GlobalSpecs): Problem[] {
  const knowledge = known(library, specs);
  return library.own.flatMap((macro) => [
    ...(specs.has(macro.name) ? [reserved(macro)] : []),
    ...knowledge.collect(macro, nobody),
  ]);
}

const nobody: UseSink = { use: () => undefined };

/** Whether a macro comes to use the same whatever it is given, so that its calls need not be looked into one by one. */
export function isIndifferent(macro: Macro, library: MacroLibrary, specs: GlobalSpecs): boolean {
  const { sites, fixed } = known(library, specs).flat(macro);
  return sites.length === fixed.size;
}

/** Whether a call is the same whatever the macro that it stands in is given. */
const isFixed = ({ args, loops }: Site, macro: Macro): boolean =>
  macro.kind === "script" ||
  (loops.length === 0 &&
    !args.some(({ value }) => macro.parameters.some(({ name }) => mentions(value, name))));

/** What is found out about each macro is kept: ten thousand models call the same few. */
class Knowledge implements Flattened {
  readonly #library: MacroLibrary;
  readonly #specs: GlobalSpecs;
  readonly #flat = new Map<Macro, Flat>();
  readonly #lists = new Recent<readonly string[]>(1000);
  /** Macros whose uses are being found out, the outermost first. */
  readonly #active: Macro[] = [];
  /** The outermost active macro that one of those inside was found to call. */
  #reached = Infinity;

  constructor(library: MacroLibrary, specs: GlobalSpecs) {
    this.#library = library;
    this.#specs = specs;
  }

  /** These names in order: templates that use the same macros have one list of them. */
  shared(names: readonly string[]): readonly string[] {
    if (names.length === 0) return none;
    const key = names.length === 1 ? names[0]! : names.join(" ");
    let found = this.#lists.get(key);
    if (found === undefined) this.#lists.set(key, (found = names.toSorted()));
    return found;
  }

  /** Hands over what a macro uses itself, and tells what is wrong in it. */
  collect(macro: Macro, sink: UseSink): readonly Problem[] {
    if (macro.kind === "script") return none;
    const { template, parameters } = macro;
    const names = parameters.map(({ name }) => name);
    return collectUses(template, template.nodes, names, macro.package, this.#library, this.#specs, sink);
  }

  /** Everything the macro comes to use, in terms of its own parameters. A macro that calls itself adds nothing by that. */
  flat(macro: Macro): Flat {
    const kept = this.#flat.get(macro);
    if (kept !== undefined) return kept;
    const depth = this.#active.indexOf(macro);
    if (depth !== -1) {
      this.#reached = Math.min(this.#reached, depth);
      return { sites: [], fixed: new Set(), macros: [] };
    }
    const own = this.#active.push(macro) - 1;
    const inside = new Sites(macro.kind === "sql" ? macro.template : macro, macro, this);
    this.collect(macro, inside);
    const { sites, macros } = inside;
    const found = { sites, macros, fixed: new Set(sites.filter((site) => isFixed(site, macro))) };
    this.#active.pop();
    // What calls back to a macro further out is whole only as a part of that one.
    if (this.#reached >= own) {
      this.#reached = Infinity;
      this.#flat.set(macro, found);
    }
    return found;
  }
}

const none: readonly never[] = [];

const knowledges = new WeakMap<MacroLibrary, WeakMap<GlobalSpecs, Knowledge>>();
function known(library: MacroLibrary, specs: GlobalSpecs): Knowledge {
  let kept = knowledges.get(library);
  if (kept === undefined) knowledges.set(library, (kept = new WeakMap()));
  let knowledge = kept.get(specs);
  if (knowledge === undefined) kept.set(specs, (knowledge = new Knowledge(library, specs)));
  return knowledge;
}
