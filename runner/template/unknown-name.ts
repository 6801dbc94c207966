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
  print: "there is no print; {{! … }} is a comment",
  exceptions: "a macro in TypeScript throws an Error: it is told with the place of the call",
  dbt: "macros that spell what engines spell differently are called by their name alone: dateadd('day', 1, 'x')",
  dbt_utils:
    "tests like those of dbt_utils are shipped and named without it; get_column_values and date_series too",
  statement: "run_query('select …') gives rows",
  load_result: "run_query('select …') gives rows",
  before_begin: "write {sql: …, transaction: false}",
  after_commit: "write {sql: …, transaction: false}",
  flags: "flags are known in models, tests, macros and hooks: flags.FULL_REFRESH, flags.WHICH",
  graph:
    "a hook at the end of a run has results, each with its node; {{ model }} is the node itself, and target/manifest.json holds them all",
  model:
    "only what is a table of its own has {{ model }}: a model, a snapshot, the hooks of these; a generic test takes it as an argument",
};

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
  const way = dbtOnly.has(head)
    ? `dbt knows "${head}", this version does not: write it out, or write a macro in TypeScript`
    : second === undefined
      ? `a value from outside is written var('${head}'); a macro is written in a file below macros/`
      : `there is no package "${head}"`;
  return { code: "NAME_UNKNOWN", message: `nothing is named "${path.join(".")}"`, hint: hint ?? way };
}
