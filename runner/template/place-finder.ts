import type { Place } from "../base/problems.ts";
import type { Source } from "./types.ts";

/** Places in one text, asked for mostly in their order: lines are counted once, not from the beginning each time. */
export class PlaceFinder {
  readonly #source: Source;
  #line = 1;
  #start = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  at(offset: number): Place {
    const { file, text } = this.#source;
    if (offset < this.#start) [this.#line, this.#start] = [1, 0];
    for (
      let next = text.indexOf("\n", this.#start);
      next !== -1 && next < offset;
      next = text.indexOf("\n", next + 1)
    ) {
      this.#line++;
      this.#start = next + 1;
    }
    return { file, line: this.#line, column: offset - this.#start + 1 };
  }
}
