import type { Problem } from "../base/problems.ts";
import { Recent } from "../base/recent.ts";
import { bindArguments } from "./bind-arguments.ts";
import { collectUses } from "./collect-uses.ts";
import type { Loop, Use, Uses } from "./collect-uses.ts";
import { qualifiedName, reserved } from "./macro-library.ts";
import type { MacroLibrary } from "./macro-library.ts";
import { PlaceFinder } from "./place-finder.ts";
import { mentions, shiftedArguments, substitute, substituteArguments } from "./substitute.ts";
import type { Bindings } from "./substitute.ts";
import type { Analysis, Argument, CallSite, Expr, GlobalSpecs, Macro, Source, Template } from "./types.ts";

/** What a template of a package (null: of the project) uses and what is wrong with it, without rendering. */
export function analyse(
  template: Template,
  library: MacroLibrary,
  specs: GlobalSpecs,
  packageName: string | null = null,
): Analysis {
  const { uses, problems } = collectUses(template, template.nodes, [], packageName, library, specs);
  if (uses.length === 0) return { calls: [], macros: [], problems };
  const knowledge = known(library, specs);
  const { sites, macros } = flatten(uses, template, null, knowledge);
  const calls = sites.every(({ loops }) => loops.length === 0) ? sites : sites.flatMap(unroll);
  return { calls, macros: knowledge.shared(macros), problems };
}

/** What is wrong within the macros themselves; once a project. */
export function analyseMacros(library: MacroLibrary, specs: GlobalSpecs): Problem[] {
  const knowledge = known(library, specs);
  return library.own.flatMap((macro) => [
    ...(specs.has(macro.name) ? [reserved(macro)] : []),
    ...knowledge.uses(macro).problems,
  ]);
}

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

/** A call site that may still stand in a loop over a list that the caller gives. */
type Site = CallSite & { readonly loops: readonly Loop[] };
type Flat = {
  readonly sites: readonly Site[];
  /** Those of `sites` that are the same whatever the macro is given. */
  readonly fixed: ReadonlySet<Site>;
  readonly macros: readonly string[];
};

/** What is found out about each macro is kept: ten thousand models call the same few. */
class Knowledge {
  readonly #library: MacroLibrary;
  readonly #specs: GlobalSpecs;
  readonly #uses = new Map<Macro, Uses>();
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
    const key = names.length === 1 ? names[0]! : names.join(" ");
    let found = this.#lists.get(key);
    if (found === undefined) this.#lists.set(key, (found = names.toSorted()));
    return found;
  }

  uses(macro: Macro): Uses {
    if (macro.kind === "script") return { uses: [], problems: [] };
    let found = this.#uses.get(macro);
    if (found === undefined) {
      const names = macro.parameters.map(({ name }) => name);
      const { template } = macro;
      found = collectUses(template, template.nodes, names, macro.package, this.#library, this.#specs);
      this.#uses.set(macro, found);
    }
    return found;
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
    const { sites, macros } = flatten(
      this.uses(macro).uses,
      macro.kind === "sql" ? macro.template : macro,
      macro,
      this,
    );
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

const knowledges = new WeakMap<
  MacroLibrary,
  { readonly specs: GlobalSpecs; readonly knowledge: Knowledge }
>();
function known(library: MacroLibrary, specs: GlobalSpecs): Knowledge {
  const kept = knowledges.get(library);
  if (kept?.specs === specs) return kept.knowledge;
  const knowledge = new Knowledge(library, specs);
  knowledges.set(library, { specs, knowledge });
  return knowledge;
}

/** Uses in `source`, and all that the macros among them come to use. */
function flatten(
  uses: readonly Use[],
  source: Source,
  within: Macro | null,
  knowledge: Knowledge,
): Pick<Flat, "sites" | "macros"> {
  const places = new PlaceFinder(source);
  const sites: Site[] = [];
  const macros: string[] = [];
  // The same call reached twice in the same way counts once, so that macros calling macros do not multiply.
  let seen: Set<string> | undefined;
  for (const { name, macro, args, from, at, loops } of uses) {
    if (macro === null) {
      const place = places.at(at);
      sites.push(
        within === null
          ? { name, args, at: from, place, viaMacro: null, loops: relevant(loops, args) }
          : {
              name,
              args: shiftedArguments(args, from),
              at: 0,
              place,
              viaMacro: qualifiedName(within),
              loops: relevant(loops, args),
            },
      );
      continue;
    }
    const own = qualifiedName(macro);
    if (!macros.includes(own)) macros.push(own);
    const inner = knowledge.flat(macro);
    for (const used of inner.macros) if (!macros.includes(used)) macros.push(used);
    let bindings: Bindings | undefined;
    for (const site of inner.sites) {
      const given = inner.fixed.has(site)
        ? site
        : withBindings(site, (bindings ??= bind(macro, shiftedArguments(args, from))));
      const outer = relevant(loops, given.args, given.loops);
      const reached = outer.length === 0 ? given : { ...given, loops: [...outer, ...given.loops] };
      const key = keyOf(reached);
      seen ??= new Set();
      if (seen.has(key)) continue;
      seen.add(key);
      sites.push(reached);
    }
  }
  return { sites, macros };
}

const keys = new WeakMap<Site, string>();

/** Sites that are the same whatever a macro is given are the same objects in ten thousand templates. */
function keyOf(site: Site): string {
  let key = keys.get(site);
  if (key === undefined) {
    key = JSON.stringify([site.place, site.name, site.args, site.loops]);
    keys.set(site, key);
  }
  return key;
}

function bind(macro: Macro, args: readonly Argument[]): Bindings {
  const bindings = new Map<string, Expr>();
  if (macro.kind === "script") return bindings;
  const { named } = bindArguments(macro.name, macro, args, 0);
  for (const { name, default: fallback } of macro.parameters) {
    const missing = { kind: "name", at: 0, path: ["?"] } as const;
    bindings.set(name, named.get(name)?.value ?? fallback ?? missing);
  }
  return bindings;
}

/** Items of loops hide parameters of their name. */
function withBindings(site: Site, bindings: Bindings): Site {
  if (site.args.length === 0 || bindings.size === 0) return site;
  const visible = new Map(bindings);
  const loops = site.loops.map(({ item, list }) => {
    const loop = { item, list: substitute(list, visible) };
    visible.delete(item);
    return loop;
  });
  return { ...site, args: substituteArguments(site.args, visible), loops };
}

const noLoops: readonly Loop[] = [];

/** The loops whose items the arguments, or the lists of inner loops, speak of. */
function relevant(
  loops: readonly Loop[],
  args: readonly Argument[],
  inner: readonly Loop[] = [],
): readonly Loop[] {
  if (loops.length === 0) return noLoops;
  const spoken = [...args.map(({ value }) => value), ...inner.map(({ list }) => list)];
  const kept: Loop[] = [];
  for (const loop of loops.toReversed()) {
    if (!spoken.some((expr) => mentions(expr, loop.item))) continue;
    kept.unshift(loop);
    spoken.push(loop.list);
  }
  return kept;
}

/** `{{#each ['a', 'b'] as t}}{{ ref(t) }}{{/each}}` is a call for each item. */
function unroll(whole: Site): readonly CallSite[] {
  if (whole.loops.length === 0) return [whole];
  const { loops, ...site } = whole;
  const [loop, ...rest] = loops as [Loop, ...Loop[]];
  if (loop.list.kind !== "list") return unroll({ ...site, loops: rest });
  return loop.list.items.flatMap((item) =>
    unroll(withBindings({ ...site, loops: rest }, new Map([[loop.item, item]]))),
  );
}
