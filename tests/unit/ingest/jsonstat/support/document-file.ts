import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "../../../../../ingest/jsonstat/document.ts";
import type { Document } from "../../../../../ingest/jsonstat/document.ts";
import { DocumentError } from "../../../../../ingest/jsonstat/document-error.ts";
import { tempFolder } from "../../../../support/temp.ts";

export type DocumentFiles = {
  /** Writes a document and returns its path; an object is written as JSON. */
  write(content: string | Uint8Array | object): string;
  open(content: string | Uint8Array | object, blockSize?: number): Promise<Document>;
  /** The codes of the problems a document is refused with, and the error itself. */
  refuse(content: string | Uint8Array | object): Promise<DocumentError>;
};

/** A handful of entries, so that small documents come in pieces too. */
const PIECE_SIZE = 40;

/** Documents of one test file, in a folder that goes away with it. */
export function documentFiles(): DocumentFiles {
  const folder = tempFolder("statloom-jsonstat-");
  const path = join(folder, "document.json");
  const write = (content: string | Uint8Array | object): string => {
    const isBytes = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isBytes ? content : JSON.stringify(content));
    return path;
  };
  return {
    write,
    open: (content, blockSize) =>
      openDocument(write(content), { pieceSize: PIECE_SIZE, ...(blockSize !== undefined && { blockSize }) }),
    refuse: async (content) => {
      try {
        await openDocument(write(content));
      } catch (error) {
        if (error instanceof DocumentError) return error;
        throw error;
      }
      throw new Error("the document was not refused");
    },
  };
}

/** A small valid dataset of 2 × 3 cells, with `changes` on top. */
export function smallDataset(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    version: "2.0",
    class: "dataset",
    label: "small",
    id: ["sex", "time"],
    size: [2, 3],
    dimension: {
      sex: { label: "Sex", category: { index: { F: 0, M: 1 }, label: { F: "Women", M: "Men" } } },
      time: { label: "Time", category: { index: ["2020", "2021", "2022"] } },
    },
    value: [1, 2, 3, 4, 5, 6],
    ...changes,
  };
}
