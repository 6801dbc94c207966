import type { Place } from "../base/problems.ts";
import { bindArguments } from "./bind-arguments.ts";
import type { Loop, UseSink } from "./collect-uses.ts";
import { qualifiedName } from "./macro-library.ts";
import { PlaceFinder } from "./place-finder.ts";
import { mentions, shiftedArguments, substitute, substituteArguments } from "./substitute.ts";
import type { Bindings } from "./substitute.ts";
import type { Argument, CallSite, Expr, Macro, Source } from "./types.ts";

const noLoops: readonly Loop[] = [];

/** A call site that may still stand in a loop over a list that the caller gives. */
export type Site = CallSite & { readonly loops: readonly Loop[] };
/** All that a macro comes to use. */
export type Flat = {
  readonly sites: readonly Site[];
  /** Those of `sites` that are the same whatever the macro is given. */
  readonly fixed: ReadonlySet<Site>;
  readonly macros: readonly string[];
};
export interface Flattened {
  flat(macro: Macro): Flat;
}

/** What is used in `source`, the text of `within` or of a template of its own (null), and all that the macros among that come to use. */
export class Sites implements UseSink {
  readonly sites: Site[] = [];
  readonly macros: string[] = [];
  /** Whether one of the sites stands in a loop. */
  loops = false;
  readonly #places: PlaceFinder;
  readonly #within: Macro | null;
  readonly #known: Flattened;
  /** The same call reached twice in the same way counts once, so that macros calling macros do not multiply. */
  #seen: Set<string> | undefined;

  constructor(source: Source, within: Macro | null, known: Flattened) {
    this.#places = new PlaceFinder(source);
    this.#within = within;
    this.#known = known;
  }

  use(
    name: string,
    macro: Macro | null,
    args: readonly Argument[],
    from: number,
    at: number,
    loops: readonly Loop[],
  ): void {
    if (macro !== null) {
      this.#macro(macro, args, from, loops);
      return;
    }
    const within = this.#within;
    const own = relevant(loops, args);
    if (within === null && own.length === 0) {
      this.sites.push(new PlainSite(name, args, from, at, this.#places));
      return;
    }
    this.#add({
      name,
      args: within === null ? args : shiftedArguments(args, from),
      at: within === null ? from : 0,
      place: this.#places.at(at),
      viaMacro: within === null ? null : qualifiedName(within),
      loops: own,
    });
  }

  #macro(macro: Macro, args: readonly Argument[], from: number, loops: readonly Loop[]): void {
    const { macros } = this;
    const own = qualifiedName(macro);
    if (!macros.includes(own)) macros.push(own);
    const inner = this.#known.flat(macro);
    for (const used of inner.macros) if (!macros.includes(used)) macros.push(used);
    let bindings: Bindings | undefined;
    for (const site of inner.sites) {
      const given = inner.fixed.has(site)
        ? site
        : withBindings(site, (bindings ??= bind(macro, shiftedArguments(args, from))));
      const outer = relevant(loops, given.args, given.loops);
      const reached = outer.length === 0 ? given : { ...given, loops: [...outer, ...given.loops] };
      const key = keyOf(reached);
      this.#seen ??= new Set();
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#add(reached);
    }
  }

  #add(site: Site): void {
    if (site.loops.length > 0) this.loops = true;
    this.sites.push(site);
  }
}

/** A call in a template itself, outside of loops, as nearly all are. Its place is worked out when somebody asks, which few do. */
class PlainSite implements Site {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly at: number;
  readonly viaMacro = null;
  readonly loops = noLoops;
  readonly offset: number;
  readonly places: PlaceFinder;

  constructor(name: string, args: readonly Argument[], at: number, offset: number, places: PlaceFinder) {
    this.name = name;
    this.args = args;
    this.at = at;
    this.offset = offset;
    this.places = places;
  }

  get place(): Place {
    return this.places.at(this.offset);
  }
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
export function unroll(whole: Site): readonly CallSite[] {
  if (whole.loops.length === 0) return [whole];
  const { loops, ...site } = whole;
  const [loop, ...rest] = loops as [Loop, ...Loop[]];
  if (loop.list.kind !== "list") return unroll({ ...site, loops: rest });
  return loop.list.items.flatMap((item) =>
    unroll(withBindings({ ...site, loops: rest }, new Map([[loop.item, item]]))),
  );
}
