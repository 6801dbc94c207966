/** Files of a folder for another thread: their names, where the bytes of each end, and all bytes one after the other. */
export type SqlBatch = {
  readonly files: readonly string[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** Enough that few are sent, and little that the other thread begins soon. */
const BYTES = 1 << 20;

/** Puts many small texts into few large pieces of memory, which are handed over rather than copied. */
export class Batching {
  readonly #send: (batch: SqlBatch) => void;
  readonly #spare: ArrayBuffer[];
  #files: string[] = [];
  #ends: number[] = [];
  #buffer = Buffer.alloc(0);
  #end = 0;

  /** `spare`: memory to be used first. */
  constructor(send: (batch: SqlBatch) => void, spare: ArrayBuffer[] = []) {
    this.#send = send;
    this.#spare = spare;
  }

  /** A file of this text and a line break at its end. */
  put(file: string, text: string): void {
    // A unit of text takes three bytes at most.
    const most = text.length * 3 + 1;
    if (this.#end + most > this.#buffer.length) {
      this.flush();
      const spare = this.#spare.pop();
      const fits = spare !== undefined && spare.byteLength >= most;
      this.#buffer = Buffer.from(fits ? spare : new ArrayBuffer(Math.max(BYTES, most)));
    }
    this.#end += this.#buffer.write(text, this.#end);
    this.#buffer[this.#end++] = BREAK;
    this.#files.push(file);
    this.#ends.push(this.#end);
  }

  /** Sends what has not been sent yet. */
  flush(): void {
    if (this.#files.length === 0) return;
    const bytes = new Uint8Array(this.#buffer.buffer, 0, this.#end);
    this.#send({ files: this.#files, ends: this.#ends, bytes });
    this.#buffer = Buffer.alloc(0);
    [this.#files, this.#ends, this.#end] = [[], [], 0];
  }
}

const BREAK = 10;

/** The files of a batch with their bytes. */
export function* filesIn({
  files,
  ends,
  bytes,
}: SqlBatch): Generator<readonly [file: string, bytes: Uint8Array]> {
  for (let i = 0; i < files.length; i++) yield [files[i]!, bytes.subarray(ends[i - 1] ?? 0, ends[i])];
}
