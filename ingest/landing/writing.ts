import type { JsonObject } from "../../runner/base/json.ts";
import type { RowOrigin } from "./row-writer.ts";
import type { Scratch } from "./scratch.ts";

export type OnProgress = (rows: number, share: number) => void;

export type Writing = {
  readonly scratch: Scratch;
  /** For what a database of another thread spills. */
  readonly spill: string;
  readonly folder: string;
  readonly origin: RowOrigin;
  readonly partitionBy: readonly string[];
  /** Told of each piece once it is whole, while others are still being written. */
  readonly onFile: (path: string) => void;
  readonly reject: (rejected: JsonObject) => void;
  readonly onProgress?: OnProgress | undefined;
  readonly signal: AbortSignal | undefined;
};
