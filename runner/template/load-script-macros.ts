import type { Problem } from "../base/problems.ts";
import type { ScriptMacro } from "./types.ts";

/** Imports `macros/*.ts`; `path` is absolute, `file` is how messages name it. Every exported function is a macro. */
export async function loadScriptMacros(
  _files: readonly { readonly path: string; readonly file: string }[],
  _packageName: string | null = null,
): Promise<{ macros: ScriptMacro[]; problems: Problem[] }> {
  return { macros: [], problems: [] };
}
