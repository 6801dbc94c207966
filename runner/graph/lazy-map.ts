/** A map of which each value is made when it is asked for, and kept: of thousands of nodes a command often needs a few. */
export class LazyMap<Value> implements ReadonlyMap<string, Value> {
  readonly #keys: readonly string[];
  /** Let go when all values are made, with what they are made of. */
  #make: ((index: number) => Value) | undefined;
  #left: number;
  readonly #made: (Value | undefined)[];
  #indices: Map<string, number> | undefined;

  /** `make` gives the value of the key at an index, never undefined. */
  constructor(keys: readonly string[], make: (index: number) => Value) {
    this.#keys = keys;
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
    this.#indices ??= new Map(this.#keys.map((known, index) => [known, index]));
    return this.#indices.get(key);
  }
}
