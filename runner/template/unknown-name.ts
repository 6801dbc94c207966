import { didYouMean } from "../base/nearest.ts";
import { languageFunctions } from "./language-functions.ts";
import type { MacroLibrary } from "./macro-library.ts";
import type { GlobalSpecs } from "./types.ts";

/** What hands know from dbt's Jinja, and what is said here instead. */
const habits: Record<string, string> = {
  adapter: "a macro that differs by engine is written twice: duckdb__name and default__name",
  this: "only what is a table of its own has {{ this }}: a model, a snapshot, the hooks of these; write ref('…')",
  loop: "within {{#each}} there are first, last and index",
  modules: "write a macro in TypeScript: macros/*.ts",
  return: "a macro comes to its text; a macro in TypeScript returns lists and maps",
  caller: "give the text to the macro as an argument",
  range: "write the list, set it under vars, or return it from a macro in TypeScript",
  log: "there is no log; {{! … }} is a comment",
};

/** A name that stands for nothing, with the nearest one that does. */
export function unknownName(
  path: readonly string[],
  local: readonly string[],
  specs: GlobalSpecs,
  library: MacroLibrary,
): { code: string; message: string; hint?: string } {
  const [head = "", second] = path;
  if (head === ".") {
    return {
      code: "NAME_UNKNOWN",
      message: '"." stands in no section over a list',
      hint: "write {{#each list}}…{{/each}} around it",
    };
  }
  const habit = habits[head];
  const known = library.packages();
  if (second !== undefined && known.includes(head)) {
    const names = library.all.filter((macro) => macro.package === head).map((macro) => macro.name);
    const hint = didYouMean(second, names);
    return {
      code: "NAME_UNKNOWN",
      message: `the package "${head}" has no macro "${second}"`,
      ...(hint && { hint }),
    };
  }
  const names = [...local, ...specs.keys(), ...languageFunctions.keys(), ...library.names()];
  const hint = habit ?? didYouMean(head, second === undefined ? names : [...names, ...known]);
  const way =
    second === undefined
      ? `a value from outside is written var('${head}'); a macro is written in a file below macros/`
      : `there is no package "${head}"`;
  return { code: "NAME_UNKNOWN", message: `nothing is named "${path.join(".")}"`, hint: hint ?? way };
}
