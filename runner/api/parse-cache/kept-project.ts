import type { Json } from "../../base/json.ts";
import type { Compiled } from "../../plan/compile.ts";

type CompiledNodes = ReadonlyMap<string, Compiled>;

/** What earlier processes have left of a project that has not changed since, and what this one leaves to later ones. */
export interface KeptProject {
  /** The SQL that a node comes to, where that is the same each time and was compiled before. */
  sqlOf(uniqueId: string): string | undefined;
  /** Keeps what was parsed and compiled. What cannot be written is not kept, and no mistake. */
  keep(compiled: CompiledNodes): void;
  /** What is to follow the head of the manifest at `path`. `beside`: all that it depends on besides the project and its SQL. */
  restOf(path: string, compiled: CompiledNodes, beside: Json): ManifestRest;
}

export type ManifestRest = {
  /** The same as in the manifest that is there; undefined: nobody knows. */
  readonly same: Iterable<Uint8Array> | undefined;
  /** To be called when it is there, with the bytes of its head. */
  readonly written: (head: number) => void;
};

/** Where nothing is kept. */
export const nothingKept: KeptProject = {
  sqlOf: () => undefined,
  keep: () => undefined,
  restOf: () => ({ same: undefined, written: () => undefined }),
};
