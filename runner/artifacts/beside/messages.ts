import type { Gathered } from "../../project/ahead/gathered.ts";
import type { ReadingAhead } from "../../project/ahead/read-ahead.ts";
import type { SqlBatch } from "./batches.ts";

/** What the thread is given to do: files to read, a folder for SQL, what to write there, and that there is no more. */
export type Work = ReadingAhead | { readonly folder: string } | SqlBatch | null;

/** What it tells, each once; undefined: that came to nothing. */
export type Told = {
  readonly texts: Gathered[];
  readonly stamps: Float64Array<ArrayBuffer> | null;
  readonly written: true;
};
export type Telling = { readonly [Key in keyof Told]?: Told[Key] | undefined };
