/**
 * What was worked out of texts that come again and again, by the text: the `size` that were asked for last are there, and up to as many
 * more. Two maps instead of an order of use: when the newer one is full, the older is let go.
 */
export class Recent<Value extends object> {
  readonly #size: number;
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  constructor(size: number) {
    this.#size = size;
  }

  get(text: string): Value | undefined {
    const found = this.#newer.get(text);
    if (found !== undefined) return found;
    const older = this.#older.get(text);
    if (older !== undefined) this.set(text, older);
    return older;
  }

  set(text: string, value: Value): void {
    if (this.#newer.size >= this.#size) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(text, value);
  }
}
