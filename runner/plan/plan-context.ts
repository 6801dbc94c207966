import type { Dialect } from "../dialects/dialect.ts";
import type { HeldView } from "./materialized/held-view.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Column } from "./step.ts";

/** What planning needs to know besides the node and what stands in its place. */
export type PlanContext = {
  readonly dialect: Dialect;
  /** `--full-refresh` */
  readonly fullRefresh: boolean;
  /** Columns that the node's query gives; null when nobody has asked the engine, as in a dry run. */
  readonly queryColumns: readonly Column[] | null;
  /** Of a materialized view that is there. */
  readonly heldView?: HeldView | undefined;
  /** Rows that tests find are moved away; undefined: they stay. */
  readonly quarantine?: Quarantine | undefined;
  /** Where an external model is written, absolute. */
  readonly externalPath?: string | undefined;
};
