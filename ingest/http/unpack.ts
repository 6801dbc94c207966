import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync } from "node:zlib";
import { messageOf } from "../../runner/base/errors.ts";
import { plural } from "../../runner/base/text.ts";
import { HttpError } from "./http-error.ts";

/** Bytes of an answer that a publisher's judgement sees. */
export const HEAD_BYTES = 65_536;

export const tooLong = (max: number): HttpError =>
  new HttpError("DOCUMENT_TOO_BIG", `the answer holds more than ${plural(max, "byte")}`, {
    hint: "raise --max-bytes if it may be that big",
  });

const broken = (error: unknown): HttpError =>
  new HttpError("GZIP_BROKEN", `the answer cannot be unpacked: ${messageOf(error)}`, {
    cause: error,
    retryable: true,
  });

/** Told by the first two bytes: some answers are gzip without saying so, and some clients unpack by themselves. */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Bytes in memory, unpacked to the end. */
export function unpackBytes(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLong(maxBytes);
    throw broken(error);
  }
}

/** Writes the file `from`, unpacked to the end, to `to`; gives its size and how it begins. */
export async function unpackFile(
  from: string,
  to: string,
  first: Uint8Array,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal | undefined },
): Promise<{ readonly bytes: number; readonly head: Uint8Array }> {
  let bytes = 0;
  const heads: Uint8Array[] = [];
  const counted = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (bytes < HEAD_BYTES) heads.push(chunk.subarray(0, HEAD_BYTES - bytes));
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLong(maxBytes);
      yield chunk;
    }
  };
  const options = signal === undefined ? {} : { signal };
  const target = createWriteStream(to);
  try {
    if (isGzip(first)) await pipeline(createReadStream(from), createGunzip(), counted, target, options);
    else await pipeline(createReadStream(from), counted, target, options);
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_")) throw broken(error);
    throw error;
  }
  return { bytes, head: Buffer.concat(heads) };
}
