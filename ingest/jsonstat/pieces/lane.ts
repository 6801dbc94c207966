import { PiecesUnsound } from "../../landing/pieces.ts";
import type { Lane } from "../../landing/batch-source.ts";
import type { BatchColumn, ClosableSource } from "../../landing/batch-source.ts";
import { closeSource, openUnchanged } from "../bytes/source-file.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import { EntryScanner } from "../cells/entry-scanner.ts";
import type { Statuses } from "../cells/statuses.ts";
import { DocumentError } from "../document-error.ts";
import type { Section } from "../header/outline.ts";
import { Rows, TWICE, badValue, keyedBy } from "../rows.ts";
import type { RejectedCell } from "../types.ts";

/** What every lane of a document knows. */
export type LaneFacts = {
  readonly file: Omit<SourceFile, "fd">;
  readonly sizes: readonly number[];
  readonly cells: number;
  readonly columns: readonly BatchColumn[];
  readonly sections: readonly Section[];
  readonly blockSize?: number | undefined;
};

/** `tally` is of this lane alone. */
export function makeLane(facts: LaneFacts, statuses: Statuses, tally: Float64Array): Lane {
  const { columns, sizes, cells, sections, blockSize } = facts;
  const open = (piece: number, tell: (rejected: RejectedCell) => void): ClosableSource => {
    // Which of two values is the first would depend on who reads them; so that it never does, they are read by one.
    const reject = (rejected: RejectedCell): void => {
      if (rejected.reason === TWICE) throw new PiecesUnsound("a cell has two values");
      tell(rejected);
    };
    const file = openUnchanged(facts.file);
    const section = sections[piece]!;
    return new Rows({
      columns,
      sizes,
      statuses,
      tally,
      scanner: new EntryScanner(file, section, cells, badValue(reject), blockSize),
      rest: () => -1,
      reject,
      close: () => closeSource(file),
    });
  };
  const keyed = keyedBy(columns, sizes);
  return { columns, keyed, open: (piece, reject) => alone(() => soundSource(open(piece, reject))) };
}

/** What is wrong with a piece may be right in the whole; where it is not, the whole tells it better. */
function soundSource(source: ClosableSource): ClosableSource {
  return {
    columns: source.columns,
    next: (batch) => alone(() => source.next(batch)),
    progress: () => source.progress?.() ?? 0,
    close: () => source.close(),
  };
}

function alone<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DocumentError
      ? new PiecesUnsound("a piece cannot be read alone", { cause: error })
      : error;
  }
}
