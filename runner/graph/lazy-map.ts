/** Where each of some keys stands among them; found out when it is asked for, once for all maps of the same keys. */
export class KeyNumbers {
  readonly #keys: readonly string[];
  #numbers: Map<string, number> | undefined;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  of(key: string): number | undefined {
    this.#numbers ??= new Map(this.#keys.map((known, number) => [known, number]));
    return this.#numbers.get(key);
  }
}

/** A map of which each value is made when it is asked for, and kept: of thousands of nodes a command often needs a few. */
export class LazyMap<Value> implements ReadonlyMap<string, Value> {
  readonly #keys: readonly string[];
  /** Let go when all values are made, with what they are made of. */
  #make: ((index: number) => Value) | undefined;
  #left: number;
  readonly #made: (Value | undefined)[];
  readonly #numbers: KeyNumbers;
  readonly #first: number;

  /** `make` gives the value of the key at an index, never undefined. `first`: where the keys begin among those of `numbers`. */
  constructor(
    keys: readonly string[],
    make: (index: number) => Value,
    numbers = new KeyNumbers(keys),
    first = 0,
  ) {
    this.#keys = keys;
    this.#numbers = numbers;
    this.#first = first;
    this.#make = make;
    this.#left = keys.length;
    this.#made = Array.from<Value | undefined>({ length: keys.length });
  }

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): Value | undefined {
    const index = this.#indexOf(key);
    return index === undefined ? undefined : this.#at(index);
  }

  has(key: string): boolean {
    return this.#indexOf(key) !== undefined;
  }

  keys(): MapIterator<string> {
    return this.#keys.values();
  }

  *values(): MapIterator<Value> {
    for (let i = 0; i < this.#keys.length; i++) yield this.#at(i);
  }

  *entries(): MapIterator<[string, Value]> {
    for (let i = 0; i < this.#keys.length; i++) yield [this.#keys[i]!, this.#at(i)];
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  #at(index: number): Value {
    const known = this.#made[index];
    if (known !== undefined) return known;
    const value = this.#make!(index);
    this.#made[index] = value;
    if (--this.#left === 0) this.#make = undefined;
    return value;
  }

  #indexOf(key: string): number | undefined {
    const number = this.#numbers.of(key);
    const index = number === undefined ? -1 : number - this.#first;
    return index >= 0 && index < this.#keys.length ? index : undefined;
  }
}
