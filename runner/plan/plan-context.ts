import type { Dialect } from "../dialects/dialect.ts";
import type { Column } from "./step.ts";

/** What planning needs to know besides the node and what stands in its place. */
export type PlanContext = {
  readonly dialect: Dialect;
  /** `--full-refresh` */
  readonly fullRefresh: boolean;
  /** Columns that the node's query gives; null when nobody has asked the engine, as in a dry run. */
  readonly queryColumns: readonly Column[] | null;
  /** Where an external model is written, absolute. */
  readonly externalPath?: string | undefined;
};
