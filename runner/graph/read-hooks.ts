import type { Place } from "../base/problems.ts";
import { analyse } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { findReferences, mergeReferences } from "./references.ts";
import type { GlobalSpecs } from "../template/types.ts";
import { globalSpecs, specsOfComment, specsWithResults } from "./specs.ts";
import type { HooksConfig, References } from "./types.ts";
import { report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type ReadHooks = { readonly references: References; readonly macros: readonly string[] };

/** What a node's hooks refer to; their mistakes are shown at the node, as they may stand in any of three files. */
export function readHooks(
  workshop: Workshop,
  { pre_hook, post_hook, sql_header: header }: HooksConfig & { readonly sql_header?: string | null },
  { file, line, column }: Place,
): ReadHooks {
  const texts = [...pre_hook, ...post_hook].map(({ sql }) => ({ sql, where: "in a hook" }));
  if (header) texts.push({ sql: header, where: "in sql_header" });
  const read = texts.map(({ sql, where }) => {
    const { template, problems } = parseTemplate(file, sql);
    const analysis = analyse(template, workshop.library, globalSpecs);
    const found = findReferences(analysis, workshop.project.vars);
    for (const problem of [...problems, ...analysis.problems, ...found.problems])
      workshop.problems.push({ ...problem, message: `${where}: ${problem.message}`, file, line, column });
    const macros = analysis.macros.map(
      (name) => `macro.${name.includes(".") ? name : `${workshop.project.name}.${name}`}`,
    );
    return { references: found.references, macros };
  });
  return {
    references: mergeReferences(read.map(({ references }) => references)),
    macros: read.flatMap(({ macros }) => macros),
  };
}

/** Mistakes in templates of the project file: hooks of a whole run, the comment of queries. */
export function checkProjectTemplates(workshop: Workshop): void {
  const { onRunStart, onRunEnd, queryComment } = workshop.project;
  for (const { sql, place } of [...onRunStart, ...onRunEnd])
    checkTemplate(workshop, sql, place, specsWithResults, "a hook");
  if (queryComment !== null && queryComment.sql !== null)
    checkTemplate(workshop, queryComment.sql, queryComment.place, specsOfComment, "query-comment");
}

function checkTemplate(
  workshop: Workshop,
  sql: string,
  place: Place,
  specs: GlobalSpecs,
  where: string,
): void {
  const { template, problems } = parseTemplate(place.file, sql);
  const analysis = analyse(template, workshop.library, specs);
  const found = findReferences(analysis, workshop.project.vars);
  for (const problem of [...problems, ...analysis.problems, ...found.problems])
    workshop.problems.push({ ...problem, message: `in ${where}: ${problem.message}`, ...place });
}

/** A seed depends on nothing, as in dbt: its hooks may name itself alone. */
export function checkSeedHooks(workshop: Workshop, config: HooksConfig, place: Place): void {
  const { refs, sources } = readHooks(workshop, config, place).references;
  if (refs.length + sources.length === 0) return;
  const hint = "write {{ this }} for the seed itself, or put the hook on a model that reads it";
  report(workshop, place, "HOOK_REFERENCE", "a seed's hook refers to another node", hint);
}
