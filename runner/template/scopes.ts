import type { Arguments } from "./arguments.ts";
import { fieldNames, fieldOf } from "./inspect-value.ts";
import type { Value } from "./values.ts";

/** What names mean at a place while rendering; what is not found is looked for in `outer`. */
export interface Scope {
  readonly outer: Scope | null;
  get(name: string): Value | undefined;
  names(): Iterable<string>;
}

export function lookUp(scope: Scope | null, name: string): Value | undefined {
  for (let at = scope; at !== null; at = at.outer) {
    const value = at.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Every name that can be looked up, for "did you mean". */
export function* boundNames(scope: Scope | null): Generator<string> {
  for (let at = scope; at !== null; at = at.outer) yield* at.names();
}

/** What is given from outside any template. */
export class GivenScope implements Scope {
  readonly outer = null;
  readonly #bound: ReadonlyMap<string, Value>;
  constructor(bound: ReadonlyMap<string, Value>) {
    this.#bound = bound;
  }
  get(name: string): Value | undefined {
    return this.#bound.get(name);
  }
  names(): Iterable<string> {
    return this.#bound.keys();
  }
}

/** A macro's body: its parameters alone, each of which has a value. */
export class MacroScope implements Scope {
  readonly outer = null;
  readonly #given: Arguments;
  constructor(given: Arguments) {
    this.#given = given;
  }
  get(name: string): Value | undefined {
    return this.#given.get(name);
  }
  *names(): Generator<string> {
    for (const [name] of this.#given) yield name;
  }
}

/** A section of a map or of something else with fields: these are names, and the whole is `{{.}}`. */
export class SectionScope implements Scope {
  readonly outer: Scope | null;
  readonly #value: Value;
  constructor(value: Value, outer: Scope | null) {
    this.#value = value;
    this.outer = outer;
  }
  get(name: string): Value | undefined {
    return name === "." ? this.#value : fieldOf(this.#value, name);
  }
  names(): Iterable<string> {
    return fieldNames(this.#value);
  }
}

/** One item of a list, and its position. With a name (`as item`) it is that and `{{.}}`; without one its fields are names too. */
export class ItemScope implements Scope {
  readonly outer: Scope | null;
  readonly #item: string | null;
  readonly #value: Value;
  readonly #index: number;
  readonly #isLast: boolean;

  constructor(item: string | null, value: Value, index: number, isLast: boolean, outer: Scope | null) {
    this.outer = outer;
    this.#item = item;
    this.#value = value;
    this.#index = index;
    this.#isLast = isLast;
  }

  get(name: string): Value | undefined {
    if (name === "." || name === this.#item) return this.#value;
    switch (name) {
      case "first":
        return this.#index === 0;
      case "last":
        return this.#isLast;
      case "index":
        return this.#index;
      default:
        return this.#item === null ? fieldOf(this.#value, name) : undefined;
    }
  }

  *names(): Generator<string> {
    yield* ["first", "last", "index"];
    if (this.#item === null) yield* fieldNames(this.#value);
    else yield* [this.#item, "."];
  }
}
