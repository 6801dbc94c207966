/**
 * Where the tags of sound texts stand, so that a text which is parsed again is not searched again: begin, end and hash of each, in one list of
 * numbers for all texts, which is 2 MB for ten thousand models.
 */
export class TagPlaces {
  #numbers = new Int32Array(1 << 10);
  #length = 0;

  /** Where the next tag will be. */
  get length(): number {
    return this.#length;
  }

  add(start: number, end: number, hash: number): void {
    const length = this.#length;
    if (length + 3 > this.#numbers.length) {
      const longer = new Int32Array(2 * this.#numbers.length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[length] = start;
    this.#numbers[length + 1] = end;
    this.#numbers[length + 2] = hash;
    this.#length = length + 3;
  }

  /** Forgets all that came at `length` and after. */
  cut(length: number): void {
    this.#length = length;
  }

  /** The number at a place: of a tag its first brace, then the first of the two that end it, then the hash of what is between. */
  at(index: number): number {
    return this.#numbers[index]!;
  }
}
