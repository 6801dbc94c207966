import type { MacroLibrary } from "./macro-library.ts";
import type { RenderContext, Template } from "./types.ts";
import type { Value } from "./values.ts";

/** Template to SQL. Throws a ProjectError with the place of what went wrong. */
export function renderTemplate(_template: Template, _library: MacroLibrary, _context: RenderContext): string {
  return "";
}

/** What a macro comes to when called from outside any template: `generate_schema_name`, `run-operation`. */
export function renderMacro(
  _name: string,
  _args: Readonly<Record<string, Value>>,
  _library: MacroLibrary,
  _context: RenderContext,
): string {
  return "";
}
