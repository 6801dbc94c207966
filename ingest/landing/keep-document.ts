import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** What the publisher sent, to the byte, beside what was made of it. */
const DOCUMENT_FILE = "document.json.gz";

/** Compresses the document at `path` into a folder; of any size, in constant memory. */
export async function keepDocument(path: string, folder: string, signal?: AbortSignal): Promise<void> {
  // A fixed level and no name or time in the header: the same document gives the same bytes.
  const steps = [
    createReadStream(path),
    createGzip({ level: 6 }),
    createWriteStream(join(folder, DOCUMENT_FILE)),
  ] as const;
  await pipeline(...steps, signal === undefined ? {} : { signal });
}
