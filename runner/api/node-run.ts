import type { Audit } from "../checks/audit.ts";
import type { Checks } from "../checks/run-test.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { RunEvent } from "../execute/run-event.ts";
import type { LoadedSeeds, WarehouseState } from "../execute/warehouse-state.ts";
import type { Audits } from "../graph/audits.ts";
import type { Relation } from "../graph/types.ts";
import type { Compiled, Compiler } from "../plan/compile.ts";
import type { NodeHooks } from "../plan/hooks.ts";
import type { Span } from "../plan/microbatch/batches.ts";
import type { Portion } from "../plan/portion.ts";
import type { OpenProject } from "./open-project.ts";

/** What the nodes of a run have in common. */
export type NodeRun = {
  readonly open: OpenProject;
  /** As the server speaks it that we are connected to. */
  readonly dialect: Dialect;
  readonly compiler: Compiler;
  /** Nodes that ask the warehouse are added when what they read is built. */
  readonly compiled: Map<string, Compiled>;
  readonly hooks: ReadonlyMap<string, NodeHooks>;
  /** Of nodes that are looked at before they are published. */
  readonly audits: Audits;
  /** What audits of this run came to, by the test's unique id. */
  readonly audited: Map<string, AuditedTest>;
  readonly oneByOne: boolean;
  readonly warehouse: WarehouseState;
  readonly loadedSeeds: LoadedSeeds;
  readonly fullRefresh: boolean;
  /** Views of the project, in this run or not. */
  readonly ownViews: () => readonly Relation[];
  readonly checks: Checks;
  /** The batches that microbatch models are asked for; null: whatever is due. */
  readonly eventTime: Span | null;
  /** Batches that the run which is done again has built, ends by starts, by unique id. */
  readonly builtBatches?: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  readonly portion: Portion | undefined;
  readonly threads: number;
  readonly onEvent: (event: RunEvent) => void;
  /** Statements sent for each node, for `target/run/`. */
  readonly sent: Map<string, string>;
};

/** What became of a test before its node was published, or was not. */
export type AuditedTest = {
  readonly outcome: Audit["outcomes"] extends Map<string, infer Outcome> ? Outcome : never;
  readonly isPublished: boolean;
};
