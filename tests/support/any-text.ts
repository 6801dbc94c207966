import fc from "fast-check";

/** What means something to JavaScript; fast-check's own strings hold it now and then. */
const telling = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

/**
 * Text of any characters but lone surrogates, from all planes. As `fc.string({ unit: "binary" })`, which first makes a map of the million
 * characters that there are: 0.9 s in each process.
 */
export const anyText = (constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> => {
  const character = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  );
  const text = fc.array(character, constraints).map((codes) => String.fromCodePoint(...codes));
  return fc.oneof({ arbitrary: text, weight: 20 }, fc.constantFrom(...telling));
};
