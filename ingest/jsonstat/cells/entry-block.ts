/** What an entry of a list of values or statuses is. */
export const NUMBER = 0;
export const NULL = 1;
export const TEXT = 2;
/** One to four ASCII characters, packed into `numbers`; see {@link unpack}. Spares a string for each status. */
export const SHORT_TEXT = 3;

/** Entries as they come from the file: which cell, and what stands there. Reused from call to call. */
export type EntryBlock = {
  readonly capacity: number;
  readonly cells: Float64Array;
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
  /** Set where the kind is {@link TEXT}; stale elsewhere. */
  readonly texts: string[];
};

export function createEntryBlock(capacity: number): EntryBlock {
  return {
    capacity,
    cells: new Float64Array(capacity),
    kinds: new Uint8Array(capacity),
    numbers: new Float64Array(capacity),
    texts: Array.from({ length: capacity }, () => ""),
  };
}

/** The text of a packed status: first character in the highest byte used. */
function unpack(packed: number): string {
  let text = "";
  for (let rest = packed; rest > 0; rest = Math.floor(rest / 256))
    text = String.fromCharCode(rest % 256) + text;
  return text;
}

/** The text of entry `i`, whichever way it is kept. */
export const textOf = (block: EntryBlock, i: number): string =>
  block.kinds[i] === SHORT_TEXT ? unpack(block.numbers[i]!) : block.texts[i]!;
