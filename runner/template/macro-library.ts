import type { Problem } from "../base/problems.ts";
import { builtinMacros } from "./builtin-macros.ts";
import { languageFunctions } from "./language-functions.ts";
import type { Macro } from "./types.ts";

/** The package of the macros that are shipped. */
export const shippedPackage = "statloom";

/** Every macro that templates can call, by name; what a call means depends on the engine. */
export interface MacroLibrary {
  readonly engine: string;
  /** The project's own and those of packages; what is shipped is found but not listed. */
  readonly own: readonly Macro[];
  readonly all: readonly Macro[];
  /**
   * `<engine>__name`, else `name`, else `default__name`. Without a package: the one the caller stands in, then the
   * project, then what is shipped. Where a package has macros that differ by engine, the project's own `<engine>__name` or
   * `default__name` takes their place, as in dbt.
   */
  find(name: string, packageName: string | null, callerPackage?: string | null): Macro | undefined;
  /** For "did you mean". */
  names(): readonly string[];
  packages(): readonly string[];
}

/** `problems`: two macros of one name in one package, names that templates have already. */
export function createMacroLibrary(
  engine: string,
  own: readonly Macro[],
): { library: MacroLibrary; problems: Problem[] } {
  const problems: Problem[] = [];
  const packages = new Map<string | null, Map<string, Macro>>();
  const all = [...own, ...builtinMacros()];
  for (const macro of all) {
    const names = packages.get(macro.package) ?? new Map<string, Macro>();
    packages.set(macro.package, names);
    const first = names.get(macro.name);
    if (first !== undefined) {
      const { file, line } = placeOf(first);
      const message = `the macro "${macro.name}" is there already, in ${file}:${line}`;
      problems.push({
        ...placeOf(macro),
        code: "MACRO_TWICE",
        message,
        hint: "rename or remove one of them",
      });
    } else if (languageFunctions.has(macro.name)) {
      problems.push(reserved(macro));
    } else names.set(macro.name, macro);
    if (/^(\w+__)?generate_database_name$/.test(macro.name) && macro.package === null)
      problems.push(neverAsked(macro));
  }
  const names = [
    ...new Set(
      all.filter((macro) => macro.package === null || macro.package === shippedPackage).map(spokenName),
    ),
  ];
  const byEngine = (of: string | null, name: string): Macro | undefined =>
    packages.get(of)?.get(`${engine}__${name}`) ?? packages.get(of)?.get(`default__${name}`);
  /** Of packages: those that are there for some engine. */
  const dispatched = new Set(
    own.flatMap(({ name, package: of }) => {
      const at = name.indexOf("__");
      return of === null || at < 1 ? [] : [`${of}.${name.slice(at + 2)}`];
    }),
  );
  const search = (name: string, places: Iterable<string | null>): Macro | undefined => {
    for (const place of places) {
      const known = packages.get(place);
      const instead = dispatched.has(`${place}.${name}`) ? byEngine(null, name) : undefined;
      if (instead !== undefined) return instead;
      const macro = known?.get(`${engine}__${name}`) ?? known?.get(name) ?? known?.get(`default__${name}`);
      if (macro !== undefined) return macro;
    }
    return undefined;
  };
  /** What unqualified names come to in the project's own files: asked for once a call in ten thousand files. */
  const ownNames = new Map<string, Macro | undefined>();
  const library: MacroLibrary = {
    engine,
    own,
    all,
    find(name, packageName, callerPackage = null) {
      if (packageName !== null) return search(name, [packageName]);
      if (callerPackage !== null) return search(name, new Set([callerPackage, null, shippedPackage]));
      if (!ownNames.has(name)) ownNames.set(name, search(name, [null, shippedPackage]));
      return ownNames.get(name);
    },
    names: () => names,
    packages: () => [...packages.keys()].filter((name) => name !== null),
  };
  return { library, problems };
}

/** A project's macro may not take a name that templates have already: calls would silently mean something else. */
export function reserved(macro: Macro): Problem {
  const message = `"${macro.name}" is a function of templates and cannot be a macro`;
  return { ...placeOf(macro), code: "MACRO_RESERVED", message, hint: "choose another name" };
}

/** dbt asks it; here it would be a rule that nobody keeps. */
function neverAsked(macro: Macro): Problem {
  const message = `"${macro.name}" would not be asked: a target is one database`;
  const hint = "name schemas instead, by generate_schema_name, and take it out";
  return { ...placeOf(macro), code: "MACRO_UNUSED", message, hint };
}

export function placeOf(macro: Macro): { file: string; line: number; column: number } {
  return macro.kind === "sql" ? macro.place : { file: macro.file, line: 1, column: 1 };
}

/** `pkg.name`, or `name` in the project. */
export function qualifiedName(macro: Macro): string {
  return macro.package === null ? macro.name : `${macro.package}.${macro.name}`;
}

const spokenName = ({ name }: Macro): string =>
  name.slice(name.indexOf("__") === -1 ? 0 : name.indexOf("__") + 2);
