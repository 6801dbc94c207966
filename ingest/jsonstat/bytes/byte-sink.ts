/** Bytes that grow. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(1 << 12);
  length = 0;

  push(byte: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Adds `source[from]` up to, not including, `source[to]`. */
  appendRange(source: Buffer, from: number, to: number): void {
    if (this.length + to - from > this.#bytes.length) this.#grow(to - from);
    const bytes = this.#bytes;
    // Names and labels are short: a loop is done before a call that copies has begun.
    if (to - from > 32) source.copy(bytes, this.length, from, to);
    else for (let i = from, at = this.length; i < to; i++, at++) bytes[at] = source[i]!;
    this.length += to - from;
  }

  /** A view, valid until the next push. */
  view(from = 0): Buffer {
    return this.#bytes.subarray(from, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  #grow(need: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + need));
    larger.set(this.view());
    this.#bytes = larger;
  }
}
