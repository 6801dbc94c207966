/** What is handed over at a time, in bytes. */
const PIECE = 262_144;
/** From so many signs on a text is worth the call that turns it into bytes. */
const WORTH_A_CALL = 4096;

/**
 * Texts as bytes, written where they go to the disk from: as buffers of their own, those of a large project are memory to be collected. Pieces
 * come from two halves of a memory in turns, so that one can be written while the next is made.
 */
export class TextWriter {
  #half = 2 * PIECE;
  #bytes = Buffer.allocUnsafe(2 * this.#half);
  /** Where the half begins that is written to, how far it is, and where it ends. */
  #begin = 0;
  #at = 0;
  #end = this.#half;
  /** Bytes in the pieces before this one. */
  #before = 0;
  /** Texts that are not bytes yet. */
  #pending = "";

  /** Bytes that have been written so far. */
  get position(): number {
    this.#flush();
    return this.#before + this.#at - this.#begin;
  }

  /** Whether there is enough to be handed over. */
  get isFull(): boolean {
    return this.#at - this.#begin >= PIECE;
  }

  /** What has been written since the last time; holds until it is asked for again, and then once more. */
  take(): Uint8Array {
    this.#flush();
    const taken = this.#bytes.subarray(this.#begin, this.#at);
    this.#before += taken.length;
    this.#begin = this.#begin === 0 ? this.#half : 0;
    this.#at = this.#begin;
    this.#end = this.#begin + this.#half;
    return taken;
  }

  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= WORTH_A_CALL) this.#flush();
  }

  #flush(): void {
    // No character takes more than three bytes for each of its places in a string.
    const most = this.#pending.length * 3;
    if (this.#at + most > this.#end) this.#grow(most);
    this.#at += this.#bytes.write(this.#pending, this.#at);
    this.#pending = "";
  }

  /** Both halves stay where they are, each in a larger one. */
  #grow(count: number): void {
    const [old, half, begin, written] = [this.#bytes, this.#half, this.#begin, this.#at - this.#begin];
    this.#half = 2 * (written + count);
    this.#bytes = Buffer.allocUnsafe(2 * this.#half);
    this.#bytes.set(old.subarray(0, half));
    this.#bytes.set(old.subarray(half), this.#half);
    this.#begin = begin === 0 ? 0 : this.#half;
    this.#at = this.#begin + written;
    this.#end = this.#begin + this.#half;
  }
}
