import type { Problem } from "../base/problems.ts";
import type { MacroLibrary } from "./macro-library.ts";
import type { Analysis, GlobalSpecs, Template } from "./types.ts";

/** What a template uses and what is wrong with it, without rendering. */
export function analyse(_template: Template, _library: MacroLibrary, _specs: GlobalSpecs): Analysis {
  return { calls: [], macros: [], problems: [] };
}

/** What is wrong within the macros themselves; once a project. */
export function analyseMacros(_library: MacroLibrary, _specs: GlobalSpecs): Problem[] {
  return [];
}
