import type { JsonObject } from "../base/json.ts";
import type { Place } from "../base/problems.ts";
import type { TestConfigInput } from "./config-schemas.ts";
import type { DynamicConfig } from "./render-values.ts";

export type ColumnProperties = {
  readonly name: string;
  readonly description: string;
  readonly dataType: string | null;
  readonly meta: JsonObject;
  readonly tags: readonly string[];
  readonly quote: boolean;
  readonly constraints: readonly Omit<Constraint, "columns">[];
  readonly tests: readonly TestProperties[];
  readonly place: Place;
};

/** What must hold of the rows of a model. */
export type Constraint = {
  readonly type: "not_null" | "unique" | "primary_key" | "check" | "foreign_key";
  /** Of `check`: an SQL expression that no row makes false. */
  readonly expression: string | null;
  readonly name: string | null;
  readonly columns: readonly string[];
  /** Of `foreign_key`: the call that names the other relation, `ref('orders')`, and its columns. */
  readonly to: string | null;
  readonly toColumns: readonly string[];
  readonly warnUnenforced: boolean;
  /** false: no mistake where nothing can look at it. */
  readonly warnUnsupported: boolean;
};

/** A generic test as written under `data_tests:`. */
export type TestProperties = {
  /** The macro's name without `test_`: `unique`, `accepted_values`, `my_package.my_test`. */
  readonly test: string;
  /** A name given by the user, else null: it is then made of the test, the node and the arguments. */
  readonly name: string | null;
  readonly description: string;
  readonly arguments: JsonObject;
  readonly config: TestConfigInput;
  /** What of it was written as templates, where any was. */
  readonly dynamic?: readonly DynamicConfig[];
  readonly place: Place;
};
