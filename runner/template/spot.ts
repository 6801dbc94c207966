import { placeAt } from "../base/problems.ts";
import type { Place } from "../base/problems.ts";

/** Where something stands in a text: worked out when somebody asks, as of the calls in ten thousand files nobody asks for one. */
export class Spot {
  readonly #source: { readonly file: string; readonly text: string };
  readonly #offset: number;

  constructor(source: { readonly file: string; readonly text: string }, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  place(): Place {
    return placeAt(this.#source.file, this.#source.text, this.#offset);
  }
}
