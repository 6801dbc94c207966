import { createReadStream, createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { OperationError, messageOf } from "../../runner/base/errors.ts";
import { diskError, readStart } from "../../runner/base/files.ts";
import { temporaryFolder } from "../../runner/base/temporary-folder.ts";
import { plural } from "../../runner/base/text.ts";
import type { Input } from "./collect-inputs.ts";

/** A document as a plain file on disk. `remove` deletes what was made for it. */
export type Spooled = { readonly path: string; remove(): void };

export type SpoolOptions = {
  /** Bytes after unpacking that are accepted: a small archive can hold an endless document. */
  readonly maxBytes: number;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
};

/** Makes a file of what is none or is packed: standard input and gzip (told by its first bytes, whatever the name) go to a temporary file, others are
 * read where they are. Messages speak of "it": the caller knows the name that the user gave. */
export async function spool(input: Input, options: SpoolOptions): Promise<Spooled> {
  if (input.kind === "file" && !isGzip(readStart(input.path, 2))) {
    return { path: input.path, remove: () => undefined };
  }
  const { path: folder, remove } = temporaryFolder();
  const path = join(folder, "document.json");
  try {
    const source = input.kind === "stdin" ? options.stdin : createReadStream(input.path);
    await pipeline(unpacked(source, options), createWriteStream(path));
    return { path, remove };
  } catch (error) {
    remove();
    options.signal?.throwIfAborted();
    if (error instanceof OperationError) throw error;
    throw diskError(`cannot unpack ${input.name} into ${tmpdir()}`, error);
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of the document, unpacked when its first two say gzip. */
async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  { maxBytes, signal }: SpoolOptions,
): AsyncGenerator<Uint8Array> {
  const chunks = untilAborted(source, signal);
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = (async function* () {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  })();
  let bytes = 0;
  for await (const chunk of isGzip(head) ? gunzip(whole) : whole) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new OperationError("DOCUMENT_TOO_BIG", `it holds more than ${plural(maxBytes, "byte")}`, {
        hint: "raise --max-bytes if it may be that big",
      });
    }
    yield chunk;
  }
}

/** Ends with the signal's reason even while nothing comes: a stream's own abort would wait for the next chunk. */
async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  aborted.catch(() => undefined);
  const chunks = source[Symbol.asyncIterator]();
  signal?.throwIfAborted();
  for (;;) {
    const next = await Promise.race([chunks.next(), aborted]);
    if (next.done) return;
    yield next.value;
  }
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  // The generator below throws what goes wrong on either side.
  const feeding = pipeline(source, unzip).catch(() => undefined);
  try {
    for await (const chunk of unzip) yield chunk as Buffer;
  } catch (error) {
    throw new OperationError("GZIP_BROKEN", `it cannot be unpacked: ${messageOf(error)}`, {
      cause: error,
      hint: "the file is damaged or cut short: fetch it anew",
    });
  }
  await feeding;
}
