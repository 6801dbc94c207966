import type { Json } from "../../base/json.ts";
import { meaningOf } from "../../plan/changed/fingerprint.ts";
import type { FingerprintFacts, Meaning } from "../../plan/changed/fingerprint.ts";
import type { Compiled } from "../../plan/compile.ts";

type CompiledNodes = ReadonlyMap<string, Compiled>;

/** What earlier processes have left of a project that has not changed since, and what this one leaves to later ones. */
export interface KeptProject {
  /** The SQL that a node comes to, where that is the same each time and was compiled before. */
  sqlOf(uniqueId: string): string | undefined;
  /** Keeps what was parsed and compiled. What cannot be written is not kept, and no mistake. */
  keep(compiled: CompiledNodes): void;
  /** What SQL that a node was compiled to means, found out once where it is the same each time. */
  meaningOf(uniqueId: string, sql: string, facts: FingerprintFacts): Meaning;
  /** Keeps what was found out about it. */
  keepMeanings(): void;
  /** The manifest at `path`. `beside`: all that it depends on besides the project and its SQL. */
  manifestAt(path: string, compiled: CompiledNodes, beside: Json): KeptManifest;
}

export type KeptManifest = {
  /** Puts another head before what the manifest says already; false where nobody knows whether that is the same. */
  copy(head: string): Promise<boolean>;
  /** To be called when it was written anew, with the bytes of its head. */
  written(head: number): void;
};

/** Where nothing is kept. */
export const nothingKept: KeptProject = {
  sqlOf: () => undefined,
  keep: () => undefined,
  meaningOf: (_, sql, facts) => meaningOf(sql, facts),
  keepMeanings: () => undefined,
  manifestAt: () => ({ copy: () => Promise.resolve(false), written: () => undefined }),
};
