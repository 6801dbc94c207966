import type { Problem } from "../base/problems.ts";
import { PlaceFinder } from "./place-finder.ts";
import type { Source } from "./types.ts";

/** What is wrong in one text. Most texts have nothing wrong, and cost nothing here. */
export class Findings {
  readonly #source: Source;
  #places: PlaceFinder | undefined;
  #problems: Problem[] | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  get problems(): readonly Problem[] {
    return this.#problems ?? none;
  }

  add(at: number, code: string, message: string, hint?: string): void {
    this.#places ??= new PlaceFinder(this.#source);
    (this.#problems ??= []).push({ ...this.#places.at(at), code, message, ...(hint && { hint }) });
  }
}

const none: readonly never[] = [];
