import type { Json } from "../../runner/base/json.ts";
import type { ClosableSource } from "../landing/batch-source.ts";

/** One dataset found in a document. A bundle or a collection holds several. */
export type Cube = {
  /** The publisher's code in lower case where the document says it (`extension.id`, matrix, bundle key); else null. */
  readonly id: string | null;
  readonly label: string | null;
  readonly source: string | null;
  /** As published, and the instant it means (ISO 8601, UTC, seconds); null where absent or unreadable. */
  readonly updated: { readonly text: string | null; readonly instant: string | null };
  readonly dimensions: readonly Dimension[];
  /** Product of the sizes. Exact up to 2^53; a document beyond that is refused. */
  readonly cells: number;
  /** The document without its values and statuses, for `header.json`. */
  readonly header: Json;
  /** Status texts explained by the publisher (`extension.status.label`), else empty. */
  readonly statusLabels: Readonly<Record<string, string>>;
  /** Reads the statuses now, for the next call of `observations`: where there is time to spare, that one comes sooner. */
  prepare(): void;
  /**
   * One row a cell with a value (null is none) or a status: first the values as they stand in the document, then what has only
   * a status. Columns: one "code" a dimension in document order (`time_period` for time), then `period_start`, `period_end`,
   * `frequency` (derived from it, when there is a time dimension), `value` (double), `value_text` (what was not a number),
   * `status`, `confidentiality` (code). Each call reads the file anew, at constant memory.
   * Cells that cannot be placed go to `reject`, and so does the second value or status of a cell.
   * @throws DocumentError, here and from `next`, when the lists are no JSON or the file has changed.
   */
  observations(reject: (rejected: RejectedCell) => void): ClosableSource;
};

export type Dimension = {
  readonly id: string;
  /** Column name: snake case of `id`, unique in the cube, `time_period` for the time dimension. */
  readonly column: string;
  readonly label: string | null;
  readonly role: "time" | "geo" | "metric" | null;
  /** In order of position. */
  readonly categories: readonly Category[];
};

export type Category = {
  readonly code: string;
  readonly label: string | null;
  readonly position: number;
  /** Code of the category that lists this one as a child; null at the top. */
  readonly parent: string | null;
  readonly unit: string | null;
  readonly decimals: number | null;
};

export type RejectedCell = {
  /** What the document said: `"value"` or `"status"`, the key, and the raw text, cut at 200 characters. */
  readonly section: "value" | "status";
  readonly key: string;
  readonly raw: string;
  readonly reason: string;
};

/** A time period as published, read. Dates are `YYYY-MM-DD`, both inclusive; null where the code cannot be read. */
export type Period = {
  readonly start: string | null;
  readonly end: string | null;
  readonly frequency: string | null;
};
