import { didYouMean } from "../base/nearest.ts";
import { habitOf } from "./habits.ts";
import { languageFunctions } from "./language-functions.ts";
import type { MacroLibrary } from "./macro-library.ts";
import type { GlobalSpecs } from "./types.ts";

/** What dbt's Jinja has besides. */
const dbtOnly = new Set(
  (
    "as_bool as_native as_number as_text builtins context database dbt_metadata_envs dbt_version fromjson fromyaml invocation_args_dict " +
    "local_md5 project_name schema schemas selected_resources set set_strict sql submit_python_job thread_id tojson toyaml zip zip_strict"
  ).split(" "),
);

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
  const habit = habitOf(path);
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
  const way = dbtOnly.has(head)
    ? `dbt knows "${head}", this version does not: write it out, or write a macro in TypeScript`
    : second === undefined
      ? `a value from outside is written var('${head}'); a macro is written in a file below macros/`
      : `there is no package "${head}"`;
  return { code: "NAME_UNKNOWN", message: `nothing is named "${path.join(".")}"`, hint: hint ?? way };
}
