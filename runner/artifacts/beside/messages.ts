import type { FoundAhead } from "../../project/ahead/read-ahead.ts";
import type { Gathered } from "../../project/ahead/gathered.ts";
import type { SqlBatch } from "./batches.ts";

/** What the thread is given to do besides what it was begun for: a folder for SQL, what to write there, and that there is no more. */
export type Work = { readonly folder: string } | SqlBatch | null;

/** What it tells, each once; undefined: that came to nothing. */
export type Told = {
  readonly found: FoundAhead;
  readonly texts: Gathered[];
  readonly written: true;
};
export type Telling = { readonly [Key in keyof Told]?: Told[Key] | undefined };
