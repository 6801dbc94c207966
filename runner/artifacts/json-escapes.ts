/** Has no spelling of two characters, or is no sign of ASCII. */
export const ODD = 255;

/** By the code of a sign, what stands after the backslash where it is part of a text in JSON; 0: it stands for itself. */
export const ESCAPES = new Uint8Array(256);

ESCAPES.fill(ODD, 0, 32).fill(ODD, 128);
for (const sign of '"\\\b\f\n\r\t') ESCAPES[sign.charCodeAt(0)] = JSON.stringify(sign).charCodeAt(2);

/**
 * Whether four bytes stand for themselves, all at once: the highest bit of a byte is set where it is no sign of ASCII, below a blank, a quote or a
 * backslash, or beside one of these. https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
 */
export const areFourPlain = (bytes: number): boolean =>
  ((bytes | (bytes - 0x20202020) | ((bytes ^ QUOTES) - 0x01010101) | ((bytes ^ BACKSLASHES) - 0x01010101)) &
    0x80808080) ===
  0;

const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
