import { PiecesUnsound } from "../../landing/pieces.ts";
import type { Pieces } from "../../landing/batch-source.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import { DenseMarks } from "../cells/cell-marks.ts";
import type { Statuses } from "../cells/statuses.ts";
import type { Section } from "../header/outline.ts";
import { Rows, createTally, restOf } from "../rows.ts";
import { makeLane } from "./lane.ts";
import type { LaneFacts } from "./lane.ts";
import { remoteLane } from "./remote-lane.ts";
import { splitSection } from "./split-section.ts";

/** What two million observations take: work for about a second. */
const PIECE_SIZE = 1 << 25;

/** The values of a document in pieces, where they are long enough; undefined otherwise. */
export function makePieces(
  { file, ...more }: Omit<LaneFacts, "sections" | "file"> & { readonly file: SourceFile },
  values: Section,
  statuses: Statuses,
  pieceSize = PIECE_SIZE,
): Pieces | undefined {
  const { marks } = statuses;
  // Without a table, a cell that stands in two pieces could not be told by one that was cut off from the other.
  if (!(marks instanceof DenseMarks)) return undefined;
  const sections = splitSection(file, values, pieceSize);
  if (sections.length === 1) return undefined;
  const { path, size, modified } = file;
  const facts = { ...more, file: { path, size, modified }, sections };
  const tallies: Float64Array[] = [];
  const addTally = (): Float64Array => {
    const tally = createTally();
    tallies.push(tally);
    return tally;
  };
  const count = (at: 0 | 1): number => tallies.reduce((sum, tally) => sum + tally[at]!, 0);
  return {
    count: sections.length,
    openLane: () => makeLane(facts, statuses, addTally()),
    remoteLane: () => remoteLane(facts, statuses, addTally()),
    rest() {
      if (marks.countVisited() !== count(0)) throw new PiecesUnsound("two pieces hold the same cell");
      if (marks.statuses === count(1)) return null;
      return new Rows({
        ...facts,
        statuses,
        tally: createTally(),
        scanner: null,
        rest: restOf(statuses),
        reject: () => undefined,
        close: () => undefined,
      });
    },
    forget: () => marks.forgetVisits(),
  };
}
