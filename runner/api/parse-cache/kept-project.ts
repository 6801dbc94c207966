import type { KeptManifest } from "./kept-manifest.ts";
import type { Json } from "../../base/json.ts";
import type { ParsedProject } from "../../graph/parsed-project.ts";
import type { Project } from "../../project/types.ts";
import type { ModelNode } from "../../graph/types.ts";
import { meaningOf } from "../../plan/changed/fingerprint.ts";
import type { FingerprintFacts, Meaning } from "../../plan/changed/fingerprint.ts";
import type { Compiled } from "../../plan/compile.ts";

type CompiledNodes = ReadonlyMap<string, Compiled>;

export type ProjectParts = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly dialect: { readonly name: string };
};

export const isSame = (
  open: ProjectParts,
  { project, parsed }: Pick<ProjectParts, "project" | "parsed">,
): boolean => open.project === project && open.parsed === parsed && open.dialect.name === project.target.type;

/** What earlier processes have left of a project that has not changed since, and what this one leaves to later ones. */
export interface KeptProject {
  /** Whether this is the project that was read, and none that was made of it with other variables, macros or words. */
  isOf(open: ProjectParts): boolean;
  /** The SQL that a node comes to, where that is the same each time and was compiled before. */
  sqlOf(uniqueId: string): string | undefined;
  /** Keeps what was parsed and compiled. What cannot be written is not kept, and no mistake. */
  keep(compiled: CompiledNodes): void;
  /** What SQL that a node was compiled to means, found out once where it is the same each time. */
  meaningOf(uniqueId: string, sql: string, facts: FingerprintFacts): Meaning;
  /** Keeps what was found out about it. */
  keepMeanings(): void;
  /**
   * The manifest at `path`. `beside`: all that it depends on besides the project and its SQL. `others`: what nodes are that are not those that
   * were kept, by unique id. null: nothing is known of it.
   */
  manifestAt(
    path: string,
    compiled: CompiledNodes,
    beside: Json,
    others?: ReadonlyMap<string, Json>,
  ): KeptManifest | null;
  /** Names what all files of the project say, as `identityOf`; undefined: it is not kept. */
  identity(): string | undefined;
}

/** Where nothing is kept. */
export const nothingKept: KeptProject = {
  isOf: () => false,
  sqlOf: () => undefined,
  keep: () => undefined,
  meaningOf: (_, sql, facts) => meaningOf(sql, facts),
  keepMeanings: () => undefined,
  manifestAt: () => null,
  identity: () => undefined,
};

/** Of a project of which some models are others than those that were kept: these are compiled anew, and are not kept. */
export const besidePatch = (
  kept: KeptProject,
  of: Pick<ProjectParts, "project" | "parsed">,
  models: ReadonlyMap<string, ModelNode>,
  identity: () => string,
): KeptProject => ({
  identity,
  isOf: (open) => isSame(open, of),
  sqlOf: (id) => (models.has(id) ? undefined : kept.sqlOf(id)),
  keep: (compiled) => kept.keep(new Map([...compiled].filter(([id]) => !models.has(id)))),
  meaningOf: (id, sql, facts) => kept.meaningOf(id, sql, facts),
  keepMeanings: () => kept.keepMeanings(),
  manifestAt: (path, compiled, beside) =>
    kept.manifestAt(
      path,
      compiled,
      beside,
      new Map(Array.from(models, ([id, { checksum, dependsOn }]) => [id, [checksum, dependsOn.macros]])),
    ),
});
