/** A generic test that comes with the runner: one entry says what it is, the code that reads it is the same for all. */
export type ShippedTest = {
  /** What is looked at, and what holds of it: `row_count_between`. */
  readonly name: string;
  /** One sentence; what it says holds when the test passes. */
  readonly says: string;
  /** Arguments as in a property file, for the documentation. On a column where `column` names one. */
  readonly example: { readonly column?: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** Arguments of which at least one is needed: without, the test could not fail. */
  readonly anyOf?: readonly string[];
  /** What an argument may be. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  /** Macros: `test_<name>`, or `fails_<name>` with or without `measure_<name>`. */
  readonly sql: string;
};
