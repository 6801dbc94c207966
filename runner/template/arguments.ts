import { valueToJson } from "./value-to-json.ts";
import { Sql } from "./values.ts";
import type { Value } from "./values.ts";

type Named = { readonly name: string };

/**
 * What a call was given, by the names of the parameters. Few: looking through them is faster than a map that has to be made first. Text
 * that is written in a template stays a bare string until somebody wants it as a value.
 */
export class Arguments {
  readonly #parameters: readonly Named[];
  readonly #values: (Value | string | undefined)[];
  /** Keywords beyond the parameters. */
  #more: Map<string, Value> | undefined;
  /** What was given by position beyond the parameters. */
  rest: readonly Value[] = none;

  constructor(parameters: readonly Named[]) {
    this.#parameters = parameters;
    // oxlint-disable-next-line unicorn/no-new-array -- one that grows has room for sixteen more
    this.#values = parameters.length === 0 ? nothing : new Array<undefined>(parameters.length);
  }

  /** `name` null: the parameter of that position, or beyond. */
  give(name: string | null, position: number, value: Value | string): void {
    const index = name === null ? position : this.#indexOf(name);
    if (index !== -1 && index < this.#parameters.length) this.#values[index] = value;
    else if (name === null) this.rest = [...this.rest, valueOf(value)];
    else (this.#more ??= new Map()).set(name, valueOf(value));
  }

  get(name: string): Value | undefined {
    const index = this.#indexOf(name);
    if (index === -1) return this.#more?.get(name);
    const value = this.#values[index];
    return typeof value === "string" ? (this.#values[index] = new Sql(value)) : value;
  }

  has(name: string): boolean {
    const index = this.#indexOf(name);
    return index === -1
      ? this.#more !== undefined && this.#more.has(name)
      : this.#values[index] !== undefined;
  }

  /** What an argument says, if that is text. */
  text(name: string): string | undefined {
    const index = this.#indexOf(name);
    const value = index === -1 ? this.#more?.get(name) : this.#values[index];
    if (value === undefined || typeof value === "string") return value;
    const said = valueToJson(value);
    return typeof said === "string" ? said : undefined;
  }

  /** Those that were given, in the order of the parameters. */
  *[Symbol.iterator](): Generator<[name: string, value: Value]> {
    for (const { name } of this.#parameters) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
    if (this.#more !== undefined) yield* this.#more;
  }

  #indexOf(name: string): number {
    for (let i = 0; i < this.#parameters.length; i++) if (this.#parameters[i]!.name === name) return i;
    return -1;
  }
}

const none: readonly never[] = [];
const nothing: undefined[] = [];
const valueOf = (value: Value | string): Value => (typeof value === "string" ? new Sql(value) : value);
