import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { diskError, makeFolder } from "../base/files.ts";
import { listLogs, logFolder } from "./batch-log-files.ts";

/**
 * What ingestion did, a JSON object a line: `<landing>/.ingest/_batches-2025-05.ndjson`, a file a month. Ingestion adds lines, `models`
 * reads them into `meta.ingest_batches`; two processes never write to one warehouse for it.
 */
const batchSchema = z.object({
  /** Of what has landed: the `_batch_id` of its rows. */
  batch_id: z.string().nullable(),
  publisher: z.string(),
  dataset: z.string(),
  outcome: z.enum(["landed", "unchanged", "held", "failed"]),
  vintage: z.string().nullable(),
  /** Path or address, as it was given. */
  source: z.string().nullable(),
  /** When the publisher says it changed. All instants are ISO 8601 in UTC. */
  published_at: z.string().nullable(),
  finished_at: z.string(),
  seconds: z.number(),
  /** Over the wire, or of the file. */
  bytes: z.number().nullable(),
  retries: z.number(),
  rows: z.number().nullable(),
  rejected: z.number().nullable(),
  /** Of a failure. */
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export type Batch = z.infer<typeof batchSchema>;
export type LoggedBatch = { readonly batch: Batch; readonly file: string; readonly position: number };

const LONGEST_MESSAGE = 1000;

/** Adds a line, in one write: lines of two processes do not mix. */
export function appendBatch(landing: string, batch: Batch): void {
  const folder = logFolder(landing);
  const path = join(folder, `_batches-${batch.finished_at.slice(0, 7)}.ndjson`);
  makeFolder(folder);
  try {
    const message = batch.message?.slice(0, LONGEST_MESSAGE) ?? null;
    // What a kill cut short ends before this line begins.
    const line = `${endsInside(path) ? "\n" : ""}${JSON.stringify({ ...batch, message })}\n`;
    appendFileSync(path, line);
  } catch (error) {
    throw diskError(`cannot write ${path}`, error);
  }
}

function endsInside(path: string): boolean {
  try {
    const { size, text } = readFrom(path, (total) => Math.max(0, total - 1));
    return size > 0 && text.toString() !== "\n";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/**
 * What was logged after the position (in bytes) that is known of each file; a file that is shorter than that was begun anew. A line that
 * is not whole yet waits; one that cannot be read is passed over.
 */
export function readBatchLog(landing: string, known: ReadonlyMap<string, number>): LoggedBatch[] {
  return listLogs(landing).flatMap((file) => {
    const path = join(logFolder(landing), file);
    const start = known.get(file) ?? 0;
    const { text, from } = readFrom(path, (size) => (start > size ? 0 : start));
    return [...linesOf(text, from)].flatMap(({ line, position }) => {
      const batch = parse(line);
      return batch === undefined ? [] : [{ batch, file, position }];
    });
  });
}

function readFrom(
  path: string,
  choose: (size: number) => number,
): { text: Buffer; from: number; size: number } {
  const handle = openSync(path, "r");
  try {
    const { size } = fstatSync(handle);
    const from = choose(size);
    const text = Buffer.alloc(size - from);
    for (let done = 0; done < text.length;) {
      const got = readSync(handle, text, done, text.length - done, from + done);
      if (got === 0) return { text: text.subarray(0, done), from, size };
      done += got;
    }
    return { text, from, size };
  } finally {
    closeSync(handle);
  }
}

/** Whole lines with the position in the file at which each ends. */
function* linesOf(text: Buffer, from: number): Generator<{ line: string; position: number }> {
  let start = 0;
  for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
    yield { line: text.toString("utf8", start, end), position: from + end + 1 };
    start = end + 1;
  }
}

function parse(line: string): Batch | undefined {
  try {
    return batchSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
