import type { Problem } from "../base/problems.ts";
import type { Macro } from "./types.ts";

/** Every macro that templates can call, by name; what a call means depends on the engine. */
export interface MacroLibrary {
  readonly engine: string;
  readonly all: readonly Macro[];
  /** `<engine>__name`, else `name`, else `default__name`; the project's own before shipped ones. */
  find(name: string, packageName: string | null): Macro | undefined;
  /** For "did you mean". */
  names(): readonly string[];
}

/** `problems`: two macros of one name in one package. Shipped macros are added by this function. */
export function createMacroLibrary(
  engine: string,
  macros: readonly Macro[],
): { library: MacroLibrary; problems: Problem[] } {
  return { library: { engine, all: macros, find: () => undefined, names: () => [] }, problems: [] };
}
