import { didYouMean } from "../base/nearest.ts";
import type { MacroProperties } from "../project/types.ts";
import type { MacroParameter } from "../template/types.ts";
import type { MacroNode } from "./types.ts";
import { describe, propertiesByName, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Shipped macros live in this package, the project's in its own. */
const SHIPPED_PACKAGE = "statloom";

/** The macros of a package, or of the project with those that are shipped, and what property files say of them. */
export function macroNodes(workshop: Workshop): MacroNode[] {
  const { project, library } = workshop;
  // What is shipped goes with the project.
  const macros = library.all.filter(
    ({ package: of }) => of === workshop.package || (workshop.package === null && of === SHIPPED_PACKAGE),
  );
  const names = new Set(macros.flatMap(({ name, package: of }) => (of === workshop.package ? [name] : [])));
  const properties = propertiesByName(workshop, "macro", project.properties.macros, names);
  return macros.map((macro) => {
    const packageName = macro.package ?? project.name;
    const own = macro.package === workshop.package ? properties.get(macro.name) : undefined;
    const told = macro.kind === "sql" ? macro.place.file : macro.file;
    const file = macro.package === workshop.package ? told.slice(workshop.prefix.length) : told;
    if (own && macro.kind === "sql") checkArguments(workshop, own, macro.parameters);
    const parameters =
      macro.kind === "sql" ? macro.parameters.map(({ name }) => ({ name, type: null, description: "" })) : [];
    return {
      uniqueId: `macro.${packageName}.${macro.name}`,
      name: macro.name,
      packageName,
      path: file,
      originalFilePath: file,
      description: own ? describe(workshop, own.description, own.place) : "",
      meta: own?.meta ?? {},
      docs: { show: own?.docs.show ?? true, node_color: own?.docs.node_color ?? null },
      arguments: own && own.arguments.length > 0 ? own.arguments : parameters,
      macroSql: macro.kind === "sql" ? macro.body : macro.text,
      dependsOnMacros: [],
    };
  });
}

/** What is described under `arguments:` is what the macro is called with. */
function checkArguments(
  workshop: Workshop,
  { name: macro, arguments: described, place }: MacroProperties,
  parameters: readonly MacroParameter[],
): void {
  const names = parameters.map(({ name }) => name);
  for (const { name } of described) {
    if (names.includes(name)) continue;
    const hint = didYouMean(name, names) ?? (names.length > 0 ? `it has ${names.join(", ")}` : "it has none");
    report(workshop, place, "PROPERTIES_UNMATCHED", `the macro "${macro}" has no argument "${name}"`, hint);
  }
}
