import { scriptCalls } from "./call-script.ts";
import type { Argument, CallMemory, Macro } from "./types.ts";
import type { Sql } from "./values.ts";

/**
 * What calls of macros come to that stand in many templates: tags of the same words are the same objects, and ten thousand models round
 * their values alike. Kept is what came of nothing but the call.
 */
export class KnownCalls implements CallMemory {
  readonly #known = new WeakMap<Macro, WeakMap<readonly Argument[], Sql>>();
  #doubts = 0;

  /** Something was asked for that does not mean the same in all templates, or not at all times. */
  doubt(): void {
    this.#doubts++;
  }

  doubts(): number {
    return this.#doubts + scriptCalls.count;
  }

  find(macro: Macro, args: readonly Argument[]): Sql | undefined {
    return this.#known.get(macro)?.get(args);
  }

  keep(macro: Macro, args: readonly Argument[], sql: Sql): void {
    let known = this.#known.get(macro);
    if (known === undefined) this.#known.set(macro, (known = new WeakMap()));
    known.set(args, sql);
  }
}
