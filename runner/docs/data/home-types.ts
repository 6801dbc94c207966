import type { RunSummary } from "./runs-types.ts";
import type { Kind, NodeLink, Rich, Status } from "./types.ts";

/** `home`. */
export type HomeData = {
  readonly description: Rich;
  readonly health: Health;
  readonly sources: readonly HomeNode[];
  readonly marts: readonly HomeNode[];
  /** Nodes that are wrong themselves, and failed tests; the worst first. */
  readonly failing: readonly Failing[];
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** How many there are of each kind. */
  readonly counts: readonly (readonly [kind: Kind, count: number])[];
};

/** In words that need no knowledge of the project. */
export type Health = {
  readonly status: Status;
  readonly sentence: string;
  readonly points: readonly string[];
};

export type HomeNode = NodeLink & {
  readonly about: string;
  readonly rows: number | null;
  /** When a mart was built, or the newest data of a source was loaded; null where nobody knows. */
  readonly at: string | null;
  /** Of a source: when its publisher says that it changed. */
  readonly published: string | null;
  /** Of a source: whether it is as new as it should be. */
  readonly freshness: Status;
};

export type Failing = NodeLink & {
  readonly word: string;
  readonly message: string;
  /** What a test is about. */
  readonly of: NodeLink | null;
};
