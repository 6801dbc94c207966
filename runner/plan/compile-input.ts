import type { Dialect } from "../dialects/dialect.ts";
import type { ParsedProject } from "../graph/parsed-project.ts";
import type { ModelNode, Relation } from "../graph/types.ts";
import type { Project } from "../project/types.ts";
import type { Flags } from "./flags.ts";
import type { BatchOf } from "./microbatch/batch-window.ts";
import type { Translate } from "./portable/to-target.ts";
import type { Portion } from "./portion.ts";
import type { Queries } from "./queries.ts";
import type { SourceFinder } from "./source-relations.ts";

/** What templates are compiled with. */
export type CompileInput = {
  readonly project: Project;
  readonly parsed: ParsedProject;
  readonly dialect: Dialect;
  readonly sources: SourceFinder;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a model's table is there to be added to; decides `is_incremental()` together with the flags. */
  readonly isIncremental: (node: ModelNode) => boolean;
  /** The batch of a microbatch model that is being compiled; its inputs show the rows of this batch alone. */
  readonly batch?: BatchOf | undefined;
  /** `--empty` and `--sample`. */
  readonly portion?: Portion | undefined;
  /** Relations that are read instead of nodes' own, by unique id. */
  readonly deferred?: ReadonlyMap<string, Relation> | undefined;
  /** Ephemeral models print as relations like any other: for whoever reads the SQL instead of running it. */
  readonly ephemeralAsRelation?: true;
  /** Makes the SQL of portable models that of the engine; undefined: it is. */
  readonly translate?: Translate | undefined;
  /** How the command was called; undefined: it builds nothing. */
  readonly flags?: Flags | undefined;
  readonly invocationId: string;
  readonly startedAt: string;
  /** SQL that an earlier process compiled of the same project, of nodes that come to the same each time. */
  readonly known?: ((uniqueId: string) => string | undefined) | undefined;
  /** What templates ask the warehouse; nothing is answered without. */
  readonly queries?: Queries | undefined;
};
