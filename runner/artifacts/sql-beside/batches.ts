/** Files of a folder for another thread: their names, where the bytes of each end, and all bytes one after the other. */
export type SqlBatch = {
  readonly files: readonly string[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** Enough that few are sent, and little that the other thread begins soon. */
const BYTES = 1 << 20;

/** Puts many small texts into few large pieces of memory, which are handed over rather than copied. */
export function* batchesOf(files: Iterable<readonly [file: string, text: string]>): Generator<SqlBatch> {
  let names: string[] = [];
  let ends: number[] = [];
  let buffer = Buffer.alloc(0);
  let end = 0;
  const batch = (): SqlBatch => ({ files: names, ends, bytes: bytesOf(buffer, end) });
  for (const [file, text] of files) {
    // A unit of text takes three bytes at most.
    const most = text.length * 3;
    if (end + most > buffer.length) {
      if (names.length > 0) yield batch();
      buffer = Buffer.from(new ArrayBuffer(Math.max(BYTES, most)));
      [names, ends, end] = [[], [], 0];
    }
    end += buffer.write(text, end);
    names.push(file);
    ends.push(end);
  }
  if (names.length > 0) yield batch();
}

const bytesOf = (buffer: Buffer, length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer.buffer as ArrayBuffer, 0, length);

/** The files of a batch with their bytes. */
export function* filesIn({
  files,
  ends,
  bytes,
}: SqlBatch): Generator<readonly [file: string, bytes: Uint8Array]> {
  for (let i = 0; i < files.length; i++) yield [files[i]!, bytes.subarray(ends[i - 1] ?? 0, ends[i])];
}
