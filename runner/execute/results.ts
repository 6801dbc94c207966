import type { Json, JsonObject } from "../base/json.ts";

/**
 * `success error skipped` for what is built (`partial success`: some of its batches), `pass warn fail error skipped` for tests, `reused`
 * for what is as it would be: dbt's words.
 */
export type NodeStatus =
  | "success"
  | "error"
  | "skipped"
  | "pass"
  | "warn"
  | "fail"
  | "partial success"
  | "reused";

/** Rows that a person is shown of what a test found. */
export const EXAMPLES = 3;

/** What a test looked at and found, apart from the verdict. */
export type CheckFacts = {
  /** What was tested: a node's unique id, and its column where the test is one of a column; null: a query of its own. */
  readonly node: string | null;
  readonly column: string | null;
  /** Rows that were looked at, where that is known; and what a test of the whole relation measured. */
  readonly rowsChecked: number | null;
  readonly measured: number | null;
  /** Some of the rows that it found, none when it passed. */
  readonly found: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly Json[])[];
  } | null;
  /** The SQL that finds all of them, from the project's folder. */
  readonly compiledPath: string;
  /** Whether the rows go to `meta.failures`. */
  readonly isStored: boolean;
  /** ISO 8601; null: it never did, as far as the warehouse knows. Asked for only when it did not pass. */
  readonly lastPassedAt: string | null;
};

/** What became of one node. Instants are ISO 8601 in UTC, durations seconds. */
export type NodeResult = {
  readonly uniqueId: string;
  readonly status: NodeStatus;
  /** What a person is told: the error, `Got 3 results, configured to fail if != 0`, why it was skipped. */
  readonly message: string | null;
  /** Rows that a test found; null for everything else. */
  readonly failures: number | null;
  /** Rows built or changed, where the engine says. */
  readonly rows: number | null;
  readonly compiledCode: string | null;
  readonly relationName: string | null;
  readonly timing: readonly {
    readonly name: "compile" | "execute";
    readonly startedAt: string;
    readonly completedAt: string;
  }[];
  readonly threadId: string;
  readonly executionTime: number;
  readonly adapterResponse: JsonObject;
  /** Of a test that ran. */
  readonly check?: CheckFacts;
  /** Of a model built in batches: start and end of each. */
  readonly batches?: {
    readonly successful: readonly (readonly [string, string])[];
    readonly failed: readonly (readonly [string, string])[];
  };
};

/** Of what has not been run, or of what is told when it has. */
export const notRun = (uniqueId: string): NodeResult => ({
  uniqueId,
  status: "skipped",
  message: null,
  failures: null,
  rows: null,
  compiledCode: null,
  relationName: null,
  timing: [],
  threadId: "",
  executionTime: 0,
  adapterResponse: {},
});

/** Of one command. */
export type RunFacts = {
  readonly command: string;
  readonly args: JsonObject;
  readonly invocationId: string;
  readonly startedAt: string;
  readonly generatedAt: string;
  readonly elapsedTime: number;
};

export type RunResults = RunFacts & {
  readonly results: readonly NodeResult[];
  /** What became of the hooks of the whole run. */
  readonly hooks?: { readonly start: readonly NodeResult[]; readonly end: readonly NodeResult[] };
};

export type FreshnessStatus = "pass" | "warn" | "error" | "runtime error";

export type FreshnessResult = {
  readonly uniqueId: string;
  readonly status: FreshnessStatus;
  /** Newest load, and when we looked; null when the query failed or the source is empty. */
  readonly maxLoadedAt: string | null;
  readonly snapshottedAt: string;
  readonly ageSeconds: number | null;
  readonly message: string | null;
  readonly threadId: string;
  readonly executionTime: number;
  readonly timing: NodeResult["timing"];
};

export type FreshnessResults = RunFacts & { readonly results: readonly FreshnessResult[] };
