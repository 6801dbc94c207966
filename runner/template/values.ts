import type { Json } from "../base/json.ts";
import type { Spot } from "./spot.ts";

/**
 * What expressions come to. Text is never a bare string, so that whoever supplies some has to say what it is:
 * code (`Sql`, printed as it is), data (`Data`, printed as a literal) or a name (`Identifier`, printed quoted).
 */
export type Value = null | boolean | number | Sql | Data | Identifier | readonly Value[] | ValueMap;
export type ValueMap = ReadonlyMap<string, Value>;

/**
 * Something given from outside the SQL: a var, an environment variable, a field of these. Prints as an SQL literal; inside a
 * quoted string or name of the template as text with that quote doubled. Its fields and items are data too.
 */
export class Data {
  readonly value: Json;
  constructor(value: Json) {
    this.value = value;
  }
}

/** The name of a schema, table or column. Prints quoted; inside quotes of the template as text, like {@link Data}. */
export class Identifier {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Data or a name within SQL that is not printed yet: how is known when the text before it is. */
export type Hole = { readonly value: Data | Identifier; readonly spot: Spot | null };

/**
 * Stands in SQL for a relation that is put in later. What looks into it, instead of printing it where code is expected, makes
 * what comes of it depend on the relation.
 */
export class Gap {
  isLookedInto = false;
  readonly #stand: string;
  constructor(stand: string) {
    this.#stand = stand;
  }
  /** What is printed in its place. */
  printed(isCode: boolean): string {
    if (!isCode) this.isLookedInto = true;
    return this.#stand;
  }
  look(): string {
    this.isLookedInto = true;
    return this.#stand;
  }
}

export type Part = string | Hole | Gap;

const noFields: ValueMap = new Map();

/** SQL: a literal in a template, what a macro came to, a relation. `fields` are a relation's parts: `this.schema`. */
export class Sql {
  readonly parts: readonly Part[];
  #fields: ValueMap | (() => ValueMap);
  /** `fields` as a function: found out when somebody names one, which few do. */
  constructor(text: string | readonly Part[], fields: ValueMap | (() => ValueMap) = noFields) {
    this.parts = typeof text === "string" ? [text] : text;
    this.#fields = fields;
  }
  get fields(): ValueMap {
    if (typeof this.#fields === "function") this.#fields = this.#fields();
    return this.#fields;
  }
}

/** For functions called for what they do: `{{ config(…) }}` prints nothing. */
export const nothing = new Sql("");
