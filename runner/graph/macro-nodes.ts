import type { MacroNode } from "./types.ts";
import { describe, propertiesByName } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Shipped macros live in this package, the project's in its own. */
export const SHIPPED_PACKAGE = "statloom";

/** Every macro, shipped ones included, with what property files say of it. */
export function macroNodes(workshop: Workshop): MacroNode[] {
  const { project, library } = workshop;
  const names = new Set(library.all.flatMap(({ name, package: of }) => (of === null ? [name] : [])));
  const properties = propertiesByName(workshop, "macro", project.properties.macros, names);
  return library.all.map((macro) => {
    const packageName = macro.package ?? project.name;
    const own = macro.package === null ? properties.get(macro.name) : undefined;
    const file = macro.kind === "sql" ? macro.place.file : macro.file;
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
