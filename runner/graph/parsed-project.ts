import type { MacroLibrary } from "../template/macro-library.ts";
import type { TemplateFinder } from "./templates.ts";
import type { KnownHeads } from "./select/listed.ts";
import type { Targets } from "./packaged-names.ts";
import type { DocNode, Graph } from "./types.ts";

/** A project linked, with what compiling it needs besides the graph. */
export type ParsedProject = {
  readonly graph: Graph;
  /** Of a kept project. */
  readonly heads?: KnownHeads;
  /** Of every model and test, disabled ones included, by unique id. */
  readonly templates: TemplateFinder;
  /** Unique ids of nodes that ask the warehouse while they are compiled, themselves or by an ephemeral model that they read. */
  readonly introspective: ReadonlySet<string>;
  readonly library: MacroLibrary;
  /** What names mean, switched off nodes included. */
  readonly targets: Targets;
  /** Doc blocks by package, then by name, those of other packages included. */
  readonly docs: ReadonlyMap<string, ReadonlyMap<string, DocNode>>;
};
