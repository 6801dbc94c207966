/** Columns that every observation has besides its dimensions; a dimension of such a name gets `_dim` behind it. */
const RESERVED = [
  "time_period",
  "period_start",
  "period_end",
  "frequency",
  "value",
  "value_text",
  "status",
  "confidentiality",
];

/** PostgreSQL cuts longer names without a word. */
const MAX_BYTES = 63;

/** Letters that no decomposition turns into ASCII. */
const SPELLED: Readonly<Record<string, string>> = {
  æ: "ae",
  ø: "o",
  å: "a",
  œ: "oe",
  ß: "ss",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
};

/**
 * Column names for dimension ids, in order: snake case, ASCII where the script allows, unique, at most 63 bytes, never
 * starting with `_` or a digit. The time dimension is `time_period`. `BEVÆGELSE` → `bevaegelse`, `marital status` →
 * `marital_status`, `ContentsCode` → `contents_code`, `status` → `status_dim`, `2011WARDH` → `dim_2011wardh`.
 */
export function columnNames(ids: readonly string[], timeIndex: number | null): readonly string[] {
  const taken = new Set(RESERVED);
  return ids.map((id, i) => {
    if (i === timeIndex) return "time_period";
    const name = snakeCase(id);
    const wanted = RESERVED.includes(name) ? cut(name, "_dim") : name;
    let unique = wanted;
    for (let n = 2; taken.has(unique); n++) unique = cut(wanted, `_${n}`);
    taken.add(unique);
    return unique;
  });
}

export function snakeCase(id: string): string {
  const name = id
    .normalize("NFC")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1_$2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .toLowerCase()
    .replaceAll(/[æøåœßđðþłħı]/g, (letter) => SPELLED[letter]!)
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
  return cut(/^\p{N}/u.test(name) || name === "" ? `dim_${name}`.replace(/_$/, "") : name, "");
}

/** `name` and `suffix` in 63 bytes, whole characters. */
function cut(name: string, suffix: string): string {
  const characters = Array.from(name).slice(0, MAX_BYTES);
  while (Buffer.byteLength(characters.join("") + suffix) > MAX_BYTES) characters.pop();
  return characters.join("").replace(/_+$/, "") + suffix;
}
