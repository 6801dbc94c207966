import type { Problem } from "../base/problems.ts";
import type { Dialect, Question, RelationKind } from "../dialects/dialect.ts";
import type { Relation } from "../graph/types.ts";

/**
 * One thing to do, as data: `--dry-run` prints it, `execute` does it. A statement is there as its SQL; nothing is hidden in code.
 */
export type Step =
  /** `counts`: the rows it changes are the node's row count; `less`: they are taken from it again, as they are moved away. */
  | {
      readonly kind: "statement";
      readonly label: string;
      readonly sql: string;
      readonly counts: boolean | "less";
      /** The rows it changes are those that go to quarantine. */
      readonly moves?: true;
      /** What is told, before the engine's words, where it refuses the statement for what it holds. */
      readonly refused?: Problem;
    }
  /** What the user has run around a node. */
  | { readonly kind: "hook"; readonly label: string; readonly sql: string }
  /** Statements that the engine refuses where views read what they change: then nothing of them is done, and `otherwise` is. */
  | {
      readonly kind: "unless-read";
      readonly label: string;
      readonly statements: readonly Step[];
      readonly otherwise: readonly Step[];
    }
  /** Runs, one by one, the statements that a query gives: what is to be made depends on what is there. */
  | ({ readonly kind: "statements-of"; readonly label: string } & Question)
  /** A comment for each column that the relation has; described ones that it lacks are passed over. */
  | {
      readonly kind: "comment-columns";
      readonly label: string;
      readonly target: Relation;
      readonly dialect: Dialect["name"];
      readonly comments: readonly { readonly column: string; readonly text: string }[];
    }
  /** The query gives no row, or everything ends: `message` with what the first row holds. Asked only where `onlyIf` gives a row. */
  | {
      readonly kind: "assert-empty";
      readonly label: string;
      readonly sql: string;
      readonly onlyIf?: Question;
      /** That the engine refuses the query says the same as a row of it would: it casts. */
      readonly casts?: true;
      readonly code: string;
      readonly message: string;
      readonly hint: string;
    }
  /** The node's tests are run on `relation`, which holds what it will be; one that fails ends everything. */
  | { readonly kind: "audit"; readonly label: string; readonly relation: Relation }
  /** Makes ready for writing `from`, which becomes `to`: both absolute. */
  | { readonly kind: "prepare-path"; readonly label: string; readonly from: string; readonly to: string }
  /** Puts a file or folder in the place of another; with `byParts`, folders of partitions one by one. */
  | {
      readonly kind: "publish-path";
      readonly label: string;
      readonly from: string;
      readonly to: string;
      readonly byParts: boolean;
    }
  /** Puts a finished relation where another may be; what reads that one reads this one from then on. */
  | ({ readonly kind: "replace-relation"; readonly label: string } & Replacement)
  /** Gives a view another query by `sql`; where its columns do not allow that, `otherwise` is done. */
  | {
      readonly kind: "replace-view";
      readonly label: string;
      readonly target: Relation;
      readonly sql: string;
      readonly otherwise: readonly Step[];
    }
  | {
      readonly kind: "load-csv";
      readonly label: string;
      readonly target: Relation;
      readonly source: CsvSource;
    }
  | {
      readonly kind: "load-file";
      readonly label: string;
      readonly target: Relation;
      readonly source: FileSource;
    };

/** `beside` is in the same schema, and takes the name of `target`. */
export type Replacement = {
  readonly target: Relation;
  readonly beside: Relation;
  /** What `beside` is. */
  readonly is: RelationKind;
  /** Views that the project makes itself: one that no longer fits goes, as the run makes it anew. Others' stop the build. */
  readonly own?: readonly Relation[];
};

type SeedSource = {
  /** Absolute. */
  readonly path: string;
  /** What the file was when it was hashed: where it is another once it is loaded, what was loaded has another hash. */
  readonly stamp?: string;
  /** Declared types by column name, in the engine's spelling. */
  readonly columnTypes: Readonly<Record<string, string>>;
};

/** JSON or Parquet, which name their columns themselves. */
export type FileSource = SeedSource & { readonly format: "json" | "parquet" };

/** The first line names the columns; types that are not declared are inferred. */
export type CsvSource = SeedSource & { readonly delimiter: string };

/** What building one node takes, in order; all of it in one transaction where `transaction` is true. */
export type NodePlan = {
  readonly uniqueId: string;
  /** What is being done in a word: `view`, `table`, `incremental (merge)`, `seed`. */
  readonly description: string;
  readonly transaction: boolean;
  /** The node's own SQL as it stands inside the statements, null for a seed; errors are placed in it. */
  readonly query: string | null;
  readonly steps: readonly Step[];
  /** What runs outside the transaction. */
  readonly before?: readonly Step[];
  readonly after?: readonly Step[];
  /** Tables this plan makes for itself and drops again; cleaned up when a crash left them. */
  readonly temporary: readonly Relation[];
  /** What the user should hear of, though it is no failure. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
};

/** A column with its type in the engine's spelling. */
export type Column = { readonly name: string; readonly type: string };

/** What the warehouse holds where a node wants to be. Columns are read for what adds to its table only, else empty. */
export type CurrentRelation = { readonly kind: RelationKind; readonly columns: readonly Column[] } | null;
