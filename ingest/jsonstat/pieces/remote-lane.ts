import type { Lane, RemoteLane } from "../../landing/batch-source.ts";
import { DenseMarks } from "../cells/cell-marks.ts";
import type { Visitor } from "../cells/cell-marks.ts";
import type { Statuses } from "../cells/statuses.ts";
import { makeLane } from "./lane.ts";
import type { LaneFacts } from "./lane.ts";
import { laneWorker } from "./worker-url.ts";

/** {@link LaneFacts} and what is shared between threads, as it can be sent. */
type Recipe = LaneFacts & {
  readonly marks: Uint8Array;
  readonly tally: Float64Array;
  readonly texts: readonly string[];
};

const ELSEWHERE: Visitor = 0x40;

/** Null where the marks of cells are no table, which is all that can be shared. */
export function remoteLane(
  facts: LaneFacts,
  { marks, texts }: Statuses,
  tally: Float64Array,
): RemoteLane | null {
  if (!(marks instanceof DenseMarks)) return null;
  const recipe: Recipe = { ...facts, marks: marks.bytes, tally, texts };
  return { worker: laneWorker(), recipe };
}

/** The lane that another thread was told of. */
export function laneOf(recipe: unknown): Lane {
  const { marks, tally, texts, ...facts } = recipe as Recipe;
  return makeLane(facts, { marks: new DenseMarks(marks, ELSEWHERE), texts }, tally);
}
