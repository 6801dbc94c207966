import type { BatchColumn, ClosableSource } from "../landing/batch-source.ts";
import { closeSource, openUnchanged } from "./bytes/source-file.ts";
import type { SourceFile } from "./bytes/source-file.ts";
import { EntryScanner } from "./cells/entry-scanner.ts";
import { splitStatuses } from "./cells/status-columns.ts";
import { isOneForAll, readStatuses } from "./cells/statuses.ts";
import type { Statuses } from "./cells/statuses.ts";
import type { Dimensions } from "./header/dimensions.ts";
import type { Frame, StatusSource } from "./header/frame.ts";
import { makePieces } from "./pieces/pieces.ts";
import { Rows, badValue, createTally, restOf } from "./rows.ts";
import type { RejectedCell } from "./types.ts";

export type ObservationOptions = {
  /** The file as it was when its header was read; it must not change until it has been read to the end. */
  readonly file: SourceFile;
  readonly frame: Frame;
  readonly dimensions: Dimensions;
  readonly blockSize?: number | undefined;
  readonly pieceSize?: number | undefined;
};

type Reject = (rejected: RejectedCell) => void;

/** The statuses of a cube and what is wrong with them, for one reading of its rows. */
export type ReadAhead = { readonly statuses: Statuses; readonly rejected: readonly RejectedCell[] };

/** Undefined where they cannot be read: who reads the rows will be told why. */
export function readAhead({ file: known, frame, blockSize }: ObservationOptions): ReadAhead | undefined {
  const rejected: RejectedCell[] = [];
  try {
    const file = openUnchanged(known);
    try {
      const reject: Reject = (cell) => rejected.push(cell);
      return { statuses: readStatuses(file, statusSource(frame), frame.cells, reject, blockSize), rejected };
    } finally {
      closeSource(file);
    }
  } catch {
    return undefined;
  }
}

/** Opens the file, reads the statuses, and gives the rows as they come: values in the order of the file, then what has only a status. */
export function readObservations(
  options: ObservationOptions,
  reject: Reject,
  ahead?: ReadAhead,
): ClosableSource {
  const { frame, dimensions, blockSize, pieceSize } = options;
  const { sizes, cells, values } = frame;
  const file = openUnchanged(options.file);
  try {
    ahead?.rejected.forEach(reject);
    const statuses = ahead?.statuses ?? readStatuses(file, statusSource(frame), cells, reject, blockSize);
    const columns = listColumns(dimensions, statuses);
    return new Rows({
      columns,
      sizes,
      statuses,
      tally: createTally(),
      scanner: new EntryScanner(file, values, cells, badValue(reject), blockSize),
      rest: restOf(statuses),
      reject,
      close: () => closeSource(file),
      pieces: makePieces({ file, sizes, cells, columns, blockSize }, values, statuses, pieceSize),
    });
  } catch (error) {
    closeSource(file);
    throw error;
  }
}

/** A status for all cells says nothing of the cells of a document without data. */
function statusSource({ statuses, values, cells }: Frame): StatusSource {
  const isMetadata = values.count === 0 && cells > 0;
  return isMetadata && isOneForAll(statuses) ? { kind: "none" } : statuses;
}

/** See `Cube.observations` for the order. */
function listColumns({ list, time }: Dimensions, { texts }: Statuses): BatchColumn[] {
  const { status, confidentiality } = splitStatuses(texts);
  const derived = (name: "start" | "end" | "frequency"): BatchColumn => ({
    kind: "derived",
    name: name === "frequency" ? name : `period_${name}`,
    from: "time_period",
    type: name === "frequency" ? "text" : "date",
    values: time!.periods.map((period) => period[name]),
  });
  return [
    ...list.map(({ column, categories }): BatchColumn => ({
      kind: "code",
      name: column,
      codes: categories.map(({ code }) => code),
    })),
    ...(time === null ? [] : [derived("start"), derived("end"), derived("frequency")]),
    { kind: "double", name: "value" },
    { kind: "text", name: "value_text" },
    { kind: "code", name: "status", codes: status.codes },
    { kind: "code", name: "confidentiality", codes: confidentiality.codes },
  ];
}
