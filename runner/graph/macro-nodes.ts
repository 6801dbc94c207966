import type { MacroNode } from "./types.ts";
import { describe, propertiesByName } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Shipped macros live in this package, the project's in its own. */
export const SHIPPED_PACKAGE = "statloom";

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
    const parameters =
      macro.kind === "sql" ? macro.parameters.map(({ name }) => ({ name, type: null, description: "" })) : [];
    return {
      uniqueId: `macro.${packageName}.${macro.name}`,
      name: macro.name,
      packageName,
      path: file,
      originalFilePath: file,
      description: own ? describe(workshop, own.description, own.place) : "",
      arguments: own && own.arguments.length > 0 ? own.arguments : parameters,
      macroSql: macro.kind === "sql" ? macro.body : macro.text,
      dependsOnMacros: [],
    };
  });
}
