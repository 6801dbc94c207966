/**
 * Looks keys up that mostly come in the order of the map: what stands next in it is found without a search, which among thirty thousand
 * keys takes longer than what is done with what it finds.
 */
export class InStep<Value> {
  readonly #map: ReadonlyMap<string, Value>;
  readonly #keys: readonly string[];
  readonly #values: readonly Value[];
  #next = 0;
  #numbers: Map<string, number> | undefined;

  constructor(map: ReadonlyMap<string, Value>) {
    this.#map = map;
    this.#keys = [...map.keys()];
    this.#values = [...map.values()];
  }

  /** In the order of the map, from 0; -1: it is not there. */
  numberOf(key: string): number {
    if (this.#keys[this.#next] === key) return this.#next++;
    if (!this.#map.has(key)) return -1;
    this.#numbers ??= new Map(this.#keys.map((known, i) => [known, i]));
    return this.#numbers.get(key)!;
  }

  /** `number`: of {@link numberOf}. */
  at(number: number): Value | undefined {
    return this.#values[number];
  }

  get(key: string): Value | undefined {
    return this.at(this.numberOf(key));
  }
}
