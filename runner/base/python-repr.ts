/**
 * A text as Python's `repr` spells it, of which dbt makes its digests: in single quotes, unless it has such and no double ones.
 * https://docs.python.org/3/library/stdtypes.html#str.isprintable
 */
export function repr(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  if (WITH_APOSTROPHES.test(text)) return `"${text}"`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(UNPRINTABLE, (char) => {
    if (char === "'") return quote === "'" ? "\\'" : char;
    const known = ESCAPES.get(char);
    if (known !== undefined) return known;
    const code = char.codePointAt(0)!;
    const hex = (width: number): string => code.toString(16).padStart(width, "0");
    return code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
  });
  return quote + escaped + quote;
}

/** Most texts: nothing in them is spelled otherwise. */
const PLAIN = /^[ -&(-[\]-~]*$/;
/** What names a relation: `ref('orders')`. It has an apostrophe, else it were plain. */
const WITH_APOSTROPHES = /^[ !#-[\]-~]*$/;

/** Quotes and backslashes, and what Python holds to be unprintable: control, format and unknown characters, and blanks that are not the space. */
const UNPRINTABLE = /['\\]|(?! )[\p{C}\p{Z}]/gu;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);
