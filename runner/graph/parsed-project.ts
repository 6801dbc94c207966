import type { MacroLibrary } from "../template/macro-library.ts";
import type { TemplateFinder } from "./templates.ts";
import type { Graph } from "./types.ts";

/** A project linked, with what compiling it needs besides the graph. */
export type ParsedProject = {
  readonly graph: Graph;
  /** Of every model and test, disabled ones included, by unique id. */
  readonly templates: TemplateFinder;
  readonly library: MacroLibrary;
  /** Doc blocks by name. */
  readonly docs: ReadonlyMap<string, string>;
};
