import { readAt } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

/** Bytes read at a time. Large enough that a system call costs nothing, small enough to stay in the cache. */
const BLOCK_SIZE = 1 << 18;

/** Stands behind the last byte read, so that a loop over bytes stops there by itself. Never part of UTF-8. */
export const SENTINEL = 0xff;

/**
 * A window that slides over a file. Fast loops work on `bytes` between `at` and `end` themselves and set `at` when they
 * leave; the rest uses `peek` and `take`. Offsets are plain numbers: files may be larger than 2^31 bytes.
 */
export class ByteReader {
  readonly file: SourceFile;
  readonly bytes: Buffer;
  at = 0;
  end = 0;
  /** Where in the file `bytes[0]` stands. */
  base: number;
  readonly #stop: number;

  constructor(file: SourceFile, start = 0, stop = file.size, blockSize = BLOCK_SIZE) {
    this.file = file;
    this.bytes = Buffer.alloc(blockSize + 1);
    this.bytes[0] = SENTINEL;
    this.base = start;
    this.#stop = stop;
  }

  get offset(): number {
    return this.base + this.at;
  }

  /** Reads on behind what is left; false when the file (or the window) has no more room or bytes. */
  more(): boolean {
    const room = this.bytes.length - 1;
    if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end);
      this.base += this.at;
      this.end -= this.at;
      this.at = 0;
    }
    const want = Math.min(room - this.end, this.#stop - this.base - this.end);
    if (want <= 0) return false;
    const got = readAt(this.file, this.bytes.subarray(this.end, this.end + want), this.base + this.end);
    this.end += got;
    this.bytes[this.end] = SENTINEL;
    return got > 0;
  }

  /** The next byte, -1 at the end. */
  peek(): number {
    if (this.at === this.end && !this.more()) return -1;
    return this.bytes[this.at]!;
  }

  take(): number {
    const byte = this.peek();
    if (byte !== -1) this.at++;
    return byte;
  }

  /** The next byte that is not white space, not taken; -1 at the end. */
  peekToken(): number {
    let byte = this.peek();
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.at++;
      byte = this.peek();
    }
    return byte;
  }
}
