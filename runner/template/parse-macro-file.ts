import type { Problem } from "../base/problems.ts";
import type { MacroDefinition } from "./types.ts";

/** The macros of a `macros/*.sql` file. */
export function parseMacroFile(
  _file: string,
  _text: string,
  _packageName: string | null = null,
): { macros: MacroDefinition[]; problems: Problem[] } {
  return { macros: [], problems: [] };
}
