import { plainPlace } from "../base/problems.ts";
import type { Place } from "../base/problems.ts";
import type { Targets } from "./packaged-names.ts";
import { inspect } from "./read-template.ts";
import { mergeReferences } from "./references.ts";
import { unknownRef } from "./resolve-references.ts";
import type { RunHook } from "../project/types.ts";
import type { GlobalSpecs } from "../template/types.ts";
import { globalSpecs, specsOfComment, specsWithResults } from "./specs.ts";
import type { HooksConfig, OperationNode, References } from "./types.ts";
import { versionedName } from "./versions.ts";
import { placeOfHook } from "./hook-places.ts";
import type { HookOwner } from "./hook-places.ts";
import { pathOf, report, reportOnce } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export type ReadHooks = { readonly references: References; readonly macros: readonly string[] };

/** Of the many nodes that have none. */
export const noHooks: ReadHooks = { references: { refs: [], sources: [] }, macros: [] };

/**
 * What a node's hooks refer to. Mistakes in what a folder says are told where it says it, once for all of its nodes; others at the node, as they
 * may stand in two files.
 */
export function readHooks(
  workshop: Workshop,
  { pre_hook, post_hook, sql_header: header }: HooksConfig & { readonly sql_header?: string | null },
  at: Place,
  kind: HookOwner["kind"],
  fqn: HookOwner["fqn"],
): ReadHooks {
  if (pre_hook.length + post_hook.length === 0 && !header) return noHooks;
  const texts = [...pre_hook, ...post_hook].map(({ sql }) => ({ sql, where: "in a hook" }));
  if (header) texts.push({ sql: header, where: "in sql_header" });
  const read = texts.map(({ sql, where }) => {
    const { references, macros, problems } = inspect(workshop, at.file, sql, globalSpecs);
    for (const problem of problems) {
      const message = `${where}: ${problem.message}`;
      const owner = { kind, fqn, package: workshop.package };
      const place = placeOfHook(workshop.project, owner, sql) ?? plainPlace(at);
      reportOnce(workshop, { ...problem, message, ...place });
    }
    return { references, macros };
  });
  return {
    references: mergeReferences(read.map(({ references }) => references)),
    macros: read.flatMap(({ macros }) => macros),
  };
}

/** Hooks of a whole run, with what they refer to; mistakes in them, and in the comment of queries, are told. */
export function readProjectTemplates(
  workshops: readonly Workshop[],
  targets: Targets,
): readonly OperationNode[] {
  const [workshop] = workshops as [Workshop, ...Workshop[]];
  const { onRunStart, onRunEnd, queryComment } = workshop.project;
  const operations = [
    ...operationsOf(workshops, "on-run-start", onRunStart, targets),
    ...operationsOf(workshops, "on-run-end", onRunEnd, targets),
  ];
  if (queryComment !== null && queryComment.sql !== null)
    checkTemplate(workshop, queryComment.sql, queryComment.place, specsOfComment, "query-comment");
  return operations;
}

function operationsOf(
  workshops: readonly Workshop[],
  on: OperationNode["on"],
  hooks: readonly RunHook[],
  targets: Targets,
): OperationNode[] {
  return hooks.map(({ uniqueId, name, index, sql, place, package: of }) => {
    const owner = workshops.find((one) => one.package === of) ?? workshops[0]!;
    const { references, macros } = checkTemplate(owner, sql, place, specsWithResults, "a hook");
    return {
      resourceType: "operation",
      uniqueId,
      name,
      packageName: owner.project.name,
      originalFilePath: pathOf(owner, place),
      index,
      on,
      schema: owner.project.target.schema,
      rawCode: sql,
      references,
      dependsOn: { nodes: meantBy(owner, references, place, targets), macros },
    };
  });
}

function checkTemplate(
  workshop: Workshop,
  sql: string,
  place: Place,
  specs: GlobalSpecs,
  where: string,
): ReadHooks {
  const { problems, references, macros } = inspect(workshop, place.file, sql, specs);
  for (const problem of problems)
    workshop.problems.push({ ...problem, message: `in ${where}: ${problem.message}`, ...plainPlace(place) });
  return { references, macros };
}

/** Ids of what a hook of a run names. Nothing is built for it, but all of that has to be there. */
function meantBy(
  workshop: Workshop,
  { refs, sources }: References,
  place: Place,
  targets: Targets,
): readonly string[] {
  const ids = new Set<string>();
  const packageName = workshop.package ?? workshop.rootName;
  for (const call of refs) {
    const name = versionedName(call.name, call.version);
    const [found] = targets.refs.find(name, call.package, packageName);
    if (found?.config.enabled) ids.add(found.uniqueId);
    if (found !== undefined) continue;
    const { code, message, hint } = unknownRef(call, targets, { packageName });
    report(workshop, place, code, `in a hook: ${message}`, hint);
  }
  for (const { source, table } of sources) {
    const name = `${source}.${table}`;
    const [found] = targets.sources.find(name, null, packageName);
    if (found !== undefined) ids.add(found.uniqueId);
    else report(workshop, place, "SOURCE_UNKNOWN", `in a hook: no source table is declared as "${name}"`);
  }
  return [...ids];
}

/** A seed depends on nothing, as in dbt: its hooks may name itself alone. */
export function checkSeedHooks(
  workshop: Workshop,
  config: HooksConfig,
  place: Place,
  fqn: HookOwner["fqn"],
): void {
  for (const hook of [...config.pre_hook, ...config.post_hook]) {
    const { refs, sources } = readHooks(
      workshop,
      { pre_hook: [hook], post_hook: [] },
      place,
      "seeds",
      fqn,
    ).references;
    if (refs.length + sources.length === 0) continue;
    reportOnce(workshop, {
      ...(placeOfHook(workshop.project, { kind: "seeds", fqn, package: workshop.package }, hook.sql) ??
        plainPlace(place)),
      code: "HOOK_REFERENCE",
      message: "a seed's hook refers to another node",
      hint: "write {{ this }} for the seed itself, or put the hook on a model that reads it",
    });
  }
}
