import type { JsonObject } from "../base/json.ts";
import type { Place } from "../base/problems.ts";
import type { SourceConfigInput } from "./config-schemas.ts";
import type { ColumnProperties, TestProperties } from "./column-types.ts";

export type SourceProperties = {
  readonly name: string;
  readonly description: string;
  readonly database: string | null;
  /** Schema of the tables; null: the source's name. Unused where `landing` is true. */
  readonly schema: string | null;
  /** The tables are vintages in the landing zone: `<landing>/<source name>/<table name>/`. */
  readonly landing: boolean;
  readonly loader: string;
  readonly meta: JsonObject;
  readonly tables: readonly SourceTableProperties[];
  readonly place: Place;
};

export type SourceTableProperties = {
  readonly name: string;
  readonly identifier: string;
  /** `database`, `schema` and `identifier` where they are templates, as written. */
  readonly written: JsonObject;
  readonly description: string;
  /** With what its source says, beside `config` too. */
  readonly config: SourceConfigInput;
  readonly columns: readonly ColumnProperties[];
  readonly tests: readonly TestProperties[];
  readonly place: Place;
};

export type Freshness = {
  readonly warnAfter: FreshnessLimit | null;
  readonly errorAfter: FreshnessLimit | null;
  readonly filter: string | null;
};
export type FreshnessLimit = { readonly count: number; readonly period: "minute" | "hour" | "day" };
