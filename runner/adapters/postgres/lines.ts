import type { Line } from "./line.ts";
import type { TypeNames } from "./type-names.ts";

/** Where a session has its connection from. */
export type Lines = {
  /** A line that is ready for statements. */
  take(signal: AbortSignal): Promise<Line>;
  giveBack(line: Line): Promise<void>;
  /** Nothing while no other run can have begun, else what tells it: a QueryError of kind "locked" where one has. */
  hold(): Promise<void> | undefined;
  readonly types: TypeNames;
};
