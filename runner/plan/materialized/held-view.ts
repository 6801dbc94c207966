import type { Index } from "../../graph/types.ts";

/** A view that holds its rows, as the engine has it now. */
export type HeldView = {
  /** It was made of the query that the model has now. */
  readonly isSame: boolean;
  readonly indexes: readonly HeldIndex[];
};
/** `isKey`: with it, readers need not wait for a refresh. */
export type HeldIndex = Index & { readonly name: string; readonly isKey: boolean };
